"""What the watch over sources and counts remembers between two looks."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from elections.models.contests import Contest
from elections.models.counts import ContestCount


class WatchedCount(models.Model):
    """The count of a race that was looked at last for a changed lead, a tie, a threshold."""

    contest = models.OneToOneField(
        Contest, on_delete=models.CASCADE, primary_key=True, related_name="watched_count"
    )
    count = models.ForeignKey(ContestCount, on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"watched count of contest {self.pk}"


class Heartbeat(models.Model):
    """When a periodic task last ran to its end: the schedule and a worker were alive."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    beat_at = models.DateTimeField(_("latest run"))

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def beat(cls, name: str, now: datetime) -> None:
        cls.objects.update_or_create(name=name, defaults={"beat_at": now})
