"""What is done to several races at once: certified, or their held counts decided.

Three steps as for one: what it is about, what readers will see, then it happens. Each
race is decided by itself; where it could not be, the page says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from elections.desk.acting import GoesBackMixin, is_id
from elections.desk.preview import results_after
from elections.models import Contest
from elections.widgets.result import Result

AT_ONCE = 200


@dataclass(frozen=True)
class Chosen:
    """One race, or one held count of it, that was ticked.

    ``mark`` says what its maker saw of it; ``refusal`` why it cannot be done.
    """

    pk: int
    contest: Contest
    mark: str
    lines: list[Any] = field(default_factory=list)
    refusal: str = ""


class BulkView(GoesBackMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Subclasses say what is chosen, what would become of it, and do it."""

    template_name = "elections/desk/board/bulk.html"
    button_label = ""
    nothing_chosen = gettext_lazy("Tick the races on the desk’s screen first.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_allowed(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def is_allowed(self, user: Any) -> bool:
        raise NotImplementedError

    def choose(self, contest_ids: list[int]) -> Iterable[Chosen]:
        raise NotImplementedError

    def foresee(self, form: forms.Form, possible: list[Chosen]) -> None:
        raise NotImplementedError

    def act(self, form: forms.Form, chosen: list[Chosen]) -> dict[int, str]:
        """Do it; return why not for each that was not done, by its id."""
        raise NotImplementedError

    def done_text(self, count: int) -> str:
        raise NotImplementedError

    @property
    def contest_ids(self) -> list[int]:
        wanted = self.request.POST if self.request.method == "POST" else self.request.GET
        ids = [pk for pk in wanted.getlist("race") if is_id(pk)]
        return [int(pk) for pk in dict.fromkeys(ids)][:AT_ONCE]

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def form_valid(self, form: forms.Form) -> HttpResponse:
        chosen = list(self.choose(self.contest_ids))
        possible = [one for one in chosen if not one.refusal]
        if "back" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, chosen=chosen))
        if "confirmed" not in self.request.POST or not possible:
            return self._show_after(form, chosen)
        why_not = self.act(form, possible)
        done = len(possible) - len(why_not)
        if done:
            messages.success(self.request, self.done_text(done))
        if not why_not:
            return self.go_back("elections_desk:index")
        left = [one for one in self.choose(self.contest_ids) if one.pk in why_not]
        messages.warning(self.request, _("Some were not done. Below it says why."))
        return self._show_after(form, left, why_not=why_not)

    def _show_after(
        self, form: forms.Form, chosen: list[Chosen], why_not: dict[int, str] | None = None
    ) -> HttpResponse:
        possible = [one for one in chosen if not one.refusal]
        after: dict[int, Result] = {}
        if possible:
            contest_ids = [one.contest.pk for one in possible]
            after = results_after(contest_ids, lambda: self.foresee(form, possible))
        rows = [(one, after.get(one.contest.pk), (why_not or {}).get(one.pk)) for one in chosen]
        return self.render_to_response(
            self.get_context_data(form=form, chosen=chosen, after=rows, possible=possible)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "chosen" not in kwargs:
            kwargs["chosen"] = list(self.choose(self.contest_ids))
        return super().get_context_data(
            button_label=self.button_label, nothing_chosen=self.nothing_chosen, **kwargs
        )
