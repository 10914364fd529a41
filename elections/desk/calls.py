"""Calls are made, not edited: a list, a form, a page to read, and one way back."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, UserColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from elections.desk import audit
from elections.desk.acting import ActsOnRaceMixin
from elections.desk.call_form import CallForm, RaceForm, TakeBackForm, take_back
from elections.desk.preview import current_result, result_after
from elections.desk.publishing import publish_soon
from elections.desk.records import ON_WIDE_SCREENS, ListView, RecordViewSet
from elections.desk.seen import lock_race
from elections.desk.told_calls import initial_of
from elections.models import Call, Contest, Election, Proposal


class CallFilterSet(WagtailFilterSet):
    election = django_filters.ModelChoiceFilter(
        field_name="contest__election",
        queryset=Election.objects.all(),
        label=gettext_lazy("Election"),
    )

    class Meta:
        model = Call
        fields = ["election", "kind"]


class CallListView(ListView):
    add_item_label = gettext_lazy("Make a call")
    empty_message = gettext_lazy(
        "Calls will be listed here: who won, who conceded, what was taken back, and who said so. "
        "Make the first one when the desk is sure; readers see it at once."
    )

    def get_base_queryset(self) -> QuerySet[Call]:
        taken_back = Call.objects.filter(retracts=OuterRef("pk"))
        return (
            super()
            .get_base_queryset()
            .select_related("contest__election", "made_by", "retracts")
            .prefetch_related("selections")
            .annotate(is_taken_back=Exists(taken_back))
            .order_by("-made_at", "-pk")
        )

    def get_list_more_buttons(self, instance: Call) -> list:
        return []


def call_text(call: Call | Proposal) -> str:
    """Return the call, or the proposal of one, in words with the names in it."""
    names = ", ".join(selection.name for selection in call.selections.all())
    if isinstance(call, Call) and call.retracts is not None:
        return _("Took back: %(call)s") % {"call": call.retracts.get_kind_display()}
    return f"{call.get_kind_display()}: {names}" if names else call.get_kind_display()


def _state_text(call: Call) -> str:
    return _("Taken back") if call.is_taken_back else ""


class CallView(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """What the pages of this viewset have in common."""

    model = Call
    permission_required = "add"
    header_icon = "check"
    index_url_name = None

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Calls")},
            {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()},
        ]


class CallAddView(ActsOnRaceMixin, CallView, FormView):
    """Choose the race, write the call, read what readers will see, publish."""

    page_title = gettext_lazy("Make a call")
    template_name = "elections/desk/make_call.html"
    contest: Contest | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.race_form = RaceForm(request.GET if "contest" in request.GET else None)
        if self.race_form.is_bound and self.race_form.is_valid():
            self.contest = self.race_form.cleaned_data["contest"]
        return super().dispatch(request, *args, **kwargs)

    def get_race(self) -> Contest | None:
        return self.contest

    def get_page_subtitle(self) -> str:
        return self.contest.name if self.contest else ""

    def get_initial(self) -> dict[str, Any]:
        told = self.request.GET.get("told", "")
        said = initial_of(self.contest, told) if self.contest and told else {}
        return {**super().get_initial(), **said}

    def get_form_class(self) -> type:
        return CallForm if self.contest else RaceForm

    def get_form(self, form_class: type | None = None) -> Any:
        if self.contest is None:
            return self.race_form
        return CallForm(contest=self.contest, user=self.request.user, **self.get_form_kwargs())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.contest is None:
            return redirect(request.path)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: CallForm) -> HttpResponse:
        if "back" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if "confirmed" not in self.request.POST:
            self.has_news()
            return self._show_after(form)
        with transaction.atomic():
            lock_race(self.contest.pk)
            if self.has_news():
                return self._show_after(form)
            try:
                return self._propose(form) if form.needs_approval else self._call(form)
            except ValidationError as error:
                form.add_error(None, error.messages)
                return self.form_invalid(form)

    def _propose(self, form: CallForm) -> HttpResponse:
        proposal = form.propose(self.request.user)
        told = {"proposal": proposal.pk, "call_text": call_text(proposal)}
        log(self.contest, audit.PROPOSED, data={**told, "reason": proposal.reason})
        messages.success(
            self.request,
            _("Proposed: %(call)s. Readers see it once another person approves it.")
            % {"call": call_text(proposal)},
        )
        return self.go_back("elections_proposals:inspect", proposal.pk)

    def _call(self, form: CallForm) -> HttpResponse:
        call = form.make(self.request.user)
        names = [selection.name for selection in form.cleaned_data["selections"]]
        facts = {"call": call.pk, "kind": str(call.get_kind_display()), "selections": names}
        log(self.contest, audit.CALLED, data={**facts, "reason": call.reason})
        publish_soon([self.contest.pk])
        messages.success(
            self.request,
            _("Called: %(call)s. Readers see it within a minute.") % {"call": call_text(call)},
        )
        return self.go_back(self.index_url_name)

    def _show_after(self, form: CallForm) -> HttpResponse:
        """Ask once more, with what readers will see."""
        after = result_after(self.contest.pk, lambda: form.foresee(self.request.user))
        return self.render_to_response(self.get_context_data(form=form, after=after))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "after" in kwargs:
            kwargs["is_proposal"] = kwargs["form"].needs_approval
        elif self.contest is not None:
            kwargs["now"] = current_result(self.contest.pk)
        return super().get_context_data(contest=self.contest, **kwargs)


class CallInspectView(generic.InspectView):
    page_title = gettext_lazy("Call")

    def get_object(self, queryset: Any = None) -> Call:
        calls = Call.objects.select_related("contest__election", "made_by", "retracts")
        return get_object_or_404(calls.prefetch_related("selections"), pk=self.pk)

    def get_page_subtitle(self) -> str:
        return call_text(self.object)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        call = self.object
        if not self.user_has_permission("add") or call.retractions.exists():
            return []
        if call.kind == Call.Kind.RETRACTED:
            return []
        url = reverse("elections_calls:take_back", args=[call.pk])
        return [HeaderButton(_("Take back"), url=url, icon_name="rotate")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.object
        return super().get_context_data(
            call=call,
            call_text=call_text(call),
            proposal=Proposal.objects.filter(call=call).select_related("decided_by").first(),
            retraction=call.retractions.select_related("made_by").first(),
            now=current_result(call.contest_id),
            **kwargs,
        )


class TakeBackView(ActsOnRaceMixin, CallView, FormView):
    """Adds a call that takes another one back; both stay on record."""

    page_title = gettext_lazy("Take back the call")
    template_name = "elections/desk/take_back.html"
    form_class = TakeBackForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        calls = Call.objects.exclude(kind=Call.Kind.RETRACTED).select_related("contest__election")
        self.call = get_object_or_404(calls.prefetch_related("selections"), pk=kwargs["pk"])

    def get_race(self) -> Contest:
        return self.call.contest

    def get_page_subtitle(self) -> str:
        return call_text(self.call)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "call": self.call}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.call.retractions.exists():
            messages.warning(request, _("This call has been taken back already."))
            return redirect("elections_calls:inspect", self.call.pk)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: TakeBackForm) -> HttpResponse:
        try:
            with transaction.atomic():
                lock_race(self.call.contest_id)
                if self.has_news():
                    return self.form_invalid(form)
                form.make(self.request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        data = {"call": self.call.pk, "kind": call_text(self.call)}
        reason = form.cleaned_data["reason"]
        log(self.call.contest, audit.TAKEN_BACK, data={**data, "reason": reason})
        publish_soon([self.call.contest_id])
        messages.success(
            self.request,
            _("Took back “%(call)s”. Readers see it within a minute.")
            % {"call": call_text(self.call)},
        )
        return self.go_back(self.index_url_name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(call=self.call, contest=self.call.contest, **kwargs)
        if not self.call.retractions.exists():
            context["after"] = result_after(
                self.call.contest_id, lambda: take_back(self.call, authority="-", reason="-")
            )
        return context


class CallViewSet(RecordViewSet):
    model = Call
    name = "calls"
    icon = "check"
    menu_label = gettext_lazy("Calls")
    menu_order = 500
    list_per_page = 50
    add_view_enabled = True
    inspect_view_enabled = True
    index_view_class = CallListView
    add_view_class = CallAddView
    inspect_view_class = CallInspectView
    inspect_template_name = "elections/desk/call.html"
    create_template_name = "elections/desk/make_call.html"
    filterset_class = CallFilterSet
    search_fields = ["contest__name", "authority", "reason"]
    form_fields = ["kind"]

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "contest",
            Column("call", label=_("Call"), accessor=call_text),
            Column("state", label=_("State"), accessor=_state_text),
            Column("authority", label=_("Authority"), classname=ON_WIDE_SCREENS),
            Column(
                "election",
                label=_("Election"),
                accessor="contest.election.name",
                classname=ON_WIDE_SCREENS,
            ),
            UserColumn(
                "made_by",
                label=_("Made by"),
                blank_display_name=_("Unknown"),
                classname=ON_WIDE_SCREENS,
            ),
            Column("made_at", label=_("Made at"), sort_key="made_at"),
        ]

    def get_add_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {"template_name": self.create_template_name, **kwargs}

    def get_urlpatterns(self) -> list:
        take_back_view = self.construct_view(TakeBackView)
        return [
            *super().get_urlpatterns(),
            path("take-back/<int:pk>/", take_back_view, name="take_back"),
        ]
