"""Everything that the desk has decided about one race, and what it may decide now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from elections.desk.calls import call_text
from elections.desk.decision_kinds import FREEZE, KINDS, NOTE, OVERRIDE, PIN, DecisionKind
from elections.desk.preview import current_result
from elections.models import Contest, Proposal
from elections.models.decisions import Decision
from elections.widgets.facts import ContestFacts, load_facts
from elections.widgets.figures import number, vote_count


@dataclass(frozen=True)
class Line:
    """One decision in words; ``end_url`` is "" for whoever may not end it, or when it is over."""

    text: str
    detail: str
    decision: Decision
    end_url: str
    end_label: Any
    warning: str = ""


def decision_text(kind: DecisionKind, decision: Any) -> tuple[str, str]:
    """Return a decision in words, and what readers are told of it."""
    if kind is OVERRIDE:
        told = {"name": decision.selection.name, "votes": vote_count(decision.votes)}
        return _("Corrected number: %(votes)s for %(name)s") % told, decision.public_note
    if kind is FREEZE:
        return _("Frozen"), decision.public_note
    if kind is PIN:
        return _("Earlier count pinned"), decision.public_note
    return _("Correction"), decision.text


def lines(facts: ContestFacts, user: Any) -> tuple[list[Line], list[Line]]:
    """Return what stands, and what has ended, the newest first."""
    standing: list[Line] = []
    ended: list[Line] = []
    for kind in KINDS.values():
        related = ["made_by", "ended_by", *(["selection"] if kind is OVERRIDE else [])]
        for row in kind.model.objects.filter(contest=facts.contest).select_related(*related):
            (standing if row.ended_at is None else ended).append(_line(kind, row, facts, user))
    return standing, sorted(ended, key=lambda line: line.decision.ended_at, reverse=True)


def _line(kind: DecisionKind, row: Any, facts: ContestFacts, user: Any) -> Line:
    text, detail = decision_text(kind, row)
    may_end = row.ended_at is None and user.has_perm(kind.permission)
    return Line(
        text=text,
        detail=detail,
        decision=row,
        end_url=reverse("elections_decisions:end", args=[kind.name, row.pk]) if may_end else "",
        end_label=kind.end_label,
        warning=_warning(row, facts) if kind is OVERRIDE and row.ended_at is None else "",
    )


def _warning(override: Any, facts: ContestFacts) -> str:
    votes = facts.source_votes(override.selection_id)
    if not override.conflicts_with(votes):
        return ""
    return _("The source says %(votes)s by now. Check which number is right.") % {
        "votes": number(votes)
    }


class RaceDecisionsView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "elections/desk/race_decisions.html"
    page_title = gettext_lazy("Decisions of the desk")
    header_icon = "clipboard-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("elections.view_contest"):
            raise PermissionDenied
        contests = Contest.objects.confirmed().select_related("election")
        self.contest = get_object_or_404(contests, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.contest.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        race_url = reverse("elections_races:inspect", args=[self.contest.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_races:list"), "label": _("Races")},
            {"url": race_url, "label": self.contest.name},
            {"url": "", "label": self.page_title, "sublabel": self.contest.name},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        (facts,) = load_facts([self.contest.pk])
        standing, ended = lines(facts, self.request.user)
        waiting = Proposal.objects.waiting().filter(contest=self.contest)
        return super().get_context_data(
            contest=self.contest,
            now=current_result(self.contest.pk),
            standing=standing,
            ended=ended,
            proposals=[(p, call_text(p)) for p in waiting.prefetch_related("selections")],
            actions=list(self._actions(facts)),
            **kwargs,
        )

    def _actions(self, facts: ContestFacts) -> Iterable[tuple[Any, str]]:
        """Yield label and address of what this person may decide now."""
        user = self.request.user
        if user.has_perm("elections.add_call"):
            url = f"{reverse('elections_calls:add')}?contest={self.contest.pk}"
            yield _("Make a call"), url
        for kind in (OVERRIDE, NOTE, FREEZE, PIN):
            already = (kind is FREEZE and facts.desk.freeze) or (kind is PIN and facts.desk.pin)
            if user.has_perm(kind.permission) and not already:
                url = reverse("elections_decisions:decide", args=[kind.name, self.contest.pk])
                yield kind.title, url
