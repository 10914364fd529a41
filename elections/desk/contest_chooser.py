"""Choosing a race for a story, an estimate or a call."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views import chooser

from elections.desk.contest_search import ContestSearchForm
from elections.models import Contest


def _day_text(contest: Contest) -> str:
    day = date_format(contest.election.election_date, "DATE_FORMAT")
    return _("%(day)s, test election") % {"day": day} if contest.election.is_test else day


class ContestChooseMixin:
    """Only confirmed races, each with the day it is of; those of test elections come last."""

    filter_form_class = ContestSearchForm

    def get_object_list(self) -> QuerySet[Contest]:
        contests = Contest.objects.confirmed().select_related("election")
        return contests.order_by(
            "election__is_test", "-election__election_date", "election", "order", "name", "pk"
        )

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column("election", label=_("Election"), accessor="election.name"),
            Column("day", label=_("Day"), accessor=_day_text),
        ]


class ContestChooseView(ContestChooseMixin, chooser.ChooseView):
    pass


class ContestChooseResultsView(ContestChooseMixin, chooser.ChooseResultsView):
    pass


class ContestChooserViewSet(chooser.SnippetChooserViewSet):
    choose_view_class = ContestChooseView
    choose_results_view_class = ContestChooseResultsView

    def get_urlpatterns(self) -> list:
        """Leave out the form for a new race: a race is more than a chooser can ask for."""
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]
