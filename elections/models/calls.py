"""What the desk says about a race. Rows are added, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elections.counting.calls import CallFact, CallKind
from elections.models.contests import Contest
from elections.models.counts import Snapshot, votes_from_json
from elections.models.selections import Selection
from elections.models.sources import Source
from newsroom.style import time_and_full_day

KINDS_OF_PEOPLE = {CallKind.APPARENT_WINNER, CallKind.WINNER, CallKind.RUNOFF, CallKind.ADVANCED}
KINDS_OF_MEASURES = {CallKind.PASSED, CallKind.FAILED}


class Call(models.Model):
    """One statement about who won, who conceded, or that nobody can say yet."""

    class Kind(models.TextChoices):
        APPARENT_WINNER = CallKind.APPARENT_WINNER.value, _("Apparent winner")
        WINNER = CallKind.WINNER.value, _("Winner")
        ADVANCED = CallKind.ADVANCED.value, _("Advances")
        RUNOFF = CallKind.RUNOFF.value, _("Runoff")
        CONCEDED = CallKind.CONCEDED.value, _("Conceded")
        TOO_CLOSE = CallKind.TOO_CLOSE.value, _("Too close to call")
        PASSED = CallKind.PASSED.value, _("Measure passed")
        FAILED = CallKind.FAILED.value, _("Measure failed")
        RETRACTED = CallKind.RETRACTED.value, _("Call taken back")
        CERTIFIED = CallKind.CERTIFIED.value, _("Certified")

    contest = models.ForeignKey(
        Contest, on_delete=models.PROTECT, related_name="calls", verbose_name=_("race")
    )
    kind = models.CharField(_("call"), max_length=20, choices=Kind.choices)
    selections = models.ManyToManyField(
        Selection,
        blank=True,
        related_name="calls",
        verbose_name=_("who"),
        help_text=_("Who won, advanced or conceded."),
    )
    authority = models.CharField(
        _("authority"),
        max_length=200,
        help_text=_("Who says so: our desk, the county, the candidate."),
    )
    reason = models.TextField(_("reason"), help_text=_("Why, in a sentence. It stays on record."))
    source_url = models.URLField(_("source link"), max_length=1000, blank=True)
    retracts = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="retractions",
        verbose_name=_("takes back"),
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

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["made_at", "pk"]
        default_permissions = ("add", "view")
        permissions = [("certify_call", "Can call a race certified")]
        constraints = [
            models.CheckConstraint(
                name="elections_call_retracts",
                condition=models.Q(kind="retracted", retracts__isnull=False)
                | models.Q(~models.Q(kind="retracted"), retracts__isnull=True),
            ),
            models.UniqueConstraint(
                name="elections_call_retracted_once",
                fields=["retracts"],
                condition=models.Q(retracts__isnull=False),
                violation_error_message=_("This call has been taken back already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise ValidationError(_("A call is never edited. Take it back and make a new one."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ValidationError(_("A call is never deleted. Take it back instead."))

    @classmethod
    def make(
        cls,
        *,
        contest: Contest,
        kind: CallKind,
        selections: Sequence[Selection] = (),
        is_approved: bool = False,
        **facts: Any,
    ) -> Call:
        """Add a call after checking it; ``is_approved`` says that a second person has agreed.

        :raises ValidationError: the call makes no sense for this race, or needs a
            second person; the errors name their fields.
        """
        if contest.election.needs_approval(kind) and not is_approved:
            raise ValidationError({"kind": _("A second person must approve this call.")})
        check_call(contest, kind, selections, retracts=facts.get("retracts"))
        call = cls(contest=contest, kind=kind, **facts)
        call.clean_fields(exclude=["contest"])
        with transaction.atomic():
            call.save(force_insert=True)
            call.selections.set(selections)
        return call

    def as_fact(self) -> CallFact:
        """Return the call for ``counting.calls``; reads the prefetched selections."""
        return CallFact(
            id=self.pk,
            kind=CallKind(self.kind),
            selection_ids=tuple(selection.pk for selection in self.selections.all()),
            retracts=self.retracts_id,
        )


def check_call(
    contest: Contest, kind: CallKind, selections: Sequence[Selection], *, retracts: Call | None
) -> None:
    """Refuse a call that makes no sense for this race.

    :raises ValidationError: with the reason on the field.
    """
    _refuse_before_polls_close(contest, kind)
    if any(selection.contest_id != contest.pk for selection in selections):
        raise ValidationError({"selections": _("Choose people who stand in this race.")})
    if kind in KINDS_OF_MEASURES and not contest.has_yes_and_no:
        raise ValidationError({"kind": _("Only a measure passes or fails.")})
    if kind in KINDS_OF_PEOPLE and contest.has_yes_and_no:
        raise ValidationError({"kind": _("A measure passes or fails; nobody wins it.")})
    if kind in KINDS_OF_PEOPLE | {CallKind.CONCEDED} and not selections:
        raise ValidationError({"selections": _("Say who.")})
    if kind in {CallKind.WINNER, CallKind.APPARENT_WINNER}:
        if len(selections) > contest.number_elected:
            raise ValidationError({"selections": _("There are fewer seats than names chosen.")})
    elif kind is CallKind.RETRACTED:
        if retracts is None or retracts.contest_id != contest.pk:
            raise ValidationError({"retracts": _("Choose the call of this race to take back.")})
        if retracts.retractions.exists():
            raise ValidationError({"retracts": _("This call has been taken back already.")})


def _refuse_before_polls_close(contest: Contest, kind: CallKind) -> None:
    """Refuse a call of a result while people still vote; taking one back is always possible."""
    election = contest.election
    if kind is CallKind.RETRACTED or timezone.now() >= election.polls_close_at:
        return
    closing = time_and_full_day(election.polls_close_at.astimezone(election.zone))
    said = _("The polls close at %(time)s. Nothing is called before.") % {"time": closing}
    raise ValidationError({"kind": said})


class HoldQuerySet(models.QuerySet):
    def open(self) -> HoldQuerySet:
        return self.filter(decision=Hold.Decision.OPEN)

    def drops(self) -> HoldQuerySet:
        """Return those where a source took its own votes away."""
        return self.filter(instead_of=None)

    def switches(self) -> HoldQuerySet:
        """Return those where showing another source would take votes away."""
        return self.exclude(instead_of=None)


class Hold(models.Model):
    """A count that would take votes away, kept back until somebody or time decides.

    The machine opens it and keeps the latest statement in it; the decision is
    the desk's, or the clock's when the source keeps confirming it.
    """

    class Decision(models.TextChoices):
        OPEN = "open", _("Waiting")
        RELEASED = "released", _("Released")
        RELEASED_BY_ITSELF = "released-by-itself", _("Released by itself")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Taken back by the source")

    contest = models.ForeignKey(
        Contest, on_delete=models.PROTECT, related_name="holds", verbose_name=_("race")
    )
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="holds")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="holds")
    votes_shown = models.JSONField(_("votes shown"))
    votes_held = models.JSONField(_("votes held"))
    ballots_held = models.JSONField(_("ballots held"), default=dict, editable=False)
    instead_of = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("instead of"),
        help_text=_("The other source that readers see, when showing this one would lower it."),
    )
    changes_winners = models.BooleanField(_("changes who is ahead"))
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    decision = models.CharField(
        _("decision"), max_length=20, choices=Decision.choices, default=Decision.OPEN
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    public_note = models.CharField(
        _("note to readers"),
        max_length=500,
        blank=True,
        help_text=_("Shown with the result, for example “The county corrected an earlier count.”"),
    )

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["-opened_at", "-pk"]
        default_permissions = ("change", "view")
        permissions = [
            ("release_winner_hold", "Can release a held count that changes who is ahead")
        ]
        constraints = [
            models.UniqueConstraint(
                name="elections_hold_one_open",
                fields=["contest", "source"],
                condition=models.Q(decision="open", instead_of__isnull=True),
            ),
            models.UniqueConstraint(
                name="elections_hold_one_open_switch",
                fields=["contest"],
                condition=models.Q(decision="open", instead_of__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.pk}"

    @property
    def tally_held(self) -> dict[int, int]:
        """Selection id to the votes that wait."""
        return votes_from_json(self.votes_held)

    def decide(
        self,
        decision: str,
        *,
        at: datetime,
        by: Any = None,
        public_note: str = "",
        seen: int | None = None,
    ) -> bool:
        """Close the hold; False when somebody else has closed it before.

        ``seen`` is the document that a person looked at: a newer one leaves the hold open.
        """
        waiting = Hold.objects.filter(pk=self.pk, decision=self.Decision.OPEN)
        if seen is not None:
            waiting = waiting.filter(snapshot=seen)
        updated = waiting.update(
            decision=decision,
            decided_at=at,
            decided_by=by,
            public_note=public_note,
            changed_at=timezone.now(),
        )
        if updated:
            self.refresh_from_db()
        return bool(updated)
