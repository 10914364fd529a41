"""What nobody is told of for a while, and who said so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, UserColumn
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from elections.desk import audit
from elections.desk.records import ON_WIDE_SCREENS, AddRecordView, ListView, RecordViewSet
from elections.models import AlertKind, Mute

LENGTHS = {
    "0.5": gettext_lazy("half an hour"),
    "2": gettext_lazy("2 hours"),
    "8": gettext_lazy("8 hours"),
    "24": gettext_lazy("a day"),
    "168": gettext_lazy("a week"),
}


class MuteForm(WagtailAdminModelForm):
    hours = forms.ChoiceField(label=gettext_lazy("For"), choices=list(LENGTHS.items()), initial="2")

    def save(self, commit: bool = True) -> Mute:
        hours = float(self.cleaned_data["hours"])
        self.instance.until = timezone.now() + timedelta(hours=hours)
        return super().save(commit)


class MuteListView(ListView):
    add_item_label = gettext_lazy("Mute alerts")
    empty_message = gettext_lazy(
        "Nothing is muted. When a source is known to be down, or a race is known to be tied, mute "
        "it here for a while; the list of alerts still has everything."
    )

    def get_base_queryset(self) -> QuerySet[Mute]:
        return super().get_base_queryset().select_related("source", "contest", "muted_by")

    def get_list_more_buttons(self, instance: Mute) -> list:
        return []


class MuteAddView(AddRecordView):
    def get_initial_form_instance(self) -> Mute:
        """Start with what the list of alerts was asked to mute."""
        asked = self.request.GET
        kind = asked.get("kind", "")
        return Mute(
            kind=kind if kind in AlertKind.values else "",
            source_id=_number(asked.get("source", "")),
            contest_id=_number(asked.get("contest", "")),
        )

    def save_instance(self) -> Mute:
        self.form.instance.muted_by = self.request.user
        return super().save_instance()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None


class UnmuteView(PermissionCheckedMixin, View):
    """End a mute now; its row stays on record."""

    model = Mute
    any_permission_required = ["add"]
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mute, now = get_object_or_404(Mute, pk=pk), timezone.now()
        if Mute.objects.active(now).filter(pk=pk).update(until=now):
            log(mute, audit.UNMUTED)
            messages.success(request, _("These alerts are told again from now on."))
        else:
            messages.info(request, _("This mute was over already."))
        return redirect(reverse("elections_mutes:index"))


class UnmuteColumn(Column):
    cell_template_name = "elections/desk/unmute_cell.html"

    def get_value(self, instance: Mute) -> str:
        return "" if instance.until <= timezone.now() else instance.pk


class MuteViewSet(RecordViewSet):
    model = Mute
    name = "mutes"
    icon = "no-view"
    menu_label = gettext_lazy("Muted alerts")
    menu_order = 620
    add_view_enabled = True
    index_view_class = MuteListView
    add_view_class = MuteAddView
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [
                    FieldPanel("kind", classname="elections-form"),
                    FieldPanel("source", classname="elections-form"),
                    FieldPanel("contest"),
                ],
                heading=gettext_lazy("What"),
                help_text=gettext_lazy(
                    "Only alerts that are of this kind, and of this source, and of this race. "
                    "Leave empty what does not matter."
                ),
            ),
            MultiFieldPanel([FieldPanel("hours")], heading=gettext_lazy("How long")),
        ],
        base_form_class=MuteForm,
    )

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            Column("what", label=_("What"), accessor=_what),
            Column("until", label=_("Until"), accessor=_until_text, sort_key="until"),
            UserColumn("muted_by", label=_("Muted by"), classname=ON_WIDE_SCREENS),
            DateColumn("created_at", label=_("Muted at"), classname=ON_WIDE_SCREENS),
            UnmuteColumn("end", label=_("End")),
        ]

    def get_urlpatterns(self) -> list:
        end = path("end/<int:pk>/", self.construct_view(UnmuteView), name="end")
        return [*super().get_urlpatterns(), end]


def _until_text(mute: Mute) -> str:
    return date_format(timezone.localtime(mute.until), "SHORT_DATETIME_FORMAT")


def _what(mute: Mute) -> str:
    kind = mute.get_kind_display() if mute.kind else _("Every kind")
    return ", ".join(str(part) for part in (kind, mute.source, mute.contest) if part)
