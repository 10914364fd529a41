"""One screen for a feed's races: link each to ours, keep it as new, or leave it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from elections import mapping
from elections.desk import audit
from elections.desk.acting import is_id
from elections.desk.publishing import publish_soon
from elections.mapping import Action, Decision, Group, Outcome, Proposal, Reason
from elections.models import Contest, Selection, Source
from elections.renaming import join, new_names

ROWS = 25
"""So that a page stays below the number of fields that Django takes from one form."""
REASONS = {
    Reason.SAME_ID: gettext_lazy("the same id in another feed"),
    Reason.SAME_TITLE: gettext_lazy("the same title"),
    Reason.ALIKE: gettext_lazy("similar words"),
}
HEADINGS = {
    Group.SURE: gettext_lazy("Sure"),
    Group.CHECK: gettext_lazy("To check"),
    Group.NEW: gettext_lazy("Not among our races"),
}


def may_map(user: Any) -> bool:
    """Whether a person keeps both the sources and the races."""
    return all(
        policy_registry.get_by_type(model).user_has_permission(user, "change")
        for model in (Source, Contest)
    )


def labels_of(contests: Iterable[Contest]) -> dict[str, Contest]:
    """Return races by what a person types: the name, with the id where two have the same."""
    contests = list(contests)
    counts = Counter(contest.name for contest in contests)
    return {
        contest.name if counts[contest.name] == 1 else f"{contest.name} #{contest.pk}": contest
        for contest in contests
    }


@dataclass(frozen=True)
class Pair:
    """One name of the feed, and which of ours it is; ``ours`` is None for a name to add."""

    selection: Selection
    ours: int | None
    percent: int
    is_same: bool


@dataclass(frozen=True)
class Row:
    """One race of the feed with the choices of a person, or those that we propose."""

    proposal: Proposal
    action: Action
    target: str
    problem: str = ""

    @property
    def draft(self) -> Contest:
        return self.proposal.draft

    @property
    def seen(self) -> str:
        return self.draft.updated_at.isoformat()

    @property
    def percent(self) -> int:
        return int(self.proposal.confidence * 100)

    @property
    def reason(self) -> str:
        return str(REASONS[self.proposal.reason]) if self.proposal.reason else ""

    @property
    def ours(self) -> list[Selection]:
        contest = self.proposal.contest
        return list(contest.selections.all()) if contest else []

    @property
    def pairs(self) -> list[Pair]:
        pairs = []
        for selection in self.draft.selections.all():
            ours, likeness = self.proposal.pairs.get(selection.pk, (None, 0.0))
            pairs.append(Pair(selection, ours, int(likeness * 100), likeness == 1))
        return pairs

    @property
    def has_other_names(self) -> bool:
        return not all(pair.is_same for pair in self.pairs)


def _row(proposal: Proposal, labels: Mapping[int, str]) -> Row:
    action = Action.LINK if proposal.group is Group.SURE else Action.LATER
    target = labels.get(proposal.contest.pk, "") if proposal.contest else ""
    return Row(proposal, action, target)


class MapView(WagtailAdminTemplateMixin, TemplateView):
    """Changes nothing before “Save”; what could not be saved comes back with the reason."""

    template_name = "elections/desk/map_races.html"
    page_title = gettext_lazy("Map its races")
    header_icon = "link"
    inspect_url_name = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_map(request.user):
            raise PermissionDenied
        self.source = get_object_or_404(Source.objects.select_related("election"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def labels(self) -> dict[str, Contest]:
        return labels_of(mapping.free_contests(self.source))

    @cached_property
    def rows(self) -> list[Row]:
        by_contest = {contest.pk: label for label, contest in self.labels.items()}
        return [_row(proposal, by_contest) for proposal in mapping.propose(self.source)]

    def get_page_subtitle(self) -> str:
        return self.source.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        inspect_url = reverse(self.inspect_url_name, args=[self.source.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_sources:index"), "label": _("Sources")},
            {"url": inspect_url, "label": str(self.source)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = kwargs.pop("rows", None)
        rows = self.rows if shown is None else shown
        pages = Paginator(rows, ROWS if shown is None else max(ROWS, len(rows)))
        page = pages.get_page(self.request.GET.get("p"))
        statuses = Contest.Status
        return super().get_context_data(
            source=self.source,
            page=page,
            groups=_grouped(page),
            totals=_totals(self.rows),
            is_remainder=shown is not None,
            labels=list(self.labels),
            linked=mapping.contests_of_feed(self.source, statuses.CONFIRMED).count(),
            new_names=[
                (name, [one for one in name.contest.selections.all() if one.pk != name.pk])
                for name in new_names(self.source).prefetch_related("contest__selections")
            ],
            left_out=list(mapping.contests_of_feed(self.source, statuses.LEFT_OUT)),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "join" in request.POST:
            return self._join_names()
        if "follow" in request.POST:
            return self._follow_again()
        rows, decisions = self._read()
        outcomes = mapping.decide(self.source, decisions)
        self._tell(outcomes)
        problems = {one.decision.draft_id: one.problem for one in outcomes if one.problem}
        again = [*rows, *self._rows_again(problems)]
        if not again:
            return redirect(request.path)
        for name in ("labels", "rows"):
            self.__dict__.pop(name, None)
        return self.render_to_response(self.get_context_data(rows=again))

    def _read(self) -> tuple[list[Row], list[Decision]]:
        """Return the rows that a person must look at again, and what can be decided."""
        post = self.request.POST
        rest = post.get("rest", "")
        by_draft = {row.draft.pk: row for row in self.rows}
        again: list[Row] = []
        decisions: list[Decision] = []
        for key in post.getlist("row"):
            if not key.isdecimal():
                continue
            wanted = post.get(f"do-{key}", "")
            if wanted == Action.LATER.value and rest in (Action.NEW.value, Action.LEAVE_OUT.value):
                wanted = rest
            if wanted not in set(Action):
                continue
            action, seen = Action(wanted), post.get(f"seen-{key}", "")
            if action is not Action.LINK:
                decisions.append(Decision(int(key), seen, action))
                continue
            row = by_draft.get(int(key))
            found = self._read_link(int(key), seen, row)
            if isinstance(found, Row):
                again.append(found)
            else:
                decisions.append(found)
        return again, decisions

    def _read_link(self, draft_id: int, seen: str, row: Row | None) -> Row | Decision:
        """Return the decision to link, or the row with the reason why it must be looked at."""
        post = self.request.POST
        target = " ".join(post.get(f"to-{draft_id}", "").split())
        contest = self.labels.get(target)
        if row is None:  # Somebody was faster; the decision says so.
            return Decision(draft_id, "", Action.LINK, contest)
        if contest is None:
            problem = (
                _("There is no confirmed race “%(name)s” that is still to be linked.")
                % {"name": target}
                if target
                else _("Choose the race of ours that the feed means.")
            )
            return Row(row.proposal, Action.LINK, target, problem)
        if post.get(f"for-{draft_id}") != str(contest.pk):
            proposal = mapping.propose_one(row.draft, contest)
            chosen = Row(proposal, Action.LINK, target)
            if chosen.has_other_names and chosen.ours:
                problem = _("You chose another race: check who is who, and save again.")
                return Row(proposal, Action.LINK, target, problem)
            pairs = {their: ours for their, (ours, _likeness) in proposal.pairs.items()}
            return Decision(draft_id, seen, Action.LINK, contest, pairs)
        pairs = {
            selection.pk: int(ours) if ours.isdecimal() else None
            for selection in row.draft.selections.all()
            for ours in [post.get(f"as-{selection.pk}", "")]
        }
        return Decision(draft_id, seen, Action.LINK, contest, pairs)

    def _rows_again(self, problems: Mapping[int, str]) -> list[Row]:
        """Return the rows of decisions that could not be carried out, as they stand now."""
        self.__dict__.pop("rows", None)
        self.__dict__.pop("labels", None)
        return [
            Row(row.proposal, row.action, row.target, problems[row.draft.pk])
            for row in self.rows
            if row.draft.pk in problems
        ]

    def _tell(self, outcomes: list[Outcome]) -> None:
        done = [one for one in outcomes if not one.problem]
        for one in done:
            self._log(one)
        publish_soon(one.contest.pk for one in done if one.contest)
        if done:
            counts = Counter(one.decision.action for one in done)
            messages.success(self.request, _sentence(counts))
        shown_again = {row.draft.pk for row in self.rows}
        for one in outcomes:
            if one.problem and one.decision.draft_id not in shown_again:
                messages.warning(self.request, f"{one.title} {one.problem}".strip())
        if any(one.problem for one in outcomes):
            messages.warning(
                self.request, _("Some races were not changed. The reason stands with each.")
            )

    def _log(self, outcome: Outcome) -> None:
        action = outcome.decision.action
        if action is Action.LINK:
            log(outcome.contest, audit.LINKED, data={"reported_title": outcome.title})
        elif action is Action.NEW:
            log(outcome.contest, audit.CONFIRMED)
        else:
            log(Contest.objects.get(pk=outcome.decision.draft_id), audit.LEFT_OUT)

    def _join_names(self) -> HttpResponse:
        """Join the names that a person says are one; the others stay as they are."""
        for new in new_names(self.source):
            wanted = self.request.POST.get(f"same-{new.pk}", "")
            ours = new.contest.selections.filter(pk=wanted).first() if is_id(wanted) else None
            if ours is not None:
                self._join(new, ours)
        return redirect(self.request.path)

    def _join(self, new: Selection, ours: Selection) -> None:
        told = {"reported_name": new.reported_name or new.name, "name": ours.name}
        try:
            join(new, ours)
        except ValidationError as error:
            messages.error(self.request, f"{new.name}: {' '.join(error.messages)}")
            return
        log(ours.contest, audit.JOINED, data=told)
        publish_soon([ours.contest_id])
        said = _("“%(reported_name)s” in the feed is now %(name)s, as its earlier name is.")
        messages.success(self.request, said % told)

    def _follow_again(self) -> HttpResponse:
        wanted = [int(pk) for pk in self.request.POST.getlist("again") if pk.isdecimal()]
        contests = mapping.follow_again(self.source, wanted)
        for contest in contests:
            log(contest, audit.FOLLOWED)
        if contests:
            messages.success(
                self.request,
                _("They are drafts again. Their counts come with the next change of the feed."),
            )
        return redirect(self.request.path)


def _sentence(counts: Counter[Action]) -> str:
    parts = [
        ngettext("%(count)s race linked", "%(count)s races linked", counts[Action.LINK]),
        ngettext("%(count)s kept as new", "%(count)s kept as new", counts[Action.NEW]),
        ngettext("%(count)s left out", "%(count)s left out", counts[Action.LEAVE_OUT]),
    ]
    actions = (Action.LINK, Action.NEW, Action.LEAVE_OUT)
    said = [
        part % {"count": counts[action]}
        for part, action in zip(parts, actions, strict=True)
        if counts[action]
    ]
    return _("Saved: %(what)s.") % {"what": ", ".join(said)}


def _grouped(page: Page) -> list[tuple[str, list[Row]]]:
    return [
        (str(HEADINGS[group]), rows)
        for group in Group
        if (rows := [row for row in page.object_list if row.proposal.group is group])
    ]


def _totals(rows: list[Row]) -> list[tuple[str, int]]:
    counts = Counter(row.proposal.group for row in rows)
    return [(str(HEADINGS[group]), counts[group]) for group in Group]
