"""A call that one person proposes and another one approves. Readers see none of it before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elections.counting.calls import CallKind
from elections.models.calls import Call, check_call
from elections.models.contests import Contest
from elections.models.selections import Selection


class ProposalQuerySet(models.QuerySet):
    def waiting(self) -> ProposalQuerySet:
        return self.filter(decision=Proposal.Decision.WAITING)

    def in_force(self, now: datetime | None = None) -> ProposalQuerySet:
        """Return what still waits for a second person; no time ends it."""
        return self.waiting()


class Proposal(models.Model):
    """A call before it is one. Decided once, by another person or by whoever made it.

    ``grounds`` are the facts it was made on, as ``{"leaders": [selection ids],
    "call": id of the latest call or None}``. When they are others, it is not approved.
    """

    class Decision(models.TextChoices):
        WAITING = "waiting", _("Waits for a second person")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RENEWED = "renewed", _("Proposed again")

    contest = models.ForeignKey(
        Contest, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("race")
    )
    kind = models.CharField(_("call"), max_length=20, choices=Call.Kind.choices)
    selections = models.ManyToManyField(
        Selection, blank=True, related_name="proposals", verbose_name=_("who")
    )
    authority = models.CharField(_("authority"), max_length=200)
    reason = models.TextField(_("reason"))
    source_url = models.URLField(_("source link"), max_length=1000, blank=True)
    grounds = models.JSONField(default=dict, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    made_at = models.DateTimeField(_("proposed at"), default=timezone.now, editable=False)
    maker_may_approve = models.BooleanField(default=False, editable=False)
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, default=Decision.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decision_reason = models.TextField(_("why"), blank=True, editable=False)
    call = models.OneToOneField(
        Call, on_delete=models.PROTECT, null=True, editable=False, related_name="proposal"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed call")
        verbose_name_plural = _("proposed calls")
        ordering = ["-made_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("approve_proposal", "Can approve proposed calls")]
        constraints = [
            models.CheckConstraint(
                name="elections_proposal_two_people",
                condition=~models.Q(decision="approved")
                | models.Q(maker_may_approve=True)
                | ~models.Q(decided_by=models.F("made_by")),
            ),
            models.CheckConstraint(
                name="elections_proposal_approved_is_a_call",
                condition=models.Q(decision="approved", call__isnull=False)
                | models.Q(~models.Q(decision="approved"), call__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @classmethod
    def make(
        cls,
        *,
        contest: Contest,
        kind: CallKind,
        selections: Sequence[Selection] = (),
        grounds: dict[str, Any],
        renews: Proposal | None = None,
        **facts: Any,
    ) -> Proposal:
        """Propose a call after checking it; ``renews`` is the proposal that it replaces.

        :raises ValidationError: the call makes no sense, or the same one waits already.
        """
        with transaction.atomic():
            Contest.objects.select_for_update().get(pk=contest.pk)
            check_call(contest, kind, selections, retracts=None)
            if renews is not None and not renews.close(
                cls.Decision.RENEWED, at=timezone.now(), by=facts.get("made_by")
            ):
                raise ValidationError(_("Somebody has decided this proposal already."))
            _refuse_the_same(contest, kind, selections)
            proposal = cls(
                contest=contest,
                kind=kind,
                grounds=grounds,
                maker_may_approve=contest.election.maker_may_approve,
                **facts,
            )
            proposal.clean_fields(exclude=["contest", "grounds"])
            proposal.save(force_insert=True)
            proposal.selections.set(selections)
        return proposal

    def is_stale(self, grounds: dict[str, Any]) -> bool:
        """Whether the facts are others than those it was made on."""
        return self.grounds != grounds

    def may_be_approved_by(self, user: Any) -> bool:
        """Whether this person is a second one; what they may do is not looked at."""
        return self.maker_may_approve or (self.made_by_id != user.pk)

    def approve(self, *, by: Any, at: datetime, grounds: dict[str, Any]) -> Call:
        """Make the call.

        :raises ValidationError: it is decided already, ``by`` is the person who
            proposed it, or the facts have changed since.
        """
        with transaction.atomic():
            proposal = Proposal.objects.select_for_update().get(pk=self.pk)
            if proposal.decision != self.Decision.WAITING:
                raise ValidationError(_("Somebody has decided this proposal already."))
            if not proposal.may_be_approved_by(by):
                raise ValidationError(_("Another person must approve what you propose."))
            if proposal.is_stale(grounds):
                raise ValidationError(
                    _("The count or the calls have changed since. Propose the call again.")
                )
            call = Call.make(
                contest=proposal.contest,
                kind=CallKind(proposal.kind),
                selections=list(proposal.selections.all()),
                authority=proposal.authority,
                reason=proposal.reason,
                source_url=proposal.source_url,
                made_by=proposal.made_by,
                is_approved=True,
            )
            proposal.close(self.Decision.APPROVED, at=at, by=by, call=call)
        self.refresh_from_db()
        return call

    def close(
        self, decision: str, *, at: datetime, by: Any = None, reason: str = "", call: Any = None
    ) -> bool:
        """Write the decision; False when somebody has decided before."""
        updated = (
            Proposal.objects.waiting()
            .filter(pk=self.pk)
            .update(
                decision=decision, decided_at=at, decided_by=by, decision_reason=reason, call=call
            )
        )
        if updated:
            self.refresh_from_db()
        return bool(updated)


def _refuse_the_same(contest: Contest, kind: CallKind, selections: Sequence[Selection]) -> None:
    wanted = {selection.pk for selection in selections}
    waiting = Proposal.objects.waiting().filter(contest=contest, kind=kind)
    for proposal in waiting.prefetch_related("selections"):
        if {selection.pk for selection in proposal.selections.all()} == wanted:
            raise ValidationError(_("This call is proposed already and waits for approval."))
