"""Newsletter services in the admin: what waits, what differs, and what to do about it."""

from __future__ import annotations

import logging
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from django.views.generic.edit import FormView
from wagtail.admin import messages

from newsroom.newsletters.models import DriftReport, Newsletter, SyncedList
from newsroom.newsletters.staff.pages import StaffMixin, StaffPage, to_list
from newsroom.newsletters.syncing.contract import service_choices

logger = logging.getLogger(__name__)


def say_drift(report: DriftReport) -> list[str]:
    """Say in sentences how a list differed, and what was done about it."""
    if not report.is_complete:
        return [
            _("The list could not be read: %(why)s Nothing was changed.") % {"why": report.message}
        ]
    parts = [
        (
            report.missing_there,
            ngettext(
                "%(count)s person here was not there, and is told again.",
                "%(count)s people here were not there, and are told again.",
                report.missing_there,
            ),
        ),
        (
            report.left_there,
            ngettext(
                "%(count)s person had left there, and is off our list.",
                "%(count)s people had left there, and are off our list.",
                report.left_there,
            ),
        ),
        (
            report.still_there,
            ngettext(
                "%(count)s person who is not on our list was still on theirs, and is taken off.",
                "%(count)s people who are not on our list were still on theirs, and are taken off.",
                report.still_there,
            ),
        ),
        (
            report.missing_here,
            ngettext(
                "%(count)s person was only there.",
                "%(count)s people were only there.",
                report.missing_here,
            ),
        ),
    ]
    found = [words % {"count": f"{count:,}"} for count, words in parts if count]
    return found or [_("Both lists are the same.")]


class SyncView(StaffPage):
    permission_required = "manage"
    page_title = gettext_lazy("Newsletter services")
    template_name = "newsroom/newsletters/staff/sync.html"
    header_icon = "resubmit"

    def trail(self) -> list[tuple[str, str]]:
        return [to_list()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = Count("changes", filter=Q(changes__done_at=None))
        lists = SyncedList.objects.select_related("newsletter").annotate(waiting=waiting)
        lines = []
        for synced in lists.order_by("newsletter__name", "pk"):
            report = synced.reports.first()
            lines.append((synced, report, say_drift(report) if report else []))
        return super().get_context_data(
            lines=lines,
            has_services=bool(service_choices()),
            **kwargs,
        )


class CompareView(StaffMixin, View):
    """Asks for a comparison now; the list may be long, so a worker reads it."""

    permission_required = "manage"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        from newsroom.newsletters.tasks import compare_service

        synced = get_object_or_404(SyncedList, pk=pk, is_active=True)
        try:
            compare_service.apply_async(kwargs={"synced_id": synced.pk}, retry=False, expires=3600)
        except Exception as error:
            logger.warning("The task queue cannot be reached: %s", error)
            messages.error(request, _("The task queue cannot be reached. Try again in a minute."))
        else:
            messages.success(request, _("The list is being read. Look again in a minute."))
        return redirect("newsroom_subscribers:sync")


class ConnectForm(forms.ModelForm):
    service = forms.ChoiceField(
        label=gettext_lazy("Service"),
        help_text=gettext_lazy("As your developers named it in the settings."),
    )

    class Meta:
        model = SyncedList
        fields = ["newsletter", "service", "remote_id", "takes_new", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = service_choices()
        self.fields["newsletter"].queryset = Newsletter.objects.lists()


class ConnectView(StaffMixin, FormView):
    """Joins a newsletter with a list of a service, or changes that. For who may do so."""

    permission_required = "prove"
    page_title = gettext_lazy("Connect a list")
    template_name = "newsroom/newsletters/staff/connect.html"
    header_icon = "resubmit"
    form_class = ConnectForm

    def trail(self) -> list[tuple[str, str]]:
        return [to_list(), (reverse("newsroom_subscribers:sync"), _("Newsletter services"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        pk = self.kwargs.get("pk")
        instance = get_object_or_404(SyncedList, pk=pk) if pk else None
        return {**super().get_form_kwargs(), "instance": instance}

    def form_valid(self, form: ConnectForm) -> HttpResponse:
        form.save()
        messages.success(self.request, _("Saved. The lists are compared within the hour."))
        return redirect("newsroom_subscribers:sync")
