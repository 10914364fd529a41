"""What the desk lays over a race's count, and takes away again. Rows are added, never edited.

A row stands until somebody, or its own condition, ends it; the end is written once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elections.models.contests import Contest
from elections.models.counts import ContestCount
from elections.models.selections import Selection
from elections.models.sources import Source

ENDED_FIELDS = ("ended_at", "ended_by", "end_reason", "changed_at")


class DecisionQuerySet(models.QuerySet):
    def in_force(self, now: datetime | None = None) -> Self:
        """Return what stands, at ``now`` where time alone may end it."""
        return self.filter(ended_at=None)

    def of(self, contest_ids: Iterable[int]) -> Self:
        return self.filter(contest__in=contest_ids).order_by("made_at", "pk")


class Decision(models.Model):
    """One decision about one race, with who, when and why."""

    contest = models.ForeignKey(
        Contest, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("race")
    )
    reason = models.TextField(
        _("reason"), help_text=_("Why, in a sentence. It stays on record; readers do not see it.")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("ended by"),
    )
    end_reason = models.TextField(_("why it ended"), blank=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DecisionQuerySet.as_manager()

    too_late = _("Somebody has done this already. Look at what stands now.")

    class Meta:
        abstract = True
        ordering = ["-made_at", "-pk"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ValidationError(_("A decision is never edited. End it and make a new one."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ValidationError(_("A decision is never deleted. End it instead."))

    @classmethod
    def make(cls, **facts: Any) -> Self:
        """Add a decision after checking it.

        :raises ValidationError: it makes no sense, or another one stands already;
            the errors name their fields.
        """
        with transaction.atomic():
            Contest.objects.select_for_update().get(pk=facts["contest"].pk)
            decision = cls(**facts)
            decision.full_clean()
            try:
                with transaction.atomic():
                    decision.save(force_insert=True)
            except IntegrityError as error:
                raise ValidationError(cls.too_late) from error
        return decision

    def end(self, *, at: datetime, by: Any = None, reason: str = "") -> bool:
        """Write its end; False when somebody, or its condition, has ended it before."""
        updated = (
            type(self)
            ._base_manager.filter(pk=self.pk, ended_at=None)
            .update(ended_at=at, ended_by=by, end_reason=reason, changed_at=timezone.now())
        )
        self.refresh_from_db(fields=list(ENDED_FIELDS))
        return bool(updated)


def one_in_force(name: str, *fields: str, message: Any) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        name=name,
        fields=fields,
        condition=models.Q(ended_at=None),
        violation_error_message=message,
    )


class OverrideQuerySet(DecisionQuerySet):
    def in_force(self, now: datetime | None = None) -> Self:
        now = now or timezone.now()
        not_over = models.Q(expires_at=None) | models.Q(expires_at__gt=now)
        return super().in_force(now).filter(not_over)

    def over(self, since: Any, now: datetime) -> Self:
        """Return those whose time has come between ``since``, an expression, and ``now``."""
        return self.filter(ended_at=None, expires_at__gte=since, expires_at__lte=now)


class Override(Decision):
    """Another number for one selection than the source's, until a time or until the source moves.

    ``source_votes`` is what ``source`` said when it was made, ``votes_before`` what
    readers saw; None where nothing was counted.
    """

    class Until(models.TextChoices):
        TIME = "time", _("The time below, whatever the source says")
        DIFFERS = "differs", _("The source’s number changes")
        REACHES = "reaches", _("The source’s number reaches ours")

    selection = models.ForeignKey(
        Selection, on_delete=models.PROTECT, related_name="overrides", verbose_name=_("whose votes")
    )
    votes = models.PositiveIntegerField(_("votes"))
    votes_before = models.PositiveIntegerField(_("votes shown before"), null=True, editable=False)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, editable=False, related_name="overrides"
    )
    source_votes = models.PositiveIntegerField(
        _("the source’s votes then"), null=True, editable=False
    )
    as_of = models.DateTimeField(
        _("as of"), help_text=_("When this number was true, by the word of whoever gave it.")
    )
    said_by = models.CharField(
        _("said by"), max_length=200, help_text=_("Who gave the number. Readers see it.")
    )
    source_url = models.URLField(_("source link"), max_length=1000, blank=True)
    public_note = models.CharField(
        _("note to readers"),
        max_length=300,
        blank=True,
        help_text=_("One sentence: why our number differs from the county’s."),
    )
    until = models.CharField(
        _("stands until"), max_length=8, choices=Until.choices, default=Until.DIFFERS
    )
    expires_at = models.DateTimeField(
        _("at the latest until"),
        null=True,
        blank=True,
        help_text=_("Then the source’s number returns by itself."),
    )

    objects = OverrideQuerySet.as_manager()
    too_late = _("Somebody has corrected this number already. Look at what stands now.")

    class Meta(Decision.Meta):
        verbose_name = _("corrected number")
        verbose_name_plural = _("corrected numbers")
        permissions = [("lower_override", "Can lower a shown number")]
        constraints = [
            one_in_force(
                "elections_override_one",
                "selection",
                message=_("This number is corrected already. End that correction first."),
            ),
            models.CheckConstraint(
                name="elections_override_ends",
                condition=~models.Q(until="time") | models.Q(expires_at__isnull=False),
                violation_error_message=_("Say until when, or what ends it."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        errors: dict[str, object] = {}
        if self.selection_id and self.selection.contest_id != self.contest_id:
            errors["selection"] = _("Choose somebody who stands in this race.")
        if self.votes and self.made_at < self.contest.election.polls_close_at:
            errors["votes"] = _("The polls are still open. No vote is shown before they close.")
        if self.until == self.Until.TIME and self.expires_at is None:
            errors["expires_at"] = _("Say until when.")
        if self.expires_at and self.expires_at <= self.made_at:
            errors["expires_at"] = _("This time has passed. Choose a later one.")
        if self.until != self.Until.TIME and self.source_votes is None:
            errors["until"] = _("No source has counted this race. Say until when.")
        if errors:
            raise ValidationError(errors)

    @property
    def lowers(self) -> bool:
        """Whether readers see fewer votes than before."""
        return self.votes_before is not None and self.votes < self.votes_before

    def is_over(self, *, now: datetime, source_votes: int | None) -> bool:
        """Whether its condition has come; ``source_votes`` is what the source says now."""
        if self.expires_at is not None and self.expires_at <= now:
            return True
        if source_votes is None or source_votes == self.source_votes:
            return False
        if self.until == self.Until.DIFFERS:
            return True
        if self.until == self.Until.REACHES:
            is_raise = self.votes >= (self.source_votes or 0)
            return source_votes >= self.votes if is_raise else source_votes <= self.votes
        return False

    def conflicts_with(self, source_votes: int | None) -> bool:
        """Whether the source has moved since, and says another number than ours."""
        return source_votes is not None and source_votes not in {self.source_votes, self.votes}


class Freeze(Decision):
    """Readers keep the count that stands, while newer ones go on being stored.

    ``count`` and ``as_of`` are what readers saw; None before the first count.
    """

    count = models.ForeignKey(
        ContestCount, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    as_of = models.DateTimeField(null=True, editable=False)
    public_note = models.CharField(
        _("note to readers"),
        max_length=300,
        blank=True,
        help_text=_("One sentence: why. Readers also see since when updates are paused."),
    )

    too_late = _("This race is frozen already.")

    class Meta(Decision.Meta):
        verbose_name = _("freeze")
        verbose_name_plural = _("freezes")
        constraints = [one_in_force("elections_freeze_one", "contest", message=_("It is frozen."))]


class Pin(Decision):
    """Readers see an earlier count that had been accepted, with a note that says so."""

    count = models.ForeignKey(ContestCount, on_delete=models.PROTECT, related_name="+")
    public_note = models.CharField(
        _("note to readers"),
        max_length=300,
        help_text=_("One sentence: why readers see an earlier count."),
    )

    too_late = _("An earlier count is pinned already. Unpin it first.")

    class Meta(Decision.Meta):
        verbose_name = _("pinned count")
        verbose_name_plural = _("pinned counts")
        constraints = [
            one_in_force(
                "elections_pin_one",
                "contest",
                message=_("An earlier count is pinned already. Unpin it first."),
            )
        ]

    def clean(self) -> None:
        super().clean()
        if self.count_id and self.count.contest_id != self.contest_id:
            raise ValidationError({"count": _("Choose a count of this race.")})


class CorrectionNote(Decision):
    """What the desk tells readers about something that was wrong."""

    text = models.CharField(
        _("correction"),
        max_length=500,
        help_text=_("What was wrong, what is right. Readers see it with the result."),
    )

    class Meta(Decision.Meta):
        verbose_name = _("correction note")
        verbose_name_plural = _("correction notes")
