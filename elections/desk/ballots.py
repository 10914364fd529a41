"""Ballots left to count: each estimate is a new row, none is ever changed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn

from elections.desk.publishing import publish_election_soon, publish_soon
from elections.desk.records import ON_WIDE_SCREENS, AddRecordView, ListView, RecordViewSet
from elections.models import BallotsRemaining, Election
from elections.widgets.figures import number


class GroupedNumberColumn(NumberColumn):
    """A number that a person reads: 780,000."""

    def get_value(self, instance: BallotsRemaining) -> str:
        return number(super().get_value(instance))


class BallotsListView(ListView):
    add_item_label = gettext_lazy("Add an estimate")
    empty_message = gettext_lazy(
        "Estimates of the ballots left to count will be listed here, the newest first. Add one "
        "when the elections office publishes it; readers see it at once, with its source."
    )

    def get_base_queryset(self) -> QuerySet[BallotsRemaining]:
        return super().get_base_queryset().select_related("election", "contest")


class BallotsAddView(AddRecordView):
    def get_initial_form_instance(self) -> BallotsRemaining:
        """Start with the latest election, and with who said so last time."""
        latest = BallotsRemaining.objects.order_by("-recorded_at", "-pk").first()
        if latest is None:
            return BallotsRemaining(election=Election.objects.first())
        return BallotsRemaining(
            election_id=latest.election_id,
            source_name=latest.source_name,
            source_url=latest.source_url,
        )

    def save_instance(self) -> BallotsRemaining:
        estimate = super().save_instance()
        if estimate.contest_id is None:
            publish_election_soon(estimate.election)
        else:
            publish_soon([estimate.contest_id])
        return estimate


class BallotsRemainingViewSet(RecordViewSet):
    model = BallotsRemaining
    name = "ballots-left"
    url_namespace = "elections_ballots_left"
    icon = "doc-empty-inverse"
    menu_label = gettext_lazy("Ballots left")
    menu_order = 400
    add_view_enabled = True
    index_view_class = BallotsListView
    add_view_class = BallotsAddView
    list_filter = ["election"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("election"), FieldPanel("contest"), FieldPanel("estimate")],
                heading=gettext_lazy("How many"),
                help_text=gettext_lazy(
                    "Readers see the latest estimate. It is not edited: add a new one instead."
                ),
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("as_of"), FieldPanel("next_update_at")])],
                heading=gettext_lazy("When"),
            ),
            MultiFieldPanel(
                [FieldPanel("source_name"), FieldPanel("source_url")],
                heading=gettext_lazy("Who says so"),
            ),
        ]
    )

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            GroupedNumberColumn("estimate", label=_("Ballots left"), sort_key="estimate"),
            Column("election", label=_("Election"), accessor="election.name"),
            Column("contest", label=_("Race"), accessor=_coverage),
            Column("as_of", label=_("As of"), sort_key="as_of"),
            Column("next_update_at", label=_("Next update"), classname=ON_WIDE_SCREENS),
            Column("source_name", label=_("Said by"), classname=ON_WIDE_SCREENS),
        ]


def _coverage(estimate: BallotsRemaining) -> str:
    return str(estimate.contest) if estimate.contest else _("All races")
