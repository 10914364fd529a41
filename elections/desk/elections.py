"""Elections: one form for what readers and feeds need to know about an election day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, NumberColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from elections.desk.local_times import local_time_text, read_in_zone, zone_of
from elections.desk.publishing import publish_election_soon
from elections.desk.records import LIST_TEMPLATE, HistoryDeleteMixin, ListView
from elections.models import Call, Contest, CurrentCount, Election


class ElectionListView(ListView):
    empty_message = _(
        "Elections will be listed here. Add the first one with its day, its time zone and the "
        "time the polls close; then add a source, and its races come in by themselves."
    )

    def get_base_queryset(self) -> QuerySet[Election]:
        is_draft = Q(contests__status=Contest.Status.DRAFT)
        return (
            super()
            .get_base_queryset()
            .annotate(race_count=Count("contests"), draft_count=Count("contests", filter=is_draft))
        )


def kinds_for_approval() -> list[tuple[str, str]]:
    """Return the calls that may need a second person: all but taking one back."""
    return [(kind.value, kind.label) for kind in Call.Kind if kind is not Call.Kind.RETRACTED]


class ElectionForm(WagtailAdminModelForm):
    """Its times are of the zone that the same form names."""

    approval_kinds = forms.MultipleChoiceField(
        label=_("Calls that need a second person"),
        choices=kinds_for_approval,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "One person proposes such a call; readers see it once another person approves it. A "
            "call is always taken back by one person, at once."
        ),
    )

    are_real = forms.BooleanField(
        label=_("Its counts and calls are real ones"),
        required=False,
        help_text=_(
            "Tick it only to make a test election a real one after counts or calls have come in."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        typed = self.data.get(self.add_prefix("time_zone"), "").strip()
        zone = zone_of(typed, self.instance)
        where = _("In the time zone written above, now %(zone)s.") % {"zone": zone.key}
        read_in_zone(self, ["polls_close_at", "certified_at"], zone, where)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        becomes_real = self.initial.get("is_test") and not cleaned.get("is_test")
        if becomes_real and not cleaned.get("are_real") and _has_results(self.instance):
            self.add_error(
                "is_test",
                _(
                    "This test election has counts or calls, and readers would take them for real "
                    "ones. Make a new election for the real one. If they are real, say so below."
                ),
            )
        return cleaned


def _has_results(election: Election) -> bool:
    """Whether anything stands in the election's races that a rehearsal may have left there."""
    counts = CurrentCount.objects.filter(contest__election=election)
    return counts.exists() or Call.objects.filter(contest__election=election).exists()


class ElectionInspectView(generic.InspectView):
    def get_polls_close_at_display_value(self) -> str:
        return local_time_text(self.object.polls_close_at, self.object)

    def get_certified_at_display_value(self) -> str:
        return local_time_text(self.object.certified_at, self.object)

    def get_approval_kinds_display_value(self) -> str:
        labels = dict(kinds_for_approval())
        chosen = [str(labels[kind]) for kind in self.object.approval_kinds if kind in labels]
        return ", ".join(chosen) or _("None")


class ElectionEditView(generic.EditView):
    def save_instance(self) -> Election:
        election = super().save_instance()
        publish_election_soon(election)
        return election


class ElectionDeleteView(HistoryDeleteMixin, generic.DeleteView):
    pass


class ElectionViewSet(ModelViewSet):
    model = Election
    name = "elections"
    url_prefix = "elections/elections"
    url_namespace = "elections_elections"
    icon = "date"
    menu_label = _("Elections")
    menu_order = 100
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = ElectionListView
    index_results_template_name = LIST_TEMPLATE
    edit_view_class = ElectionEditView
    inspect_view_class = ElectionInspectView
    delete_view_class = ElectionDeleteView
    search_backend_name = None
    search_fields = ["name", "jurisdiction"]
    list_filter = ["is_test", "election_date"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("name"),
                    FieldPanel("jurisdiction"),
                    FieldPanel("registered_voters"),
                    FieldPanel("is_test"),
                    FieldPanel("are_real"),
                ],
                heading=_("What readers see"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("election_date"),
                    FieldPanel("time_zone"),
                    FieldPanel("polls_close_at"),
                    FieldPanel("certified_at"),
                ],
                heading=_("Times"),
                help_text=_(
                    "No vote is shown before the polls close, whatever a feed reports. The feeds "
                    "are asked most often in the night after it, and not at all after "
                    "certification."
                ),
            ),
            MultiFieldPanel(
                [FieldPanel("approval_kinds"), FieldPanel("maker_may_approve")],
                heading=_("Two people for a call"),
            ),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("release_sightings"), FieldPanel("release_minutes")])],
                heading=_("When a source takes votes away"),
                help_text=_(
                    "A count that takes votes away is held. If the source keeps saying so and "
                    "nobody decides, it is released with a note; one that changes who is ahead "
                    "always waits for a person."
                ),
            ),
        ],
        base_form_class=ElectionForm,
    )

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "name",
            "election_date",
            "jurisdiction",
            NumberColumn("race_count", label=_("Races"), sort_key="race_count"),
            NumberColumn("draft_count", label=_("Drafts"), sort_key="draft_count"),
            BooleanColumn("is_test", label=_("Test"), sort_key="is_test"),
        ]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(delete_url_name=self.UNDEFINED, **kwargs)
