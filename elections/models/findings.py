"""What does not agree in a live story with the races that it speaks of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from elections.models.contests import Contest


class StoryFinding(models.Model):
    """A sentence of a live page that a race has made untrue, or words that its state forbids.

    The machine writes these rows and takes them away as soon as the sentence is right again;
    people only say that they have looked. The page is a plain number, because a site's own base
    page may stand in an app whose migrations come after ours. ``block_id`` is "" for the
    headline and the dek. ``accepted_at`` is None while nobody has said that it is fine as it is;
    that lasts until ``now`` changes.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", _("Untrue number")
        WORD = "word", _("Word that the race does not allow")

    page_id = models.PositiveBigIntegerField(db_index=True)
    contest = models.ForeignKey(
        Contest,
        on_delete=models.CASCADE,
        null=True,
        related_name="story_findings",
        verbose_name=_("race"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    block_id = models.CharField(max_length=36, blank=True)
    said = models.TextField(_("the story says"))
    now = models.TextField(_("the race says"))
    fingerprint = models.CharField(max_length=64)
    found_at = models.DateTimeField(_("since"))
    accepted_at = models.DateTimeField(_("checked at"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("untrue sentence")
        verbose_name_plural = _("untrue sentences")
        ordering = ["-found_at", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["page_id", "fingerprint"], name="elections_finding_once_per_page"
            )
        ]

    def __str__(self) -> str:
        return self.said

    def accept(self, *, by: Any, at: datetime, now: str) -> bool:
        """Write down that somebody looked and the sentence may stay; answer whether it was so.

        ``now`` is what they saw that the race says: if it has moved on since, they have not
        seen it.
        """
        rows = type(self).objects.filter(pk=self.pk, now=now)
        return rows.update(accepted_at=at, accepted_by=by) == 1
