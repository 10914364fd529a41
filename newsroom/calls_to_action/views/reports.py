"""The numbers of an ask and of a test, for staff who may see or change it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies import ModelPermissionPolicy

from newsroom.calls_to_action import reports
from newsroom.calls_to_action.judging import judge_trial
from newsroom.calls_to_action.models import CallToAction, Trial


class NumbersView(WagtailAdminTemplateMixin, TemplateView):
    """Needs one of the permissions on the ask: whoever words it sees what it brings."""

    model: type
    header_icon = "pick"
    page_subtitle = ""
    _show_breadcrumbs = True

    def dispatch(self, request: object, *args: object, **kwargs: object) -> object:
        policy = ModelPermissionPolicy(self.model)
        if not policy.user_has_any_permission(request.user, ["add", "change", "delete", "view"]):
            raise PermissionDenied
        self.object = get_object_or_404(self.model, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict]:
        """Lead back to the list, and to the form of what the numbers are of."""
        views = f"wagtailsnippets_{self.model._meta.app_label}_{self.model._meta.model_name}"
        return [
            *self.breadcrumbs_items,
            {
                "url": reverse(f"{views}:list"),
                "label": capfirst(self.model._meta.verbose_name_plural),
            },
            {"url": reverse(f"{views}:edit", args=[self.object.pk]), "label": str(self.object)},
            {"url": "", "label": _("Numbers")},
        ]


class AskNumbersView(NumbersView):
    model = CallToAction
    template_name = "newsroom/admin/ask_numbers.html"
    page_title = _("What it brought in")

    def get_context_data(self, **kwargs: object) -> dict:
        report = reports.ask_report(self.object, timezone.now())
        return {**super().get_context_data(**kwargs), **report, "ask": self.object}


class TrialNumbersView(NumbersView):
    model = Trial
    template_name = "newsroom/admin/trial_numbers.html"
    header_icon = "tasks"
    page_title = _("Test")

    def get_context_data(self, **kwargs: object) -> dict:
        judged = judge_trial(self.object, timezone.now())
        return {
            **super().get_context_data(**kwargs),
            "trial": self.object,
            "verdict": reports.verdict_sentence(judged),
            "horizon": reports.horizon_sentence(self.object),
            "rows": reports.trial_rows(judged),
        }
