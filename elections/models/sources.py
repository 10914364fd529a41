"""Where counts come from, and every attempt to fetch them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from elections.feeds import PROVIDERS
from elections.feeds.contract import FeedError
from elections.models.elections import Election
from elections.models.poll_plan import poll_interval

LEASE_LENGTH = timedelta(seconds=45)
FULL_FETCH_EVERY = timedelta(minutes=15)


def provider_choices() -> list[tuple[str, str]]:
    return [(name, str(provider.label)) for name, provider in PROVIDERS.items()]


class SourceQuerySet(models.QuerySet):
    def with_latest_fetch(self) -> SourceQuerySet:
        """Annotate what the poll plan asks about each source's attempts."""
        fetches = Fetch.objects.filter(source=OuterRef("pk")).order_by("-pk")
        changes = fetches.filter(outcome__in=Fetch.NEWS)
        estimates = apps.get_model("elections.BallotsRemaining").objects
        announced = estimates.filter(election=OuterRef("election")).order_by("-as_of", "-pk")
        return self.annotate(
            latest_fetch_at=Subquery(fetches.values("started_at")[:1]),
            latest_error_streak=Subquery(fetches.values("error_streak")[:1]),
            latest_retry_at=Subquery(fetches.values("retry_at")[:1]),
            latest_address=Subquery(fetches.values("address")[:1]),
            latest_code=Subquery(fetches.values("code")[:1]),
            latest_http_status=Subquery(fetches.values("http_status")[:1]),
            latest_change_at=Subquery(changes.values("started_at")[:1]),
            next_update_at=Subquery(announced.values("next_update_at")[:1]),
        )

    def due(self, now: datetime) -> list[Source]:
        """Return the sources to ask at ``now``, the longest waiting first."""
        asked = self.filter(is_active=True, mode=Source.Mode.AUTOMATIC)
        sources = asked.select_related("election").with_latest_fetch()
        due = [
            source
            for source in sources
            if (due_at := source.next_due_at(now)) is not None and due_at <= now
        ]
        return sorted(due, key=lambda s: (s.latest_fetch_at is not None, s.latest_fetch_at, s.pk))


class Source(models.Model):
    """A document that an official publishes, and how we ask for it."""

    class Mode(models.TextChoices):
        AUTOMATIC = "automatic", _("Ask by itself, as often as the election needs")
        REPLAY = "replay", _("Only play recorded documents")
        BY_HAND = "by-hand", _("Not asked: people send it sheets, or type its counts")

    election = models.ForeignKey(
        Election, on_delete=models.PROTECT, related_name="sources", verbose_name=_("election")
    )
    name = models.CharField(
        _("name"),
        max_length=200,
        help_text=_("Readers see it after “Source:”, for example the county office."),
    )
    provider = models.CharField(_("format"), max_length=40, choices=provider_choices)
    address = models.CharField(
        _("address"),
        max_length=1000,
        blank=True,
        help_text=_("The full address of the feed, starting with https://."),
    )
    public_url = models.URLField(
        _("public page"),
        max_length=1000,
        blank=True,
        help_text=_("Where a reader can check the numbers at the source."),
    )
    coverage = models.CharField(
        _("counts the votes of"),
        max_length=100,
        blank=True,
        help_text=_(
            "The place whose votes it counts, for example Los Angeles County. Races that reach "
            "beyond are labelled with it. Leave empty when it counts every race as a whole."
        ),
    )
    mode = models.CharField(_("mode"), max_length=12, choices=Mode.choices, default=Mode.AUTOMATIC)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Inactive sources are not asked.")
    )
    precedence = models.PositiveSmallIntegerField(
        _("precedence"),
        default=0,
        help_text=_("When two sources count one race, the lower number is shown."),
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["election", "precedence", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="elections_source_address",
                fields=["election", "provider", "address"],
                condition=~models.Q(address=""),
                violation_error_message=_("This election has a source with that address already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.mode != self.Mode.AUTOMATIC:
            return
        if not self.address:
            raise ValidationError({"address": _("Write the address of the feed.")})
        try:
            URLValidator(schemes=["https", "http"])(self.address)
        except ValidationError:
            raise ValidationError(
                {"address": _("This is not a web address. It must start with https://.")}
            ) from None

    def interval(self, now: datetime) -> timedelta | None:
        """Return how long to wait between two attempts; None to leave the source alone.

        Needs the annotations of ``with_latest_fetch``.
        """
        return poll_interval(
            now=now,
            polls_close_at=self.election.polls_close_at,
            certified_at=self.election.certified_at,
            latest_change_at=self.latest_change_at,
            next_update_at=self.next_update_at,
            error_streak=self.latest_error_streak or 0,
            may_recover=not self.needs_person,
        )

    @property
    def needs_person(self) -> bool:
        """Whether asking again cannot help before somebody changes a setting."""
        if not self.latest_error_streak or self.has_new_address:
            return False
        latest = FeedError("", code=self.latest_code, status=self.latest_http_status)
        return not latest.may_recover

    @property
    def has_new_address(self) -> bool:
        """Whether nobody has asked the address that stands here now."""
        return self.latest_address is not None and self.latest_address != self.address

    def next_due_at(self, now: datetime) -> datetime | None:
        """Return when to ask next; None when the source is to be left alone.

        An address that was corrected is asked at once. Needs the annotations of
        ``with_latest_fetch``.
        """
        interval = self.interval(now)
        if interval is None:
            return None
        if self.latest_fetch_at is None or self.has_new_address:
            return now
        return max(self.latest_fetch_at + interval, self.latest_retry_at or self.latest_fetch_at)


class SourceState(models.Model):
    """What the machine remembers of a source: who asks it now, and what stands.

    Apart from ``Source`` so that an editor's form never writes over it.
    """

    source = models.OneToOneField(
        Source, on_delete=models.CASCADE, primary_key=True, related_name="state"
    )
    lease = models.UUIDField(null=True, editable=False)
    lease_expires_at = models.DateTimeField(null=True, editable=False)
    standing = models.ForeignKey(
        "elections.Snapshot",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("The newest document that was accepted."),
    )

    class Meta:
        verbose_name = _("state of a source")
        verbose_name_plural = _("states of sources")

    def __str__(self) -> str:
        return f"state of source {self.pk}"

    @classmethod
    def claim(cls, source: Source) -> uuid.UUID | None:
        """Take the right to ask ``source``; None when somebody else has it.

        One filtered update decides, in the database's own time. A lease ends by
        itself after 45 seconds, or when the attempt it was for is on record.
        """
        cls.objects.get_or_create(source=source)
        lease = uuid.uuid4()
        done = Fetch.objects.filter(lease=OuterRef("lease"))
        free = cls.objects.filter(source=source).filter(
            Q(lease=None) | Q(lease_expires_at__lte=Now()) | Exists(done)
        )
        claimed = free.update(lease=lease, lease_expires_at=Now() + LEASE_LENGTH)
        return lease if claimed else None


class FetchQuerySet(models.QuerySet):
    def latest_with_validators(self, source: Source, now: datetime) -> Fetch | None:
        """Return the latest whole answer whose validators may be sent.

        None when it is old: a server that wrongly says “not modified” is
        overruled by a full fetch every 15 minutes.
        """
        return (
            self.filter(
                source=source,
                address=source.address,
                http_status=200,
                started_at__gt=now - FULL_FETCH_EVERY,
            )
            .exclude(outcome__in=[Fetch.Outcome.REJECTED, Fetch.Outcome.FAILED])
            .order_by("-pk")
            .first()
        )


class Fetch(models.Model):
    """One attempt to fetch a source, whatever came of it. Never changed afterwards."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("New count")
        UNCHANGED = "unchanged", _("No change")
        STALE = "stale", _("Older than what we have")
        HELD = "held", _("Held for review")
        EMBARGOED = "embargoed", _("Before the polls closed")
        REJECTED = "rejected", _("Refused")
        FAILED = "failed", _("No answer")

    NEWS = (Outcome.ACCEPTED, Outcome.HELD)
    ERRORS = (Outcome.REJECTED, Outcome.FAILED)

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="fetches")
    lease = models.UUIDField(unique=True, editable=False)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    address = models.CharField(_("address asked"), max_length=1000, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    etag = models.CharField(max_length=255, blank=True)
    last_modified = models.CharField(max_length=64, blank=True)
    snapshot = models.ForeignKey(
        "elections.Snapshot", on_delete=models.SET_NULL, null=True, related_name="sightings"
    )
    code = models.CharField(max_length=40, blank=True)
    message = models.TextField(_("what happened"), blank=True)
    error_streak = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Who sent or typed it; empty when the source was asked."),
    )

    objects = FetchQuerySet.as_manager()

    class Meta:
        verbose_name = _("fetch")
        verbose_name_plural = _("fetches")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["source", "-id"], name="elections_fetch_latest")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M:%S} {self.get_outcome_display()}"

    @classmethod
    def record(
        cls, *, source: Source, lease: uuid.UUID, started_at: datetime, **facts: Any
    ) -> Fetch:
        """Write the row that says what happened and ends the lease.

        ``error_streak`` counts the failures in a row up to and with this one.
        """
        streak = 0
        if facts["outcome"] in cls.ERRORS:
            previous = cls.objects.filter(source=source).order_by("-pk")
            streak = (previous.values_list("error_streak", flat=True).first() or 0) + 1
        return cls.objects.create(
            source=source,
            lease=lease,
            address=source.address,
            started_at=started_at,
            error_streak=streak,
            **facts,
        )
