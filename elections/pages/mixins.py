"""What race and election pages do, for any base page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, TitleFieldPanel
from wagtail.models import AbstractPage
from wagtail.search import index

from elections.models import CorrectionNote, Published
from elections.widgets.breakdown import build_breakdown, find_details
from elections.widgets.card import describe
from elections.widgets.closeness import closest_first
from elections.widgets.course import race_timeline
from elections.widgets.history_rows import counts_with_documents, race_history
from elections.widgets.live import LiveResult
from elections.widgets.rounds import build_rounds
from elections.widgets.sharing import Sharing
from newsroom.caching import CacheablePageMixin
from newsroom.fields import StoryField


class RacePageMixin(CacheablePageMixin, models.Model):
    """Needs a one-to-one field ``contest`` with the reverse name ``race_page``."""

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
    search_fields = [index.SearchField("dek"), index.SearchField("body")]
    api_fields = ["dek", "contest"]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        models.prefetch_related_objects([self.contest], "selections")
        published = Published.objects.filter(pk=self.contest_id).first()
        election = self.contest.election
        counts = counts_with_documents(self.contest)
        if published is not None:
            published.contest = self.contest
        context.update(
            contest=self.contest,
            election=election,
            election_page=live_page(election, "election_page"),
            live=published and LiveResult.of(published, election.pk, size="full"),
            timeline=race_timeline(self.contest, counts),
            corrections=CorrectionNote.objects.in_force().filter(contest=self.contest_id),
            history=race_history(self.contest, published, counts),
            sharing=published and Sharing.of(request, self.contest, published),
            card_text=published and describe(published),
            **self._details(request, published),
        )
        return context

    def _details(self, request: HttpRequest, published: Published | None) -> dict[str, Any]:
        """Return the tables of the count's parts, as far as the source tells any."""
        row = published and find_details(published)
        if row is None:
            return {"breakdown": None, "rounds": None}
        names = {selection.pk: selection.name for selection in self.contest.selections.all()}
        zone = self.contest.election.time_zone
        return {
            "breakdown": build_breakdown(row, names, zone, request.GET),
            "rounds": build_rounds(row, names, zone),
        }


def live_page(owner: models.Model, name: str) -> AbstractPage | None:
    """Return the page that stands for an election or a contest; None without a live one."""
    page = getattr(owner, name, None)
    return page if page is not None and page.live else None


class ElectionPageMixin(CacheablePageMixin, models.Model):
    """Needs a one-to-one field ``election`` with the reverse name ``election_page``."""

    page_label = _("election page")
    election_label = _("election")
    races_per_page = 24

    introduction = models.TextField(_("introduction"), blank=True)

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel("election"),
        FieldPanel("introduction"),
    ]
    search_fields = [index.SearchField("introduction")]
    api_fields = ["introduction", "election"]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        query, group, sort = (
            request.GET.get(name, "").strip()[:200] for name in ("q", "group", "sort")
        )
        query = query[:100]
        rows = self._published(query, group)
        ordered = closest_first(rows) if sort == "closest" else rows.values_list("pk", flat=True)
        page = Paginator(ordered, self.races_per_page).get_page(request.GET.get("page"))
        published = Published.objects.in_bulk(list(page))
        election = self.election
        choices = {"q": query, "group": group, "sort": sort}
        context.update(
            election=election,
            query=query,
            group=group,
            groups=self._groups(),
            sort=sort,
            choices=urlencode({name: value for name, value in choices.items() if value}),
            races=page,
            live_results=[
                LiveResult.of(published[pk], election.pk, size="line")
                for pk in page
                if pk in published
            ],
        )
        return context

    def _groups(self) -> list[str]:
        """Return the groups that a reader can choose from, in the order of the ballot."""
        contests = self.election.contests.filter(published__isnull=False).exclude(group="")
        names = contests.order_by("order", "pk").values_list("group", flat=True)
        return list(dict.fromkeys(names))

    def _published(self, query: str, group: str) -> models.QuerySet[Published]:
        rows = Published.objects.filter(contest__election=self.election_id)
        if group:
            rows = rows.filter(contest__group=group)
        if query:
            rows = rows.filter(
                Q(contest__name__icontains=query) | Q(contest__selections__name__icontains=query)
            ).distinct()
        return rows.order_by("contest__order", "pk")
