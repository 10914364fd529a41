"""Making and ending a decision about a race's count: read what readers will see, then decide.

The second post names what readers saw at the first. When that has changed since, by a
newer count or by somebody else of the desk, one is asked to look once more.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from elections.desk.decision_forms import EndForm
from elections.desk.decision_kinds import KINDS, DecisionKind
from elections.desk.preview import current_result, result_after
from elections.desk.publishing import publish_soon
from elections.models import Contest
from elections.widgets.result import Result


def fingerprint(result: Result) -> str:
    """Return what stands for everything that readers see of a race."""
    return hashlib.sha256(json.dumps(result.as_json(), default=str).encode()).hexdigest()[:16]


class DecisionView(WagtailAdminTemplateMixin, FormView):
    template_name = "elections/desk/decide_race.html"
    kind: DecisionKind
    contest: Contest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["kind"] not in KINDS:
            raise Http404
        self.kind = KINDS[kwargs["kind"]]
        self.header_icon = self.kind.icon

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.kind.permission):
            raise PermissionDenied
        self.contest = self.find_contest(kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> Any:
        return self.kind.title

    def get_page_subtitle(self) -> str:
        return self.contest.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_races:list"), "label": _("Races")},
            {"url": self.get_success_url(), "label": self.contest.name},
            {"url": "", "label": self.get_page_title(), "sublabel": self.contest.name},
        ]

    def get_success_url(self) -> str:
        return reverse("elections_decisions:race", args=[self.contest.pk])

    def form_valid(self, form: Any) -> HttpResponse:
        if "back" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        seen = self.request.POST.get("confirmed")
        if seen is None:
            return self.preview(form)
        try:
            with transaction.atomic():
                # Whoever else decides on this race now waits here, and then looks once more.
                Contest.objects.select_for_update().get(pk=self.contest.pk)
                has_changed = seen != fingerprint(current_result(self.contest.pk))
                decision = None if has_changed else form.decide()
        except ValidationError as error:
            return self.refuse(form, error)
        if decision is None:
            messages.warning(self.request, _("The race has changed since you looked. Look again."))
            return self.preview(form)
        log(self.contest, self.log_action, data=self.log_data(decision, form))
        publish_soon([self.contest.pk])
        messages.success(self.request, self.message % {"race": self.contest.name})
        return redirect(self.get_success_url())

    def preview(self, form: Any) -> HttpResponse:
        try:
            after = result_after(self.contest.pk, form.decide)
        except ValidationError as error:
            return self.refuse(form, error)
        return self.render_to_response(self.get_context_data(form=form, after=after))

    def refuse(self, form: Any, error: ValidationError) -> HttpResponse:
        errors = getattr(error, "error_dict", {None: error})
        for field, reasons in errors.items():
            form.add_error(field if field in form.fields else None, reasons)
        return self.form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = current_result(self.contest.pk)
        return super().get_context_data(
            contest=self.contest,
            now=now,
            seen=fingerprint(now),
            explanation=self.explanation,
            button_label=self.get_page_title(),
            race_url=self.get_success_url(),
            **kwargs,
        )


class DecideView(DecisionView):
    def find_contest(self, pk: int) -> Contest:
        contests = Contest.objects.confirmed().select_related("election")
        return get_object_or_404(contests, pk=pk)

    def get_form_class(self) -> type:
        return self.kind.form_class

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "contest": self.contest, "user": self.request.user}

    @property
    def explanation(self) -> Any:
        return self.kind.explanation

    @property
    def log_action(self) -> str:
        return self.kind.log_action

    @property
    def message(self) -> Any:
        return self.kind.done

    def log_data(self, decision: Any, form: Any) -> dict[str, Any]:
        return {"row": decision.pk, "reason": decision.reason}


class EndView(DecisionView):
    form_class = EndForm

    def find_contest(self, pk: int) -> Contest:
        rows = self.kind.model.objects.select_related("contest__election")
        self.decision = get_object_or_404(rows, pk=pk)
        return self.decision.contest

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.decision.ended_at is not None:
            messages.warning(request, _("This has ended already. Look at what stands now."))
            return redirect(self.get_success_url())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        return {**kwargs, "decision": self.decision, "user": self.request.user}

    def get_page_title(self) -> Any:
        return self.kind.end_title

    @property
    def explanation(self) -> Any:
        return self.kind.end_explanation

    @property
    def log_action(self) -> str:
        return self.kind.end_log_action

    @property
    def message(self) -> Any:
        return self.kind.ended

    def log_data(self, decision: Any, form: Any) -> dict[str, Any]:
        return {"row": decision.pk, "reason": decision.end_reason}
