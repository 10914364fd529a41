"""Sources: where counts come from, and whether they come."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from elections.conf import elections_settings
from elections.desk.asking import AcceptView, AskNowView
from elections.desk.documents import DocumentListView, FetchListView, RawDocumentView
from elections.desk.feed_health import FeedHealthView
from elections.desk.health import Health, source_health, sources_with_health
from elections.desk.mapping_page import MapView
from elections.desk.publishing import publish_election_soon
from elections.desk.reading import DocumentTextView
from elections.desk.records import (
    LIST_TEMPLATE,
    ON_WIDE_SCREENS,
    HistoryDeleteMixin,
    ListView,
)
from elections.desk.source_page import SourceInspectView
from elections.desk.trials import TriedMixin, TryView
from elections.feeds import http, typed
from elections.feeds.contract import FeedError
from elections.models import Election, Source

LOOK_UP_SECONDS = 3.0

REFUSALS = {
    "bad-scheme": gettext_lazy("The address must start with https:// or http://."),
    "bad-address": gettext_lazy(
        "This is not the address of a document. Copy it from a browser, without a user name, a "
        "password or blanks."
    ),
    "private-network": gettext_lazy(
        "This address leads into a private network, which feeds may not reach. Write the public "
        "address, or have your developers allow private networks for this site."
    ),
}


class SourceForm(WagtailAdminModelForm):
    """Refuses at once what the door to the network would refuse at every attempt."""

    unknown_host = ""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.provider != typed.name:
            field = self.fields["provider"]
            field.choices = [one for one in field.choices if one[0] != typed.name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        address = cleaned.get("address", "")
        same = Source.objects.filter(
            election=cleaned.get("election"), provider=cleaned.get("provider"), address=address
        )
        if address and same.exclude(pk=self.instance.pk).exists():
            self.add_error("address", _("This election has a source with that address already."))
            # An error takes the value away, and the model would then miss it too.
            cleaned["address"] = address
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        source = self.instance
        if source.mode != Source.Mode.AUTOMATIC or "address" in self.errors or not source.address:
            return
        try:
            http.check_address(
                source.address,
                allow_private=elections_settings.ALLOW_PRIVATE_NETWORKS,
                timeout=LOOK_UP_SECONDS,
            )
        except FeedError as error:
            if error.code in REFUSALS:
                self.add_error("address", str(REFUSALS[error.code]))
            else:
                self.unknown_host = error.message


class UnknownHostMixin:
    """Saves a source whose name nobody knows right now, and says so."""

    def save_instance(self) -> Source:
        source = super().save_instance()
        if self.form.unknown_host:
            messages.warning(self.request, self.form.unknown_host)
        return source


class SourceAddView(TriedMixin, UnknownHostMixin, generic.CreateView):
    pass


class SourceEditView(TriedMixin, UnknownHostMixin, generic.EditView):
    def save_instance(self) -> Source:
        """Save it; its name, its public page and its precedence stand in results.

        A source that moves to another election leaves its counts in the former one.
        """
        former = Election.objects.get(sources=self.object.pk)
        source = super().save_instance()
        for election in {former, source.election}:
            publish_election_soon(election)
        return source


class SourceDeleteView(HistoryDeleteMixin, generic.DeleteView):
    pass


class HealthColumn(Column):
    cell_template_name = "elections/desk/health_cell.html"

    def get_value(self, instance: Source) -> Health:
        return source_health(instance, timezone.now())


class LatestGoodColumn(DateColumn):
    cell_template_name = "elections/desk/latest_good_cell.html"


class SourceListView(ListView):
    empty_message = gettext_lazy(
        "Sources will be listed here: the documents in which officials publish their counts. "
        "Add an election first, then the address of its feed."
    )

    def get_base_queryset(self) -> QuerySet[Source]:
        return sources_with_health(super().get_base_queryset())

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        url = reverse("elections_sources:health")
        return [*super().header_buttons, HeaderButton(_("Health"), url=url, icon_name="history")]

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> Column:
        column = super()._get_title_column(field_name, *args, **kwargs)
        column._get_url_func = self.get_inspect_url
        return column


class SourceViewSet(ModelViewSet):
    model = Source
    name = "sources"
    url_prefix = "elections/sources"
    url_namespace = "elections_sources"
    icon = "download"
    menu_label = gettext_lazy("Sources")
    menu_order = 300
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = SourceListView
    index_results_template_name = LIST_TEMPLATE
    add_view_class = SourceAddView
    edit_view_class = SourceEditView
    delete_view_class = SourceDeleteView
    inspect_view_class = SourceInspectView
    inspect_template_name = "elections/desk/source.html"
    create_template_name = edit_template_name = "elections/desk/source_form.html"
    search_fields = ["name", "address"]
    list_filter = ["election", "provider", "mode", "is_active"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("election"),
                    FieldPanel("name"),
                    FieldPanel("coverage"),
                    FieldPanel("public_url"),
                ],
                heading=gettext_lazy("What readers see"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("provider"),
                    FieldPanel("address"),
                    FieldPanel("mode"),
                    FieldPanel("is_active"),
                    FieldPanel("precedence"),
                ],
                heading=gettext_lazy("How it is asked"),
                help_text=gettext_lazy(
                    "It is asked once an hour before the election, every half minute on the "
                    "night, and every quarter of an hour while the count goes on."
                ),
            ),
        ],
        base_form_class=SourceForm,
    )

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "name",
            Column(
                "election",
                label=_("Election"),
                accessor="election.name",
                classname=ON_WIDE_SCREENS,
            ),
            HealthColumn("health", label=_("State")),
            LatestGoodColumn(
                "latest_good_at", label=_("Last good answer"), sort_key="latest_good_at"
            ),
            NumberColumn(
                "latest_error_streak",
                label=_("Failures in a row"),
                sort_key="latest_error_streak",
                classname=ON_WIDE_SCREENS,
            ),
        ]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(delete_url_name=self.UNDEFINED, **kwargs)

    def get_urlpatterns(self) -> list:
        fetches = self.construct_view(FetchListView)
        fetches_results = self.construct_view(FetchListView, results_only=True)
        documents = self.construct_view(DocumentListView)
        documents_results = self.construct_view(DocumentListView, results_only=True)
        health_results = self.construct_view(FeedHealthView, results_only=True)
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/attempts/", fetches, name="attempts"),
            path("<int:pk>/attempts/results/", fetches_results, name="attempts_results"),
            path("<int:pk>/documents/", documents, name="documents"),
            path("<int:pk>/documents/results/", documents_results, name="documents_results"),
            path("health/", self.construct_view(FeedHealthView), name="health"),
            path("health/results/", health_results, name="health_results"),
            path("document/<int:pk>/text/", self.construct_view(DocumentTextView), name="text"),
            path("document/<int:pk>/raw/", self.construct_view(RawDocumentView), name="raw"),
            path("<int:pk>/try/", self.construct_view(TryView), name="try"),
            path("<int:pk>/map/", self.construct_view(MapView), name="map"),
            path("<int:pk>/ask/", self.construct_view(AskNowView), name="ask"),
            path("document/<int:pk>/accept/", self.construct_view(AcceptView), name="accept"),
        ]
