"""Calls that wait for a second person: read what readers will see, then approve or decline."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, UserColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from elections.counting.calls import CallKind
from elections.desk import audit
from elections.desk.call_form import grounds_of
from elections.desk.calls import call_text
from elections.desk.decision_views import fingerprint
from elections.desk.preview import current_result, result_after
from elections.desk.publishing import publish_soon
from elections.desk.records import ON_WIDE_SCREENS, ListView, RecordViewSet
from elections.desk.seen import lock_race
from elections.models import Call, Election, Proposal
from elections.widgets.result import Result

APPROVE = "elections.approve_proposal"
PROPOSE = "elections.add_call"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For whoever proposed it. It stays on record."),
    )


def call_of(proposal: Proposal) -> dict[str, Any]:
    """Return the call that a proposal is about, as ``Call.make`` and ``Proposal.make`` take it."""
    return {
        "contest": proposal.contest,
        "kind": CallKind(proposal.kind),
        "selections": list(proposal.selections.all()),
        "authority": proposal.authority,
        "reason": proposal.reason,
        "source_url": proposal.source_url,
    }


def foreseen(proposal: Proposal) -> Result:
    """Return what readers would see if it were approved now."""
    return result_after(
        proposal.contest_id, lambda: Call.make(**call_of(proposal), is_approved=True)
    )


def get_proposal(pk: int) -> Proposal:
    proposals = Proposal.objects.select_related(
        "contest__election", "made_by", "decided_by", "call"
    )
    return get_object_or_404(proposals.prefetch_related("selections"), pk=pk)


class ProposalFilterSet(WagtailFilterSet):
    election = django_filters.ModelChoiceFilter(
        field_name="contest__election",
        queryset=Election.objects.all(),
        label=gettext_lazy("Election"),
    )

    class Meta:
        model = Proposal
        fields = ["election", "decision"]


class ProposalListView(ListView):
    empty_message = gettext_lazy(
        "Calls that wait for a second person will be listed here. An election asks for one when "
        "its form says so, under “Calls that need a second person”."
    )

    def get_base_queryset(self) -> QuerySet[Proposal]:
        is_waiting = Case(
            When(decision=Proposal.Decision.WAITING, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        return (
            super()
            .get_base_queryset()
            .select_related("contest__election", "made_by")
            .prefetch_related("selections")
            .order_by(is_waiting, "-made_at", "-pk")
        )

    def get_list_more_buttons(self, instance: Proposal) -> list:
        return []


class ProposalInspectView(generic.InspectView):
    page_title = gettext_lazy("Proposed call")

    def get_object(self, queryset: Any = None) -> Proposal:
        return get_proposal(self.pk)

    def get_page_subtitle(self) -> str:
        return self.object.contest.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proposal, user = self.object, self.request.user
        is_waiting = proposal.decision == Proposal.Decision.WAITING
        is_mine = proposal.made_by_id == user.pk
        is_second = proposal.may_be_approved_by(user)
        is_stale = is_waiting and proposal.is_stale(grounds_of(proposal.contest_id))
        return super().get_context_data(
            proposal=proposal,
            call_text=call_text(proposal),
            is_waiting=is_waiting,
            is_stale=is_stale,
            may_approve=is_waiting and not is_stale and is_second and user.has_perm(APPROVE),
            may_decline=is_waiting and not is_mine and user.has_perm(APPROVE),
            may_withdraw=is_waiting and is_mine,
            may_renew=is_stale and user.has_perm(PROPOSE),
            form=ReasonForm(),
            **self._views(proposal, is_waiting=is_waiting),
            **kwargs,
        )

    def _views(self, proposal: Proposal, *, is_waiting: bool) -> dict[str, Any]:
        if not is_waiting:
            return {"now": current_result(proposal.contest_id)}
        after = foreseen(proposal)
        return {"after": after, "seen": fingerprint(after)}


class ProposalActionView(PermissionCheckedMixin, View):
    """One post about a proposal. ``permission`` None leaves it to ``act``."""

    http_method_names = ["post"]
    model = Proposal
    permission: str | None = None
    inspect_url_name = None
    log_action = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.permission is not None and not request.user.has_perm(self.permission):
            raise PermissionDenied
        self.proposal = get_proposal(kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            told, shown = self.act(timezone.now())
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return redirect(self.inspect_url_name, pk)
        data = {"proposal": pk, "call_text": call_text(self.proposal)}
        reason = self.proposal.decision_reason
        log(self.proposal.contest, self.log_action, data={**data, "reason": reason})
        messages.success(request, told)
        return redirect(self.inspect_url_name, shown.pk)

    def act(self, now: Any) -> tuple[str, Proposal]:
        """Do it; return what to tell the person, and the proposal to show.

        :raises ValidationError: it cannot be done, with the reason.
        """
        raise NotImplementedError

    def close(self, decision: str, now: Any, reason: str = "") -> None:
        if not self.proposal.close(decision, at=now, by=self.request.user, reason=reason):
            raise ValidationError(_("Somebody has decided this proposal already."))


class ApproveView(ProposalActionView):
    permission = APPROVE
    log_action = audit.APPROVED

    def act(self, now: Any) -> tuple[str, Proposal]:
        waiting = self.proposal.decision == Proposal.Decision.WAITING
        seen = self.request.POST.get("confirmed")
        with transaction.atomic():
            # Whoever calls or takes back a call of this race now comes before or after.
            lock_race(self.proposal.contest_id)
            if waiting and seen != fingerprint(foreseen(self.proposal)):
                raise ValidationError(
                    _("What readers will see has changed since you looked. Look once more.")
                )
            grounds = grounds_of(self.proposal.contest_id)
            self.proposal.approve(by=self.request.user, at=now, grounds=grounds)
        publish_soon([self.proposal.contest_id])
        return _("Approved. Readers see the call within a minute."), self.proposal


class DeclineView(ProposalActionView):
    permission = APPROVE
    log_action = audit.DECLINED

    def act(self, now: Any) -> tuple[str, Proposal]:
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            raise ValidationError(_("Say why you decline it. Nothing was changed."))
        if self.proposal.made_by_id == self.request.user.pk:
            raise ValidationError(_("You proposed it. Withdraw it instead."))
        self.close(Proposal.Decision.DECLINED, now, form.cleaned_data["reason"])
        return _("Declined. Readers see nothing of it."), self.proposal


class WithdrawView(ProposalActionView):
    log_action = audit.WITHDRAWN

    def act(self, now: Any) -> tuple[str, Proposal]:
        if self.proposal.made_by_id != self.request.user.pk:
            raise PermissionDenied
        self.close(Proposal.Decision.WITHDRAWN, now)
        return _("Withdrawn. Readers see nothing of it."), self.proposal


class RenewView(ProposalActionView):
    """The same call once more, on the facts of now."""

    permission = PROPOSE
    log_action = audit.PROPOSED

    def act(self, now: Any) -> tuple[str, Proposal]:
        if self.proposal.kind == CallKind.CERTIFIED and not self.request.user.has_perm(
            "elections.certify_call"
        ):
            raise PermissionDenied
        fresh = Proposal.make(
            **call_of(self.proposal),
            made_by=self.request.user,
            grounds=grounds_of(self.proposal.contest_id),
            renews=self.proposal,
        )
        return _("Proposed again. Another person must approve it."), fresh


class ProposalViewSet(RecordViewSet):
    model = Proposal
    name = "proposals"
    icon = "group"
    menu_label = gettext_lazy("Proposed calls")
    menu_order = 550
    inspect_view_enabled = True
    index_view_class = ProposalListView
    inspect_view_class = ProposalInspectView
    inspect_template_name = "elections/desk/proposal.html"
    filterset_class = ProposalFilterSet
    search_fields = ["contest__name", "authority", "reason"]

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "contest",
            Column("call", label=_("Call"), accessor=call_text),
            StatusTagColumn(
                "decision",
                label=_("Decision"),
                accessor="get_decision_display",
                primary=lambda proposal: proposal.decision == Proposal.Decision.WAITING,
                sort_key="decision",
            ),
            UserColumn("made_by", label=_("Proposed by"), blank_display_name=_("Unknown")),
            Column(
                "made_at", label=_("Proposed at"), sort_key="made_at", classname=ON_WIDE_SCREENS
            ),
        ]

    def get_urlpatterns(self) -> list:
        actions = {
            "approve": ApproveView,
            "decline": DeclineView,
            "withdraw": WithdrawView,
            "renew": RenewView,
        }
        return [
            *super().get_urlpatterns(),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view), name=name)
                for name, view in actions.items()
            ),
        ]
