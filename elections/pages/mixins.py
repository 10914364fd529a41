"""What race and election pages do, for any base page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.models import AbstractPage
from wagtail.search import index

from elections.models import Contest, CorrectionNote, Election, Published
from elections.pages.choices import Choices
from elections.pages.languages import speak_page
from elections.pages.overview import Overview
from elections.pages.rehearsals import RehearsalMixin
from elections.widgets.breakdown import build_breakdown, find_details
from elections.widgets.closeness import closest_first
from elections.widgets.course import race_timeline
from elections.widgets.descriptions import describe
from elections.widgets.history_rows import counts_with_documents, race_history
from elections.widgets.languages import Names
from elections.widgets.live import LiveResult
from elections.widgets.pretending import pretended, published_row
from elections.widgets.rounds import build_rounds
from elections.widgets.sharing import Sharing
from newsroom.caching import CacheablePageMixin
from newsroom.calls_to_action.previews import ReaderPreviewMixin
from newsroom.fields import StoryField
from newsroom.finding.related import stories_about_subject
from newsroom.models.routing import EveryLanguageMixin
from newsroom.previews import PreviewModesMixin


class RacePageMixin(
    EveryLanguageMixin,
    PreviewModesMixin,
    ReaderPreviewMixin,
    RehearsalMixin,
    CacheablePageMixin,
    models.Model,
):
    """Needs a one-to-one field ``contest`` with the reverse name ``race_page``."""

    ask_place = "race"
    page_label = _("race page")
    contest_label = _("race")
    contest_help = _("Each race has one page at most.")

    dek = models.CharField(
        _("dek"), max_length=300, blank=True, help_text=_("One sentence: what is at stake.")
    )
    body = StoryField(blank=True)

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel("contest"),
        FieldPanel("dek"),
        FieldPanel("body"),
    ]
    search_kind = ("race", _("Race"))
    search_fields = [index.SearchField("dek"), index.SearchField("body")]
    api_fields = ["dek", "contest", "result", "body"]

    class Meta:
        abstract = True

    def get_election(self) -> Election:
        return self.contest.election

    @property
    def spoken_title(self) -> str:
        return Names.current().of(self.title)

    @property
    def result(self) -> dict[str, Any] | None:
        """The published result as data; None before the first."""
        published = Published.objects.filter(pk=self.contest_id).first()
        return json.loads(published.payload) if published else None

    @classmethod
    def unlisted(cls) -> models.QuerySet:
        """Return the ids of pages that no list shows: those of rehearsals."""
        return cls.objects.filter(contest__election__is_test=True).values("pk")

    @classmethod
    def add_search_lines(cls, pages: Sequence[RacePageMixin]) -> None:
        """Give each page the sentence that says how its race stands."""
        rows = Published.objects.select_related("contest__election")
        published = rows.in_bulk([page.contest_id for page in pages])
        for page in pages:
            row = published.get(page.contest_id)
            page.search_line = describe(row) if row else ""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        models.prefetch_related_objects([self.contest], "selections")
        published = published_row(self.contest_id)
        names = Names.current()
        contest = names.contest(self.contest)
        election = contest.election
        counts = counts_with_documents(contest)
        if published is not None:
            published.contest = contest
        context.update(
            page=speak_page(self, names),
            contest=contest,
            election=election,
            election_page=live_page(election, "election_page"),
            live=published and LiveResult.of(published, election.pk, size="full"),
            timeline=race_timeline(contest, counts),
            corrections=CorrectionNote.objects.in_force().filter(contest=self.contest_id),
            history=race_history(contest, published, counts),
            sharing=published and Sharing.of(request, contest, published),
            card_text=published and describe(published),
            stories=stories_about_subject(str(self.contest_id)),
            **self._details(request, published, contest),
        )
        if pretended() is not None:
            context.update(timeline=None, corrections=(), history=[], breakdown=None, rounds=None)
        return context

    def _details(
        self, request: HttpRequest, published: Published | None, contest: Contest
    ) -> dict[str, Any]:
        """Return the tables of the count's parts, as far as the source tells any."""
        row = published and find_details(published)
        if row is None:
            return {"breakdown": None, "rounds": None}
        names = {selection.pk: selection.name for selection in contest.selections.all()}
        zone = contest.election.time_zone
        return {
            "breakdown": build_breakdown(row, names, zone, request.GET),
            "rounds": build_rounds(row, names, zone),
        }


def live_page(owner: models.Model, name: str) -> AbstractPage | None:
    """Return the page that stands for an election or a contest; None without a live one."""
    page = getattr(owner, name, None)
    return page if page is not None and page.live else None


@dataclass(frozen=True)
class ListedRace:
    """One race of an election's page, in one line."""

    name: str
    live: LiveResult

    @classmethod
    def of(cls, published: Published, election_id: int, names: Names) -> ListedRace:
        live = LiveResult.of(published, election_id, size="line")
        return cls(names.of(published.contest.name), live)


class ElectionPageMixin(
    EveryLanguageMixin, ReaderPreviewMixin, RehearsalMixin, CacheablePageMixin, models.Model
):
    """Needs a one-to-one field ``election`` with the reverse name ``election_page``."""

    ask_place = "election"
    page_label = _("election page")
    election_label = _("election")
    races_per_page = 24

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel("election"),
        FieldPanel("introduction"),
    ]
    search_kind = ("election", _("Election"))
    search_fields = [index.SearchField("introduction")]
    api_fields = ["introduction", "election"]

    class Meta:
        abstract = True

    def get_election(self) -> Election:
        return self.election

    @classmethod
    def unlisted(cls) -> models.QuerySet:
        """Return the ids of pages that no list shows: those of rehearsals."""
        return cls.objects.filter(election__is_test=True).values("pk")

    @property
    def spoken_title(self) -> str:
        return Names.current().of(self.title)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        choices = Choices.of(request)
        all_rows = Published.objects.filter(contest__election=self.election_id)
        asked_for = choices.filter(all_rows)
        overview = Overview.of(self.election, asked_for, choices, timezone.now())
        rows = asked_for.order_by("contest__order", "pk")
        if choices.state:
            rows = rows.filter(pk__in=overview.in_state(choices.state))
        ordered = rows.values_list("pk", flat=True)
        if choices.sort == "closest":
            ordered = closest_first(rows)
        races = Paginator(ordered, self.races_per_page).get_page(request.GET.get("page"))
        names = Names.current()
        context.update(
            page=speak_page(self, names),
            election=names.election(self.election),
            choices=choices,
            overview=overview,
            groups=self._names("group", names),
            places=self._names("division", names),
            races=races,
            listed=self._listed(list(races), names),
        )
        return context

    def _listed(self, contest_ids: list[int], names: Names) -> list[ListedRace]:
        published = Published.objects.select_related("contest").in_bulk(contest_ids)
        return [
            ListedRace.of(published[pk], self.election_id, names)
            for pk in contest_ids
            if pk in published
        ]

    def _names(self, field: str, names: Names) -> list[tuple[str, str]]:
        """Return the groups, or the places, that can be chosen, in the order of the ballot.

        Each as it stands in addresses, and as readers call it.
        """
        contests = self.election.contests.filter(published__isnull=False).exclude(**{field: ""})
        found = contests.order_by("order", "pk").values_list(field, flat=True)
        return [(name, names.of(name)) for name in dict.fromkeys(found)]
