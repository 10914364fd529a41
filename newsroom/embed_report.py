"""What editors see of embeds that are in trouble: a report, and a line on the home page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import swapper
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from newsroom.models import EmbedRecord, EmbedUse


class PagesColumn(Column):
    """Links to the pages that a report's row is about."""

    def get_cell_context_data(self, instance: Any, parent_context: dict) -> dict:
        context = super().get_cell_context_data(instance, parent_context)
        links = ((edit_url(page.pk), page.title) for page in instance.pages_showing)
        context["value"] = format_html_join(", ", '<a href="{}">{}</a>', links)
        return context


def edit_url(page_id: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page_id])


def add_pages(records: Iterable[EmbedRecord]) -> list[EmbedRecord]:
    """Give each record the pages that show it, in two queries for all."""
    records = list(records)
    uses = list(EmbedUse.objects.filter(record__in=records))
    Page = swapper.load_model("wagtailcore", "Page")  # noqa: N806
    pages = Page.objects.in_bulk({use.page_id for use in uses})
    for record in records:
        ids = [use.page_id for use in uses if use.record_id == record.pk]
        record.pages_showing = [pages[pk] for pk in ids if pk in pages]
    return records


def _state(record: EmbedRecord) -> str:
    if record.is_dead:
        return _("Gone: readers get its words, picture and figures")
    return _("Not reached at the last try: readers still get it")


class EmbedReportView(ReportView):
    page_title = gettext_lazy("Embeds in trouble")
    header_icon = "media"
    index_url_name = "newsroom_embeds:index"
    index_results_url_name = "newsroom_embeds:index_results"
    model = EmbedRecord
    default_ordering = "-failing_since"
    results_template_name = "newsroom/admin/embed_results.html"
    is_searchable = False

    def get_queryset(self) -> QuerySet[EmbedRecord]:
        return EmbedRecord.objects.troubled().order_by("-dead_since", "-failing_since", "pk")

    def decorate_paginated_queryset(self, records: Iterable[EmbedRecord]) -> list[EmbedRecord]:
        return add_pages(records)

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column("title", label=_("Embed"), accessor=_link),
            Column("state", label=_("State"), accessor=_state),
            DateColumn("failing_since", label=_("Since")),
            Column("message", label=_("What happened"), accessor="message"),
            PagesColumn("pages", label=_("In")),
        ]


def _link(record: EmbedRecord) -> str:
    return format_html('<a href="{}" rel="noopener">{}</a>', record.url, record.title or record.url)


class DeadEmbedsPanel(Component):
    """A line on the admin's home page; nothing where all embeds are well."""

    name = "dead_embeds"
    template_name = "newsroom/admin/dead_embeds.html"
    order = 58

    def get_context_data(self, parent_context: dict) -> dict:
        count = EmbedRecord.objects.troubled().count()
        sentence = ngettext(
            "%(count)s embed in a live story could not be reached.",
            "%(count)s embeds in live stories could not be reached.",
            count,
        ) % {"count": count}
        return {"count": count, "sentence": sentence, "url": reverse("newsroom_embeds:index")}


def urlpatterns() -> list:
    return [
        path("", EmbedReportView.as_view(), name="index"),
        path("results/", EmbedReportView.as_view(results_only=True), name="index_results"),
    ]


def menu_item() -> MenuItem:
    return MenuItem(
        _("Embeds in trouble"), reverse("newsroom_embeds:index"), icon_name="media", order=800
    )
