"""Held counts: what would change, in figures and in readers' words."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views import generic

from elections.desk.acting import GoesBackMixin
from elections.desk.decisions import (
    RELEASE,
    Difference,
    RejectView,
    ReleaseForm,
    ReleaseView,
    differences,
    get_hold,
    may_decide,
)
from elections.desk.preview import current_result
from elections.desk.records import ON_WIDE_SCREENS, ListView, RecordViewSet
from elections.models import Election, Hold


class DifferenceColumn(Column):
    cell_template_name = "elections/desk/difference_cell.html"

    def get_value(self, instance: Hold) -> list[Difference]:
        return [line for line in differences(instance) if line.votes]


class HoldFilterSet(WagtailFilterSet):
    election = django_filters.ModelChoiceFilter(
        field_name="contest__election",
        queryset=Election.objects.all(),
        label=gettext_lazy("Election"),
    )

    class Meta:
        model = Hold
        fields = ["election", "decision", "source"]


class HoldListView(ListView):
    empty_message = gettext_lazy(
        "Counts that would take votes away will be listed here until somebody decides. There is "
        "nothing to do now."
    )

    def get_base_queryset(self) -> QuerySet[Hold]:
        is_open = Case(
            When(decision=Hold.Decision.OPEN, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        return (
            super()
            .get_base_queryset()
            .select_related("contest__election", "source", "decided_by")
            .prefetch_related("contest__selections")
            .order_by(is_open, "-opened_at", "-pk")
        )

    def get_list_more_buttons(self, instance: Hold) -> list:
        return []


class HoldInspectView(GoesBackMixin, generic.InspectView):
    page_title = gettext_lazy("Held count")

    def get_object(self, queryset: Any = None) -> Hold:
        return get_hold(self.pk)

    def get_page_subtitle(self) -> str:
        return self.object.contest.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hold = self.object
        is_open = hold.decision == Hold.Decision.OPEN
        return super().get_context_data(
            hold=hold,
            differences=differences(hold),
            is_open=is_open,
            may_decide=is_open and self.user_has_permission("change"),
            may_release=is_open and may_decide(self.request.user, hold, RELEASE),
            form=ReleaseForm(),
            now=current_result(hold.contest_id),
            **kwargs,
        )


class HoldViewSet(RecordViewSet):
    model = Hold
    name = "holds"
    icon = "warning"
    menu_label = gettext_lazy("Holds")
    menu_order = 600
    inspect_view_enabled = True
    index_view_class = HoldListView
    inspect_view_class = HoldInspectView
    inspect_template_name = "elections/desk/hold.html"
    filterset_class = HoldFilterSet
    search_fields = ["contest__name"]

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "contest",
            StatusTagColumn(
                "decision",
                label=_("Decision"),
                accessor="get_decision_display",
                primary=lambda hold: hold.decision == Hold.Decision.OPEN,
                sort_key="decision",
            ),
            DifferenceColumn("differences", label=_("What changes")),
            Column("changes_winners", label=_("Who is ahead"), accessor=_winners_text),
            Column("source", label=_("Source"), accessor="source.name", classname=ON_WIDE_SCREENS),
            Column("opened_at", label=_("Held since"), sort_key="opened_at"),
        ]

    def get_urlpatterns(self) -> list:
        return [
            *super().get_urlpatterns(),
            path("release/<int:pk>/", self.construct_view(ReleaseView), name="release"),
            path("reject/<int:pk>/", self.construct_view(RejectView), name="reject"),
        ]


def _winners_text(hold: Hold) -> str:
    return _("Changes") if hold.changes_winners else _("Stays the same")
