"""Lists of newsletter services that mirror ours: what they have to be told, how they differ."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.models.newsletters import Newsletter


class SyncedListQuerySet(models.QuerySet):
    def claim(self, pk: int, now: datetime, lease: timedelta) -> SyncedList | None:
        """Return the list for this worker alone, or None while another has it."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        if not self.filter(free, pk=pk, is_active=True).update(leased_until=now + lease):
            return None
        return self.select_related("newsletter").get(pk=pk)


class SyncedList(models.Model):
    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        on_delete=models.PROTECT,
        related_name="synced_lists",
    )
    service = models.CharField(
        _("service"), max_length=40, help_text=_("As your developers named it in the settings.")
    )
    remote_id = models.CharField(
        _("the service’s list"),
        max_length=100,
        help_text=_("What the service calls the list. Mailchimp: the audience ID."),
    )
    takes_new = models.BooleanField(
        _("take over who signed up there"),
        default=False,
        help_text=_("Only if the service asks people to confirm. Who left here never comes back."),
    )
    is_active = models.BooleanField(_("keep them the same"), default=True)
    leased_until = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    message = models.CharField(max_length=300, blank=True, editable=False)

    objects = SyncedListQuerySet.as_manager()

    class Meta:
        default_permissions = ["view"]
        verbose_name = _("list of a service")
        verbose_name_plural = _("lists of services")
        ordering = ["newsletter__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "remote_id"], name="newsroom_newsletters_synced_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.remote_id}"

    def note_failure(self, message: str, now: datetime) -> None:
        self.failing_since = self.failing_since or now
        self.message = message[:300]
        self.save(update_fields=["failing_since", "message"])

    def note_success(self, now: datetime) -> None:
        if self.failing_since:
            self.failing_since, self.message = None, ""
            self.save(update_fields=["failing_since", "message"])


class SyncChangeQuerySet(models.QuerySet):
    def due(self, now: datetime) -> SyncChangeQuerySet:
        return self.filter(done_at=None, next_attempt_at__lte=now)


class SyncChange(models.Model):
    """That a service has to be told about an address. ``address`` is blanked once it was."""

    synced_list = models.ForeignKey(SyncedList, on_delete=models.CASCADE, related_name="changes")
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    address = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)
    told = models.CharField(max_length=12, blank=True)

    objects = SyncChangeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["synced_list", "next_attempt_at"],
                name="newsroom_newsletters_to_tell",
                condition=Q(done_at__isnull=True),
            ),
            models.Index(
                fields=["synced_list", "address"],
                name="newsroom_newsletters_told_of",
                condition=Q(done_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Change {self.pk}"


class DriftReport(models.Model):
    """How a list differed from ours. Numbers are of people; none means what was not complete."""

    synced_list = models.ForeignKey(SyncedList, on_delete=models.CASCADE, related_name="reports")
    made_at = models.DateTimeField(_("compared at"))
    is_complete = models.BooleanField()
    message = models.CharField(max_length=300, blank=True)
    here_count = models.PositiveIntegerField(default=0)
    there_count = models.PositiveIntegerField(default=0)
    missing_there = models.PositiveIntegerField(default=0)
    missing_here = models.PositiveIntegerField(default=0)
    left_there = models.PositiveIntegerField(default=0)
    still_there = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        ordering = ["-made_at", "-pk"]
        indexes = [
            models.Index(fields=["synced_list", "-made_at"], name="newsroom_newsletters_drift")
        ]

    def __str__(self) -> str:
        return f"Comparison {self.pk}"
