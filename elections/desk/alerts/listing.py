"""Every alert, the open ones first, with a way to mute more of its kind."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permissions import policy_registry

from elections.desk.alerts.mail import MyMailView
from elections.desk.local_times import local_time_text
from elections.desk.records import ON_WIDE_SCREENS, ListView, RecordViewSet
from elections.models import Alert, Election, Mute

STATES = {
    "open": gettext_lazy("Open"),
    "over": gettext_lazy("Over"),
    "happened": gettext_lazy("Happened"),
}


def state_of(alert: Alert) -> str:
    if not alert.lasts:
        return "happened"
    return "over" if alert.is_over else "open"


class AlertFilterSet(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=list(STATES.items()), method="filter_state"
    )
    election = django_filters.ModelChoiceFilter(
        queryset=Election.objects.all(), label=gettext_lazy("Election")
    )

    class Meta:
        model = Alert
        fields = ["state", "kind", "election", "source"]

    def filter_state(self, alerts: QuerySet[Alert], name: str, state: str) -> QuerySet[Alert]:
        if state == "open":
            return alerts.open()
        return alerts.filter(lasts=False) if state == "happened" else alerts.exclude(closed_at=None)


class AlertListView(ListView):
    empty_message = gettext_lazy(
        "Nothing is wrong. Sources that fail, counts that are held, leads that change and other "
        "things that the desk should know without looking will be listed here."
    )

    def get_base_queryset(self) -> QuerySet[Alert]:
        is_open = Case(
            When(lasts=True, closed_at=None, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        )
        sent = Q(deliveries__sent_at__isnull=False)
        return (
            super()
            .get_base_queryset()
            .select_related("election", "source", "contest")
            .annotate(
                messages=Count("deliveries"),
                messages_sent=Count("deliveries", filter=sent),
                messages_failed=Count("deliveries", filter=Q(deliveries__failed_at__isnull=False)),
            )
            .order_by(is_open, "-opened_at", "-pk")
        )

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons = [HeaderButton(_("Mail to me"), url=reverse("elections_alerts:mail"))]
        if self._may_mute:
            url = reverse("elections_mutes:add")
            buttons.append(HeaderButton(_("Mute"), url=url))
        return buttons

    @cached_property
    def _may_mute(self) -> bool:
        return policy_registry.get_by_type(Mute).user_has_permission(self.request.user, "add")

    def _get_title_column(self, field_name: str, *args: Any, **kwargs: Any) -> Column:
        """Lead from what happened to the race or the source that it is about."""
        column = super()._get_title_column(field_name, *args, **kwargs)
        column._get_url_func = about_url
        return column

    def get_list_more_buttons(self, instance: Alert) -> list[MenuItem]:
        if not self._may_mute:
            return []
        wanted = {"kind": instance.kind}
        labels = [(_("Mute everything of this kind"), wanted)]
        if instance.source_id:
            labels.append((_("Mute this source"), {"source": instance.source_id}))
        if instance.contest_id:
            labels.append((_("Mute this race"), {"contest": instance.contest_id}))
        return [
            MenuItem(label, url=f"{reverse('elections_mutes:add')}?{urlencode(facts)}", priority=n)
            for n, (label, facts) in enumerate(labels)
        ]


class AlertViewSet(RecordViewSet):
    model = Alert
    name = "alerts"
    icon = "info-circle"
    menu_label = gettext_lazy("Alerts")
    menu_order = 610
    list_per_page = 50
    index_view_class = AlertListView
    filterset_class = AlertFilterSet
    search_fields = ["message"]

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "message",
            StatusTagColumn(
                "state",
                label=_("State"),
                accessor=_state_text,
                primary=lambda alert: state_of(alert) == "open",
            ),
            Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
            Column("opened_at", label=_("Since"), accessor=_since_text, sort_key="opened_at"),
            Column("told", label=_("Told"), accessor=told_text, classname=ON_WIDE_SCREENS),
        ]

    def get_urlpatterns(self) -> list:
        mail = path("mail/", self.construct_view(MyMailView), name="mail")
        return [*super().get_urlpatterns(), mail]


def _state_text(alert: Alert) -> str:
    return str(STATES[state_of(alert)])


def about_url(alert: Alert) -> str | None:
    if alert.contest_id:
        return reverse("elections_races:inspect", args=[alert.contest_id])
    if alert.source_id:
        return reverse("elections_sources:inspect", args=[alert.source_id])
    return None


def _since_text(alert: Alert) -> str:
    since = local_time_text(alert.opened_at, alert.election)
    if alert.closed_at is None:
        return since
    return _("%(since)s to %(until)s") % {
        "since": since,
        "until": local_time_text(alert.closed_at, alert.election),
    }


def told_text(alert: Alert) -> str:
    """Say how many messages went out; needs the annotations of the list."""
    if alert.is_silent:
        return _("Muted, or over before anybody was told")
    if alert.told_at is None:
        return _("Not yet")
    if alert.messages == 0:
        return _("Nobody asked to be told")
    waiting = alert.messages - alert.messages_sent - alert.messages_failed
    said = ngettext("%(count)s message sent", "%(count)s messages sent", alert.messages_sent) % {
        "count": alert.messages_sent
    }
    if waiting:
        said += ", " + _("%(count)s waiting") % {"count": waiting}
    if alert.messages_failed:
        said += ", " + _("%(count)s given up") % {"count": alert.messages_failed}
    return said
