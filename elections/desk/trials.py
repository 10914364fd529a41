"""“Test this source”: what would be read, before anything counts. Nothing is stored.

Votes from before the polls close are shown to nobody here, whatever their rights: the page says
how many races have some. Whoever keeps the sources can compare them in the document itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from elections.counting.guards import Verdict
from elections.counting.results import ContestCount
from elections.desk.asking import AskerMixin
from elections.desk.local_times import local_time_text
from elections.explanations import explain
from elections.feeds import get_provider
from elections.feeds.contract import FeedError, Provider
from elections.models import Source
from elections.trial import Trial, try_source
from elections.widgets.figures import number

logger = logging.getLogger(__name__)

RACES_SHOWN = 8
NAMES_SHOWN = 12
WHAT_THE_FORM_NEEDS = ("election", "provider", "address", "mode")


@dataclass(frozen=True)
class RaceRead:
    """One race as it would come in: its title in the feed, how we would call it, its lines of
    name, party and votes ("" while they are hidden)."""

    title: str
    name: str
    lines: list[tuple[str, str, str]]
    further: int


@dataclass(frozen=True)
class TrialReport:
    """What a person is shown. ``refusal`` is why nothing could be read; then the rest is empty."""

    tone: str
    verdict: str
    refusal: str = ""
    where: str = ""
    title: str = ""
    day: str = ""
    counted_at: str = ""
    race_count: str = ""
    size: str = ""
    warnings: list[str] = field(default_factory=list)
    races: list[RaceRead] = field(default_factory=list)
    further: int = 0


def report_trial(source: Source) -> TrialReport:
    """Ask ``source``, which may not be saved, and say in words what would be read."""
    now = timezone.now()
    try:
        trial = try_source(source, now=now)
    except FeedError as error:
        return _refused(error.message, error.path)
    except Exception:
        logger.exception("A source of format %s could not be tested.", source.provider)
        return _refused(
            _("Something failed on our side. Show the site's log to whoever runs it."), ""
        )
    return _read(source, trial)


def _refused(message: str, where: str) -> TrialReport:
    verdict = _("Nothing could be read, and nothing was stored.")
    return TrialReport("critical", verdict, refusal=message, where=where)


def _read(source: Source, trial: Trial) -> TrialReport:
    report, provider = trial.report, get_provider(source.provider)
    is_good = trial.judgement.verdict is Verdict.ACCEPTED
    shown = report.contests[:RACES_SHOWN]
    return TrialReport(
        tone="info" if is_good else "warning",
        verdict=_("It would be taken in. Nothing was stored.")
        if is_good
        else _("It was read, but would not be shown to readers now. Nothing was stored."),
        title=report.election_title,
        day=date_format(report.election_date, "DATE_FORMAT") if report.election_date else "",
        counted_at=local_time_text(report.counted_at, source.election),
        race_count=number(len(report.contests)),
        size=number(trial.size),
        warnings=list(_warnings(source, trial)),
        races=[_race(contest, provider, trial.is_embargoed) for contest in shown],
        further=len(report.contests) - len(shown),
    )


def _warnings(source: Source, trial: Trial) -> Iterator[str]:
    if trial.judgement.reasons:
        yield explain(trial.judgement)
    if trial.is_embargoed:
        yield ngettext(
            "%(count)s race has votes; hidden until the polls close.",
            "%(count)s races have votes; hidden until the polls close.",
            len(trial.with_votes),
        ) % {"count": number(len(trial.with_votes))}
    if trial.report.election_date is None:
        yield _(
            "The document does not say which election day it is about. Compare its races with "
            "the ballot before you confirm them."
        )
    if source.election.is_test:
        yield _("This is a test election: its results carry a banner wherever they stand.")
    nobody = [contest.title for contest in trial.report.contests if not contest.selections]
    if nobody:
        yield ngettext(
            "%(count)s race has no candidates, the first is “%(race)s”.",
            "%(count)s races have no candidates, the first is “%(race)s”.",
            len(nobody),
        ) % {"count": number(len(nobody)), "race": nobody[0]}


def _race(contest: ContestCount, provider: Provider, is_embargoed: bool) -> RaceRead:
    shown = contest.selections[:NAMES_SHOWN]
    return RaceRead(
        contest.title,
        provider.propose_contest_name(contest.title),
        [
            (
                provider.propose_selection_name(one.name),
                provider.propose_party(one.party),
                "" if is_embargoed else number(one.votes),
            )
            for one in shown
        ],
        len(contest.selections) - len(shown),
    )


class TriedMixin:
    """Lets a form of a source try what stands in it, without saving it."""

    template_name = "elections/desk/source_form.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "try" not in request.POST:
            return super().post(request, *args, **kwargs)
        if not hasattr(self, "object"):
            self.object = self.get_object() if self.kwargs else None
        self.form = form = self.get_form()
        form.is_valid()
        self.produced_error_message = _("Correct the fields below, then test again.")
        if form.errors.keys() & set(WHAT_THE_FORM_NEEDS):
            return self.form_invalid(form)
        if form.instance.mode != Source.Mode.AUTOMATIC:
            form.add_error("mode", _("Only a source that is asked by itself can be tested."))
            return self.form_invalid(form)
        trial = report_trial(form.instance)
        return self.render_to_response(
            self.get_context_data(form=form, trial=trial, has_unsaved_changes=True)
        )


class TryView(AskerMixin, WagtailAdminTemplateMixin, TemplateView):
    """The same for a source as it is saved."""

    http_method_names = ["post"]
    template_name = "elections/desk/try_source.html"
    page_title = gettext_lazy("Test this source")
    header_icon = "view"
    inspect_url_name = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.source = get_object_or_404(
            Source.objects.select_related("election"),
            pk=kwargs["pk"],
            mode=Source.Mode.AUTOMATIC,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data(trial=report_trial(self.source), source=self.source)
        return self.render_to_response(context)

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
