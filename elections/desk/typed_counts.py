"""Typing a count for a race without a feed: look at it once, then take it in."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from elections import handed_in
from elections.desk import audit
from elections.desk.asking import AskerMixin
from elections.desk.decisions import Difference
from elections.desk.documents import message_text
from elections.desk.typed_form import TypedForm, latest_office
from elections.explanations import explain
from elections.feeds import typed
from elections.models import Contest, CurrentCount, Election, Fetch, Source
from elections.trial import judge
from elections.widgets.figures import number

logger = logging.getLogger(__name__)

RACES_AT_ONCE = 20


@dataclass(frozen=True)
class Foreseen:
    """What would become of one race's typed count; ``warnings`` are whole sentences."""

    contest: Contest
    differences: list[Difference]
    total: str
    warnings: list[str]


class TypedCountsView(AskerMixin, WagtailAdminTemplateMixin, FormView):
    """Two posts: the first shows what was typed and what would become of it, the second takes
    it in. What was typed comes back with every answer."""

    form_class = TypedForm
    template_name = "elections/desk/type_counts.html"
    page_title = gettext_lazy("Type counts")
    header_icon = "edit"
    election: Election

    @cached_property
    def contests(self) -> list[Contest]:
        raise NotImplementedError

    @cached_property
    def sources(self) -> dict[int, Source]:
        """The typed source of each race that has one."""
        addresses = {f"race:{contest.pk}": contest.pk for contest in self.contests}
        rows = Source.objects.filter(
            election=self.election, provider=typed.name, address__in=addresses
        )
        return {addresses[row.address]: row for row in rows.select_related("election")}

    def get_form_kwargs(self) -> dict[str, Any]:
        sources = self.sources.values()
        counts = CurrentCount.objects.filter(source__in=sources).select_related("count")
        by_source = {source.pk: contest_id for contest_id, source in self.sources.items()}
        attempts = Fetch.objects.filter(source__in=sources).order_by("pk")
        return {
            **super().get_form_kwargs(),
            "election": self.election,
            "contests": self.contests,
            "standing": {row.contest_id: row.count.tally for row in counts},
            "latest": {by_source[row.source_id]: row.pk for row in attempts},
        }

    def form_valid(self, form: TypedForm) -> HttpResponse:
        if outdated := form.outdated():
            return self._tell_outdated(form, outdated)
        if self.request.POST.get("confirmed") != form.fingerprint:
            foreseen = [self._foresee(form, contest) for contest in self._typed_races(form)]
            return self.render_to_response(self.get_context_data(form=form, foreseen=foreseen))
        for contest in self._typed_races(form):
            self._take_in(form, contest)
        return redirect(self.get_success_url())

    def _tell_outdated(self, form: TypedForm, outdated: list[Contest]) -> HttpResponse:
        names = get_text_list([contest.name for contest in outdated], _("and"))
        messages.warning(
            self.request,
            _(
                "Somebody else has typed %(races)s since you opened this page. Nothing was taken "
                "in. Their numbers stand under “Typed so far”; yours are still in the boxes. "
                "Compare them and send yours again if they are right."
            )
            % {"races": names},
        )
        form.data = form.data.copy()
        for contest in outdated:
            form.data[f"seen-{contest.pk}"] = form.latest.get(contest.pk, 0)
        return self.render_to_response(self.get_context_data(form=form))

    def _typed_races(self, form: TypedForm) -> list[Contest]:
        return [contest for contest in form.contests if contest.pk in form.votes]

    def _foresee(self, form: TypedForm, contest: Contest) -> Foreseen:
        votes = form.votes[contest.pk]
        shown = form.standing.get(contest.pk, {})
        differences = [
            Difference(one.name, shown.get(one.pk, 0), votes[one.pk])
            for one in contest.selections.all()
            if one.pk in votes
        ]
        return Foreseen(
            contest,
            differences,
            number(sum(votes.values())),
            list(self._warnings(form, contest, differences)),
        )

    def _warnings(self, form: TypedForm, contest: Contest, differences: list[Difference]) -> Any:
        votes = form.votes[contest.pk]
        said = {one: votes[one.pk] for one in contest.selections.all() if one.pk in votes}
        body = handed_in.write_typed(contest, said, **self._facts(form))
        source = self.sources.get(contest.pk) or Source(election=self.election)
        judgement = judge(typed.parse(body), source, timezone.now())
        judgement = judgement.without(handed_in.ANSWERED_FOR)
        if judgement.reasons:
            yield explain(judgement)
        lower = [line.name for line in differences if line.votes < 0]
        if lower:
            yield _(
                "%(names)s would have fewer votes than before. The count will be held until the "
                "desk releases it."
            ) % {"names": get_text_list(lower, _("and"))}
        for other in handed_in.other_sources(contest):
            yield _(
                "“%(source)s” counts this race too. Readers see the source with the lower "
                "precedence."
            ) % {"source": other.name}

    def _facts(self, form: TypedForm) -> dict[str, Any]:
        return {
            "counted_at": form.cleaned_data["counted_at"],
            "said_by": form.cleaned_data["said_by"],
            "typed_by": self.request.user,
        }

    def _take_in(self, form: TypedForm, contest: Contest) -> None:
        facts = self._facts(form)
        try:
            fetch = handed_in.take_in_typed(
                contest, form.votes[contest.pk], now=timezone.now(), **facts
            )
        except Exception:
            # What was stored is on record; the next tick publishes it.
            logger.exception("A typed count of race %s was not taken in whole.", contest.pk)
            fetch = self._latest_attempt(contest)
            if fetch is None or fetch.outcome in Fetch.ERRORS:
                raise
        if fetch is None:
            messages.error(
                self.request,
                _("%(race)s: somebody else is sending this count right now. Type it again.")
                % {"race": contest.name},
            )
            return
        log(
            contest,
            audit.TYPED,
            data={
                "said_by": facts["said_by"],
                "outcome": str(fetch.get_outcome_display()),
                "document": fetch.sha256,
            },
        )
        self._tell(contest, fetch)

    def _latest_attempt(self, contest: Contest) -> Fetch | None:
        source = handed_in.typed_source(contest)
        return Fetch.objects.filter(source=source).first() if source else None

    def _tell(self, contest: Contest, fetch: Fetch) -> None:
        if fetch.outcome == Fetch.Outcome.ACCEPTED and contest.holds.open().exists():
            messages.warning(
                self.request,
                _("%(race)s: held, because it takes votes away. Release it under Holds.")
                % {"race": contest.name},
            )
        elif fetch.outcome == Fetch.Outcome.ACCEPTED:
            messages.success(
                self.request,
                _("%(race)s: taken in. Readers see it within a minute.") % {"race": contest.name},
            )
        else:
            messages.warning(
                self.request,
                f"{contest.name}: {fetch.get_outcome_display()}. {message_text(fetch)}",
            )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(election=self.election, **kwargs)


class TypeRaceView(TypedCountsView):
    """The boxes of one race."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.contest = get_object_or_404(
            Contest.objects.confirmed().select_related("election").prefetch_related("selections"),
            pk=kwargs["pk"],
        )
        self.election = self.contest.election

    @cached_property
    def contests(self) -> list[Contest]:
        return [self.contest]

    def get_initial(self) -> dict[str, Any]:
        return {"said_by": latest_office(self.election, self.contest)}

    def get_page_subtitle(self) -> str:
        return self.contest.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        inspect_url = reverse("elections_races:inspect", args=[self.contest.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_races:list"), "label": _("Races")},
            {"url": inspect_url, "label": self.contest.name},
            {"url": "", "label": self.page_title},
        ]

    def get_success_url(self) -> str:
        return reverse("elections_races:inspect", args=[self.contest.pk])


class TypeElectionView(TypedCountsView):
    """The boxes of an election's races that no feed counts, some at a time."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.election = get_object_or_404(Election, pk=kwargs["pk"])

    def _without_feed(self) -> QuerySet[Contest]:
        fed = CurrentCount.objects.filter(contest=OuterRef("pk")).exclude(
            source__provider=typed.name
        )
        contests = Contest.objects.confirmed().filter(~Exists(fed), election=self.election)
        contests = contests.select_related("election").prefetch_related("selections")
        return contests.order_by("order", "name", "pk")

    @cached_property
    def page(self) -> Page:
        wanted = self.request.GET.get("p", 1)
        return Paginator(self._without_feed(), RACES_AT_ONCE).get_page(wanted)

    @cached_property
    def contests(self) -> list[Contest]:
        return list(self.page.object_list)

    def get_initial(self) -> dict[str, Any]:
        return {"said_by": latest_office(self.election)}

    def get_page_subtitle(self) -> str:
        return self.election.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_elections:index"), "label": _("Elections")},
            {"url": "", "label": self.page_title, "sublabel": self.election.name},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = ngettext(
            "%(count)s confirmed race of this election has no feed.",
            "%(count)s confirmed races of this election have no feed.",
            self.page.paginator.count,
        ) % {"count": number(self.page.paginator.count)}
        return super().get_context_data(page=self.page, found=found, **kwargs)

    def get_success_url(self) -> str:
        return self.request.get_full_path()
