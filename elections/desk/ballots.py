"""Ballots left to count: each estimate is a new row, none is ever changed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn

from elections.desk.acting import GoesBackMixin, is_id
from elections.desk.local_times import local_time_text, read_in_zone
from elections.desk.publishing import publish_election_soon, publish_soon
from elections.desk.records import ON_WIDE_SCREENS, AddRecordView, ListView, RecordViewSet
from elections.models import BallotsRemaining, Contest, Election
from elections.widgets.figures import number


class GroupedNumberColumn(NumberColumn):
    """A number that a person reads: 780,000."""

    def get_value(self, instance: BallotsRemaining) -> str:
        return number(super().get_value(instance))


class BallotsForm(WagtailAdminModelForm):
    """Its times are of the zone of the election that is chosen in it.

    ``seen`` is the latest estimate when the form was opened: whoever types at the
    same time as somebody else is told of theirs before adding another.
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        latest = BallotsRemaining.objects.order_by("-pk").values_list("pk", flat=True).first()
        self.initial["seen"] = latest or 0
        election = self._chosen_election()
        if election is None:
            return
        where = _("In the election’s own time zone: %(zone)s for “%(election)s”.") % {
            "zone": election.time_zone,
            "election": election.name,
        }
        read_in_zone(self, ["as_of", "next_update_at"], election.zone, where)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        seen, election = cleaned.get("seen"), cleaned.get("election")
        if seen is None or election is None:
            return cleaned
        newer = BallotsRemaining.objects.filter(
            election=election, contest=cleaned.get("contest"), pk__gt=seen
        ).first()
        if newer is not None:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = str(self.initial["seen"])
            facts = {"number": number(newer.estimate), "source": newer.source_name}
            self.add_error(
                None,
                _(
                    "Somebody has written down %(number)s ballots, said by %(source)s, since you "
                    "opened this page. Nothing of yours is lost: save again if it is newer."
                )
                % facts,
            )
        return cleaned

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


class BallotsAddView(GoesBackMixin, AddRecordView):
    def get_initial_form_instance(self) -> BallotsRemaining:
        """Start with the race that is asked for, or the latest election, and the latest source."""
        latest = BallotsRemaining.objects.order_by("-recorded_at", "-pk").first()
        asked = self.request.GET.get("contest", "")
        contest = Contest.objects.filter(pk=asked).first() if is_id(asked) else None
        if contest is not None:
            return BallotsRemaining(
                election_id=contest.election_id,
                contest=contest,
                source_name=latest.source_name if latest else "",
                source_url=latest.source_url if latest else "",
            )
        if latest is None:
            return BallotsRemaining(election=Election.objects.first())
        return BallotsRemaining(
            election_id=latest.election_id,
            source_name=latest.source_name,
            source_url=latest.source_url,
        )

    def get_success_url(self) -> str:
        return self.next_url or super().get_success_url()

    def get_add_url(self) -> str:
        """Keep the way back in the address that the form is sent to."""
        url = super().get_add_url()
        return f"{url}?{urlencode({'next': self.next_url})}" if self.next_url else url

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
