"""Chats that are told of alerts. The address is a secret: it is written here and never shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet

from elections.conf import elections_settings
from elections.desk.records import LIST_TEMPLATE, ListView
from elections.feeds.contract import FeedError
from elections.feeds.http import check_address
from elections.models import AlertKind, AlertWebhook

LOOK_UP_SECONDS = 3.0


class WebhookForm(WagtailAdminModelForm):
    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=1000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds"),
        choices=AlertKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Choose none to be told of every kind."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        said = AlertWebhook._meta.get_field("address").help_text
        if self.instance.address:
            said = _("Leave it empty to keep the address at %(host)s. %(help)s") % {
                "host": self.instance.host,
                "help": said,
            }
        self.fields["address"].help_text = said

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip() or self.initial.get("address", "")
        if not address:
            raise forms.ValidationError(_("Paste the address that the chat gave you."))
        if not address.startswith("https://") and not elections_settings.ALLOW_PRIVATE_NETWORKS:
            raise forms.ValidationError(_("The address must start with https://."))
        try:
            check_address(
                address,
                allow_private=elections_settings.ALLOW_PRIVATE_NETWORKS,
                timeout=LOOK_UP_SECONDS,
            )
        except FeedError as error:
            if error.code == "dns":
                return address
            raise forms.ValidationError(REFUSED[error.code == "private-network"]) from error
        return address


REFUSED = {
    True: gettext_lazy(
        "This address leads into a private network, which alerts may not reach. Have your "
        "developers allow private networks for this site, or write a public address."
    ),
    False: gettext_lazy("This is not a web address. Copy it from the chat once more."),
}


class WebhookListView(ListView):
    add_item_label = gettext_lazy("Add a chat")
    empty_message = gettext_lazy(
        "Chats that are told of alerts will be listed here. Make an incoming webhook in Slack, or "
        "in a chat that takes Slack's form, and add its address."
    )


class WebhookViewSet(ModelViewSet):
    model = AlertWebhook
    name = "alert-chats"
    url_prefix = "elections/alert-chats"
    url_namespace = "elections_alert_chats"
    icon = "comment"
    menu_label = gettext_lazy("Alerts to chats")
    menu_order = 630
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = WebhookListView
    index_results_template_name = LIST_TEMPLATE
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("name"), FieldPanel("address"), FieldPanel("is_active")],
                heading=gettext_lazy("Where"),
            ),
            MultiFieldPanel([FieldPanel("kinds")], heading=gettext_lazy("What")),
        ],
        base_form_class=WebhookForm,
    )

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "name",
            Column("host", label=_("Server"), accessor="host"),
            Column("kinds", label=_("Told of"), accessor=_kinds_text),
            BooleanColumn("is_active", label=_("Active")),
        ]


def _kinds_text(webhook: AlertWebhook) -> str:
    if not webhook.kinds:
        return _("Every kind")
    return ", ".join(str(AlertKind(kind).label) for kind in webhook.kinds if kind in AlertKind)
