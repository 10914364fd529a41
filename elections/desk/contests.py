"""Races: the list to work through, the form, and what leads from one to its calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import quote
from django.db.models import Count, Q, QuerySet
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.permissions import policy_registry
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from elections.desk.asking import may_ask
from elections.desk.contest_chooser import ContestChooserViewSet
from elections.desk.contest_form import ContestForm, contest_panels
from elections.desk.contest_page import ContestInspectView
from elections.desk.contest_search import ContestFilterSet, search_contests
from elections.desk.linking import LinkDraftView
from elections.desk.publishing import publish_soon, rewrite_manifest_soon
from elections.desk.records import (
    LIST_TEMPLATE,
    LISTING,
    ON_WIDE_SCREENS,
    HistoryDeleteMixin,
)
from elections.models import Call, Contest, Election
from elections.widgets.facts import load_facts
from elections.widgets.result import Result, build_result

INSPECTED = [
    "election",
    "name",
    "reported_title",
    "status",
    "selections",
    "contest_type",
    "vote_variation",
    "number_elected",
    "number_runoff",
    "reported_threshold",
    "reaches_beyond",
    "coverage_note",
    "question",
    "group",
]


def attach_results(contests: Iterable[Contest]) -> None:
    """Give each race its result in readers' words, for all of a page at once."""
    by_id = {contest.pk: contest for contest in contests}
    for contest in by_id.values():
        contest.result = None
    for facts in load_facts(by_id):
        by_id[facts.contest.pk].result = build_result(facts, version=0)


def status_text(contest: Contest) -> str:
    if contest.status == Contest.Status.LEFT_OUT:
        return _("Left out")
    if not contest.is_confirmed:
        return _("Draft")
    if contest.new_names:
        return ngettext("%(count)s new name", "%(count)s new names", contest.new_names) % {
            "count": contest.new_names
        }
    return _("Confirmed")


def _result_sentence(contest: Contest) -> str:
    result: Result | None = contest.result
    if result is None or result.counted_at is None:
        return _("Nothing counted yet.")
    return result.sentence


class RacePageColumn(Column):
    """Whether readers have a page of their own for the race; leads to its editor."""

    cell_template_name = "elections/desk/race_page_cell.html"


class ContestListView(snippets.IndexView):
    empty_message = gettext_lazy(
        "Races will be listed here. They come in by themselves with the first document of a "
        "source, as drafts to be checked. Add a source first, or add a race by hand."
    )
    table_classname = LISTING

    def get_base_queryset(self) -> QuerySet[Contest]:
        related = ["election"]
        if hasattr(Contest, "race_page"):
            related.append("race_page")
        is_new = Q(selections__is_new=True)
        contests = Contest.objects.select_related(*related)
        if not self.request.GET.get("status"):
            contests = contests.exclude(status=Contest.Status.LEFT_OUT)
        return contests.annotate(new_names=Count("selections", filter=is_new)).order_by(
            "-election__election_date", "election", "order", "name", "pk"
        )

    @cached_property
    def is_searchable(self) -> bool:
        return True

    def search_queryset(self, queryset: QuerySet[Contest]) -> QuerySet[Contest]:
        return search_contests(queryset, self.search_query) if self.is_searching else queryset

    def paginate_queryset(self, queryset: QuerySet[Contest], page_size: int) -> tuple:
        paginator, page, contests, has_others = super().paginate_queryset(queryset, page_size)
        contests = list(contests)
        attach_results(contests)
        page.object_list = contests
        return paginator, page, contests, has_others

    def get_list_more_buttons(self, instance: Contest) -> list[MenuItem]:
        buttons = super().get_list_more_buttons(instance)
        if instance.status == Contest.Status.DRAFT and self.user_has_permission("change"):
            url = reverse(f"{ContestViewSet.url_namespace}:link", args=[quote(instance.pk)])
            buttons.append(MenuItem(_("Link to a race"), url=url, icon_name="link", priority=12))
        may_call = policy_registry.get_by_type(Call).user_has_permission(self.request.user, "add")
        if instance.is_confirmed and may_call:
            url = f"{reverse('elections_calls:add')}?contest={instance.pk}"
            buttons.append(MenuItem(_("Make a call"), url=url, icon_name="check", priority=15))
        if instance.is_confirmed:
            url = reverse("elections_decisions:race", args=[instance.pk])
            buttons.append(
                MenuItem(_("Decisions"), url=url, icon_name="clipboard-list", priority=14)
            )
        if instance.is_confirmed and may_ask(self.request.user):
            url = reverse("elections_sheets:type", args=[instance.pk])
            buttons.append(MenuItem(_("Type its count"), url=url, icon_name="edit", priority=16))
        return buttons


class ContestAddView(snippets.CreateView):
    def save_instance(self) -> Contest:
        contest = super().save_instance()
        publish_soon([contest.pk])
        return contest

    def get_initial_form_instance(self) -> Contest:
        """Start a new race in the latest election."""
        return Contest(election=Election.objects.first())


class ContestEditView(snippets.EditView):
    def save_instance(self) -> Contest:
        contest = super().save_instance()
        publish_soon([contest.pk])
        return contest


class ContestDeleteView(HistoryDeleteMixin, snippets.DeleteView):
    def delete_action(self) -> None:
        election_id = self.object.election_id
        super().delete_action()
        rewrite_manifest_soon(election_id)


class ContestViewSet(SnippetViewSet):
    model = Contest
    url_prefix = "elections/races"
    url_namespace = "elections_races"
    icon = "list-ul"
    menu_label = gettext_lazy("Races")
    menu_order = 200
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = INSPECTED
    list_per_page = 50
    index_view_class = ContestListView
    index_template_name = "elections/desk/races.html"
    index_results_template_name = LIST_TEMPLATE
    add_view_class = ContestAddView
    edit_view_class = ContestEditView
    delete_view_class = ContestDeleteView
    inspect_view_class = ContestInspectView
    inspect_template_name = "elections/desk/race.html"
    chooser_viewset_class = ContestChooserViewSet
    chooser_per_page = 20
    filterset_class = ContestFilterSet
    edit_handler = ObjectList(contest_panels(), base_form_class=ContestForm)

    @cached_property
    def list_display(self) -> list[Any]:
        columns = [
            "name",
            Column(
                "election",
                label=_("Election"),
                accessor="election.name",
                classname=ON_WIDE_SCREENS,
            ),
            StatusTagColumn(
                "status",
                label=_("Status"),
                accessor=status_text,
                sort_key="status",
                primary=lambda contest: contest.is_confirmed and not contest.new_names,
            ),
            Column(
                "contest_type",
                label=_("Type"),
                accessor="get_contest_type_display",
                classname=ON_WIDE_SCREENS,
            ),
            Column("count", label=_("Count"), accessor=_result_sentence),
            DateColumn(
                "counted_at",
                label=_("As of"),
                accessor="result.counted_at",
                classname=ON_WIDE_SCREENS,
            ),
        ]
        if hasattr(Contest, "race_page"):
            columns.append(RacePageColumn("race_page", label=_("Page"), classname=ON_WIDE_SCREENS))
        return columns

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(delete_url_name=self.UNDEFINED, **kwargs)

    def get_urlpatterns(self) -> list:
        link = self.construct_view(LinkDraftView)
        return [*super().get_urlpatterns(), path("link/<int:pk>/", link, name="link")]
