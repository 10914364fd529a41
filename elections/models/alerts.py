"""What the desk should know without looking, and what it does not want to hear of for a while."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elections.models.contests import Contest
from elections.models.elections import Election
from elections.models.sources import Source


class AlertKind(models.TextChoices):
    """The codes are stored: never rename one."""

    STALE_SOURCE = "stale-source", _("Source not asked or silent")
    ERROR_STREAK = "error-streak", _("Source failing")
    DOCUMENT_HELD = "document-held", _("Document held")
    SCHEMA_DRIFT = "schema-drift", _("Unknown fields or values")
    SAME_TIME = "same-time", _("Changed without a new time")
    HOLD_OPENED = "hold-opened", _("Count held")
    CONTEST_VANISHED = "contest-vanished", _("Race vanished from its source")
    SOURCES_DISAGREE = "sources-disagree", _("Two sources disagree")
    LEAD_CHANGED = "lead-changed", _("Lead changed")
    CUT_LINE_CHANGED = "cut-line-changed", _("Other candidates in the seats")
    TIE = "tie", _("Tie at the cut-line")
    THRESHOLD_CROSSED = "threshold-crossed", _("Threshold crossed")


HAPPENINGS = frozenset(
    {
        AlertKind.SAME_TIME,
        AlertKind.LEAD_CHANGED,
        AlertKind.CUT_LINE_CHANGED,
        AlertKind.TIE,
        AlertKind.THRESHOLD_CROSSED,
    }
)
"""Kinds that happen at a moment; the others last until they recover."""


class AlertQuerySet(models.QuerySet):
    def open(self) -> AlertQuerySet:
        """Return what lasts and has not recovered."""
        return self.filter(lasts=True, closed_at=None)

    def muted(self, now: datetime) -> AlertQuerySet:
        return self.filter(Exists(Mute.objects.covering(now)))

    def unmuted(self, now: datetime) -> AlertQuerySet:
        return self.filter(~Exists(Mute.objects.covering(now)))


class Alert(models.Model):
    """One thing to tell, once: a row is added, told and closed, never edited or deleted.

    ``subject`` tells it from its neighbours of the same kind, such as ``source:3``. A row
    that ``lasts`` is open until the trouble is over; then ``closed_at`` is set, and the
    next trouble of the same subject is a new row. What happens at a moment has no end, and
    its subject is unique for ever. ``told_at`` and ``recovery_told_at`` are when the
    messages were put in the outbox; ``is_silent`` says that none will be.
    """

    kind = models.CharField(_("kind"), max_length=24, choices=AlertKind.choices)
    subject = models.CharField(max_length=120, editable=False)
    lasts = models.BooleanField(editable=False)
    message = models.TextField(_("what happened"))
    election = models.ForeignKey(
        Election, on_delete=models.CASCADE, related_name="alerts", verbose_name=_("election")
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.CASCADE,
        null=True,
        related_name="alerts",
        verbose_name=_("source"),
    )
    contest = models.ForeignKey(
        Contest, on_delete=models.CASCADE, null=True, related_name="alerts", verbose_name=_("race")
    )
    opened_at = models.DateTimeField(_("since"))
    closed_at = models.DateTimeField(_("over since"), null=True)
    told_at = models.DateTimeField(_("told at"), null=True)
    recovery_told_at = models.DateTimeField(null=True)
    is_silent = models.BooleanField(_("muted"), default=False)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="elections_alert_one_open",
                fields=["kind", "subject"],
                condition=Q(lasts=True, closed_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="elections_alert_happened_once",
                fields=["kind", "subject"],
                condition=Q(lasts=False),
            ),
        ]
        indexes = [
            models.Index(
                name="elections_alert_untold", fields=["id"], condition=Q(told_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.subject})"

    @property
    def is_over(self) -> bool:
        return self.closed_at is not None

    @classmethod
    def open_all(cls, alerts: Iterable[Alert]) -> None:
        """Add the rows; those whose subject is open or told already stay as they are."""
        cls.objects.bulk_create(alerts, ignore_conflicts=True)


class MuteQuerySet(models.QuerySet):
    def active(self, now: datetime) -> MuteQuerySet:
        return self.filter(until__gt=now)

    def covering(self, now: datetime) -> MuteQuerySet:
        """Return the mutes that hold for the alert of an outer query."""
        return self.active(now).filter(
            Q(kind="") | Q(kind=OuterRef("kind")),
            Q(source=None) | Q(source=OuterRef("source")),
            Q(contest=None) | Q(contest=OuterRef("contest")),
        )


class Mute(models.Model):
    """Nobody is told of these alerts until a time; the list of alerts still has them."""

    kind = models.CharField(
        _("kind"),
        max_length=24,
        choices=AlertKind.choices,
        blank=True,
        help_text=_("Leave empty for every kind."),
    )
    source = models.ForeignKey(
        Source,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="mutes",
        verbose_name=_("source"),
    )
    contest = models.ForeignKey(
        Contest,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="mutes",
        verbose_name=_("race"),
    )
    until = models.DateTimeField(_("until"))
    muted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("muted by"),
    )
    created_at = models.DateTimeField(_("muted at"), default=timezone.now, editable=False)

    objects = MuteQuerySet.as_manager()

    class Meta:
        verbose_name = _("mute")
        verbose_name_plural = _("mutes")
        ordering = ["-until", "-pk"]
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                name="elections_mute_names_something",
                condition=~Q(kind="") | Q(source__isnull=False) | Q(contest__isnull=False),
                violation_error_message=_("Choose a kind, a source or a race."),
            )
        ]

    def __str__(self) -> str:
        return f"mute {self.pk}"

    def clean(self) -> None:
        super().clean()
        if not (self.kind or self.source_id or self.contest_id):
            raise ValidationError(_("Choose a kind, a source or a race."))
