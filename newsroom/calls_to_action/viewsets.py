from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from newsroom.calls_to_action.models import (
    CallToAction,
    DonationPage,
    Placement,
    QuietTime,
    Trial,
)
from newsroom.style import full_day_and_time


def link_to(name: str) -> Callable[[Any], str]:
    """Return the accessor of a column that leads to the numbers of a row."""
    return lambda row: format_html(
        '<a href="{}">{}</a>', reverse(f"newsroom_asks:{name}", args=[row.pk]), _("Numbers")
    )


def say_until(quiet: QuietTime) -> str:
    """Say when a quiet time ends, on the clock of whoever looks; or that it is over."""
    if quiet.until <= timezone.now():
        return _now("It is over.")
    return full_day_and_time(timezone.localtime(quiet.until))


class CallToActionViewSet(SnippetViewSet):
    model = CallToAction
    icon = "pick"
    menu_label = _("Calls to action")
    list_display = [
        "heading",
        "kind",
        "newsletter",
        "audience",
        Column("numbers", label=_("What it brought in"), accessor=link_to("ask_numbers")),
    ]
    list_filter = ["kind", "audience", "newsletter"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallToAction]:
        return CallToAction.objects.select_related("newsletter")


class PlacementViewSet(SnippetViewSet):
    model = Placement
    icon = "list-ul"
    menu_label = _("Places of asks")
    list_display = [
        "call_to_action",
        Column("place", label=_("Where"), sort_key="where"),
        Column("scope", label=_("Only below")),
        BooleanColumn("is_active", label=_("Active")),
    ]
    list_filter = ["where", "is_active"]
    inspect_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Placement]:
        return Placement.objects.select_related("call_to_action", "section")


class QuietTimeCreateView(CreateView):
    def save_instance(self) -> QuietTime:
        self.form.instance.made_by = self.request.user
        return super().save_instance()


class QuietTimeViewSet(SnippetViewSet):
    model = QuietTime
    icon = "no-view"
    menu_label = _("Quiet times")
    list_display = [
        "reason",
        Column("scope", label=_("Where")),
        Column("until", label=_("Until"), accessor=say_until, sort_key="until"),
        "made_by",
    ]
    add_view_class = QuietTimeCreateView

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuietTime]:
        return QuietTime.objects.select_related("page", "topic", "made_by")


class DonationPageViewSet(SnippetViewSet):
    model = DonationPage
    icon = "link-external"
    menu_label = _("Donation pages")
    list_display = ["name", "address"]


class TrialViewSet(SnippetViewSet):
    model = Trial
    icon = "tasks"
    menu_label = _("Tests of asks")
    list_display = [
        "name",
        "call_to_action",
        "judged_on",
        DateColumn("started_at", label=_("Started")),
        DateColumn("closed_at", label=_("Closed")),
        Column("verdict", label=_("Verdict"), accessor=link_to("trial_numbers")),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trial]:
        return Trial.objects.select_related("call_to_action")
