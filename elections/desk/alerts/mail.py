"""Which alerts a person gets by mail: their own choice, on a page of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from elections.models import Alert, AlertKind, AlertSubscription


class MyMailForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Write to me about"),
        choices=AlertKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy(
            "One mail when it begins and one when it is over; many at once come as one mail."
        ),
    )


class MyMailView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    model = Alert
    any_permission_required = ["view"]
    form_class = MyMailForm
    template_name = "elections/desk/my_alert_mail.html"
    page_title = gettext_lazy("Mail to me")
    header_icon = "mail"
    success_url = reverse_lazy("elections_alerts:index")

    def get_initial(self) -> dict[str, Any]:
        mine = AlertSubscription.objects.filter(user=self.request.user)
        return {"kinds": list(mine.values_list("kind", flat=True))}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("elections_alerts:index"), "label": _("Alerts")},
            {"url": "", "label": self.page_title},
        ]

    @transaction.atomic
    def form_valid(self, form: MyMailForm) -> HttpResponse:
        user, kinds = self.request.user, form.cleaned_data["kinds"]
        AlertSubscription.objects.filter(user=user).exclude(kind__in=kinds).delete()
        AlertSubscription.objects.bulk_create(
            [AlertSubscription(user=user, kind=kind) for kind in kinds], ignore_conflicts=True
        )
        messages.success(self.request, _("Saved. It holds for alerts from now on."))
        return super().form_valid(form)
