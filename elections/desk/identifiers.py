"""Links to feeds: what a provider calls our races and candidates. The machine keeps them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column

from elections.desk.records import ON_WIDE_SCREENS, ListView, RecordViewSet
from elections.desk.unlinking import UnlinkView
from elections.models import ExternalIdentifier


class IdentifierListView(ListView):
    empty_message = gettext_lazy(
        "Links to feeds will be listed here: what a feed calls each race and candidate. They are "
        "made when a source's first document comes in, and when you link a draft to a race."
    )

    def get_base_queryset(self) -> QuerySet[ExternalIdentifier]:
        return super().get_base_queryset().select_related("election", "contest", "selection")


class IdentifierViewSet(RecordViewSet):
    model = ExternalIdentifier
    name = "links"
    icon = "link"
    menu_label = gettext_lazy("Links to feeds")
    menu_order = 800
    list_per_page = 50
    index_view_class = IdentifierListView
    search_fields = ["reported_contest", "value", "contest__name", "selection__name"]
    list_filter = ["election", "provider"]

    def get_urlpatterns(self) -> list:
        view = self.construct_view(UnlinkView)
        return [*super().get_urlpatterns(), path("unlink/<int:pk>/", view, name="unlink")]

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            Column("value", label=_("Name in the feed"), sort_key="value"),
            Column("reported_contest", label=_("Race in the feed"), sort_key="reported_contest"),
            Column("selection", label=_("Our name"), accessor=_our_name),
            Column(
                "contest", label=_("Our race"), accessor="contest.name", classname=ON_WIDE_SCREENS
            ),
            Column(
                "election", label=_("Election"), accessor="election.name", classname=ON_WIDE_SCREENS
            ),
            Column("provider", label=_("Format"), sort_key="provider", classname=ON_WIDE_SCREENS),
        ]


def _our_name(identifier: ExternalIdentifier) -> str:
    return str(identifier.selection or identifier.contest)
