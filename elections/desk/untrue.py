"""The queue of sentences in live stories that a race has made untrue, for who edits the stories."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import swapper
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from elections.desk.story_numbers import story_numbers
from elections.models import StoryFinding
from elections.prose.checking import find_untrue, pages_of

swapper.set_app_prefix("wagtailcore", "wagtail")
QUEUE = "elections_untrue:index"


def findings_for(user: Any) -> QuerySet[StoryFinding]:
    """Return what nobody has accepted yet, in the pages that a person may edit."""
    page_model = swapper.load_model("wagtailcore", "Page")
    policy = policy_registry.get_by_type(page_model)
    pages = policy.instances_user_has_permission_for(user, "change")
    return StoryFinding.objects.filter(
        accepted_at=None, page_id__in=pages.order_by().values("pk")
    ).select_related("contest")


def place_url(finding: StoryFinding) -> str:
    """Return the address of the very block in the editor."""
    url = reverse("wagtailadmin_pages:edit", args=[finding.page_id])
    return f"{url}#block-{finding.block_id}-section" if finding.block_id else url


class PlaceColumn(Column):
    """The story's own words, which lead to their block in the editor."""

    def get_cell_context_data(self, instance: StoryFinding, parent_context: dict) -> dict:
        context = super().get_cell_context_data(instance, parent_context)
        context["value"] = format_html('<a href="{}">{}</a>', place_url(instance), instance.said)
        return context


class UntrueView(ReportView):
    page_title = gettext_lazy("Untrue numbers and words")
    header_icon = "warning"
    index_url_name = QUEUE
    index_results_url_name = "elections_untrue:index_results"
    model = StoryFinding
    default_ordering = "-found_at"
    results_template_name = "elections/desk/untrue_results.html"
    is_searchable = False

    def get_queryset(self) -> QuerySet[StoryFinding]:
        return findings_for(self.request.user).order_by("-found_at", "pk")

    def decorate_paginated_queryset(self, findings: Iterable[StoryFinding]) -> list[StoryFinding]:
        findings = list(findings)
        pages = pages_of(findings)
        for finding in findings:
            finding.page_title = str(pages.get(finding.page_id, ""))
        return findings

    @cached_property
    def columns(self) -> list[Column]:
        return [
            PlaceColumn("said", label=_("The story says")),
            Column("now", label=_("The race says"), accessor="now"),
            Column("page", label=_("Story"), accessor="page_title"),
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            DateColumn("found_at", label=_("Since")),
            AcceptColumn("accept", label=_("Decision")),
        ]


class AcceptColumn(Column):
    cell_template_name = "elections/desk/accept_cell.html"

    def get_value(self, instance: StoryFinding) -> str:
        return reverse("elections_untrue:accept", args=[instance.pk])


@require_POST
def accept(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Take down that somebody looked; the sentence comes back once the race moves on."""
    if not StoryFinding.objects.filter(pk=finding_id).exists():
        messages.success(request, _("It is true again by now, or no longer in the story."))
        return redirect(QUEUE)
    finding = get_object_or_404(findings_for(request.user), pk=finding_id)
    if finding.accept(by=request.user, at=timezone.now(), now=request.POST.get("now", "")):
        said = _("“%(words)s” stays as it is until the race changes again.")
        messages.success(request, said % {"words": finding.said})
    else:
        messages.warning(request, _("The race has moved on since. Look at it once more."))
    return redirect(QUEUE)


class UntruePanel(Component):
    """A line on the admin's home page; nothing where all sentences are true."""

    name = "untrue_numbers"
    template_name = "elections/desk/untrue_panel.html"
    order = 55

    def __init__(self, request: HttpRequest):
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        findings = list(findings_for(self.request.user).order_by("-found_at", "pk")[:100])
        pages = pages_of(findings)
        stories: dict[int, list[StoryFinding]] = {}
        for finding in findings:
            if finding.page_id in pages:
                stories.setdefault(finding.page_id, []).append(finding)
        rows = [
            (str(pages[pk]), place_url(found[0]), _count(len(found)))
            for pk, found in list(stories.items())[:5]
        ]
        return {"rows": rows, "count": len(stories), "url": reverse(QUEUE)}


def _count(count: int) -> str:
    return ngettext("%(count)s sentence", "%(count)s sentences", count) % {"count": count}


def add_untrue_numbers(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(UntruePanel(request))


def warn_of_untrue(request: HttpRequest, page: Any) -> None:
    """Say at publication what does not agree; nothing is stopped by it."""
    found = find_untrue(page.specific)
    if not found:
        return
    first = found[0]
    said = ngettext(
        "This page is public, and one sentence does not agree with its race: “%(said)s”. "
        "%(now)s Change the sentence, or say in the queue that it is fine.",
        "This page is public, and %(count)s sentences do not agree with their races, first: "
        "“%(said)s”. %(now)s Change them, or say in the queue that they are fine.",
        len(found),
    ) % {"count": len(found), "said": first.said, "now": _sentence(first)}
    buttons = [messages.button(reverse(QUEUE), _("See the queue"))]
    messages.warning(request, said, buttons=buttons)


def _sentence(finding: StoryFinding) -> str:
    if finding.kind == StoryFinding.Kind.WORD:
        return finding.now
    return _("The race says: %(now)s.") % {"now": finding.now.rstrip(".")}


def menu_item() -> MenuItem:
    label = _("Untrue numbers")
    return MenuItem(label, reverse(QUEUE), icon_name="warning", order=790)


urlpatterns = [
    path("", UntrueView.as_view(), name="index"),
    path("results/", UntrueView.as_view(results_only=True), name="index_results"),
    path("<int:finding_id>/accept/", accept, name="accept"),
    path("story/<int:page_id>/", story_numbers, name="numbers"),
]
