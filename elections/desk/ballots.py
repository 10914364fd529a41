"""Ballots left to count: each estimate is a new row, none is ever changed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn

from elections.desk.local_times import local_time_text, read_in_zone
from elections.desk.publishing import publish_election_soon, publish_soon
from elections.desk.records import ON_WIDE_SCREENS, AddRecordView, ListView, RecordViewSet
from elections.models import BallotsRemaining, Election
from elections.widgets.figures import number


class GroupedNumberColumn(NumberColumn):
    """A number that a person reads: 780,000."""

    def get_value(self, instance: BallotsRemaining) -> str:
        return number(super().get_value(instance))


class BallotsForm(WagtailAdminModelForm):
    """Its times are of the zone of the election that is chosen in it."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        election = self._chosen_election()
        if election is None:
            return
        where = _("In the election’s own time zone: %(zone)s for “%(election)s”.") % {
            "zone": election.time_zone,
            "election": election.name,
        }
        read_in_zone(self, ["as_of", "next_update_at"], election.zone, where)

    def _chosen_election(self) -> Election | None:
        if not self.is_bound:
            return Election.objects.filter(pk=self.instance.election_id).first()
        typed = self.data.get(self.add_prefix("election"), "")
        return Election.objects.filter(pk=typed).first() if typed.isdecimal() else None


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
        ],
        base_form_class=BallotsForm,
    )

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            GroupedNumberColumn("estimate", label=_("Ballots left"), sort_key="estimate"),
            Column("election", label=_("Election"), accessor="election.name"),
            Column("contest", label=_("Race"), accessor=_coverage),
            Column("as_of", label=_("As of"), accessor=_as_of_text, sort_key="as_of"),
            Column(
                "next_update_at",
                label=_("Next update"),
                accessor=_next_update_text,
                classname=ON_WIDE_SCREENS,
            ),
            Column("source_name", label=_("Said by"), classname=ON_WIDE_SCREENS),
        ]


def _coverage(estimate: BallotsRemaining) -> str:
    return str(estimate.contest) if estimate.contest else _("All races")


def _as_of_text(estimate: BallotsRemaining) -> str:
    return local_time_text(estimate.as_of, estimate.election)


def _next_update_text(estimate: BallotsRemaining) -> str:
    return local_time_text(estimate.next_update_at, estimate.election)
