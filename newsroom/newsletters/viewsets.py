"""What staff see of newsletters in the Wagtail admin."""

import django_filters
from django.db.models import ProtectedError, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from newsroom.newsletters.exports import TextExportMixin
from newsroom.newsletters.models import Newsletter, Subscription


class NewsletterDeleteView(SnippetViewSet.delete_view_class):
    def form_valid(self, form: object) -> HttpResponse:
        """Delete it, or say why that is not possible and what is."""
        try:
            return super().form_valid(form)
        except ProtectedError:
            reason = _(
                "This newsletter has subscribers or is asked for in stories, so it cannot be "
                "deleted. Close it instead: its forms go, its subscribers stay."
            )
            messages.error(self.request, reason)
            return redirect(self.get_success_url())


class NewsletterViewSet(SnippetViewSet):
    model = Newsletter
    icon = "mail"
    menu_label = _("Newsletters")
    list_display = ["name", "frequency", "is_open"]
    list_filter = ["is_open"]
    delete_view_class = NewsletterDeleteView


class SubscriptionFilterSet(WagtailFilterSet):
    created_at = django_filters.DateFromToRangeFilter(
        label=_("First signed up"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Subscription
        fields = ["newsletter", "state", "created_at"]


class SubscriptionIndexView(TextExportMixin, IndexView):
    default_ordering = "-created_at"

    def get_base_queryset(self) -> QuerySet[Subscription]:
        return super().get_base_queryset().select_related("subscriber", "newsletter")


class SubscriptionViewSet(ModelViewSet):
    """Read-only: readers change their subscriptions, staff look at them and export them."""

    model = Subscription
    icon = "group"
    menu_label = _("Subscriptions")
    index_view_class = SubscriptionIndexView
    filterset_class = SubscriptionFilterSet
    list_display = [
        Column("email", label=_("Email address"), accessor="subscriber.email"),
        Column("newsletter", label=_("Newsletter"), accessor="newsletter.name"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        DateColumn("created_at", label=_("First signed up"), sort_key="created_at"),
    ]
    list_export = ["subscriber.email", "newsletter.name", "state", "created_at", "state_changed_at"]
    search_fields = ["subscriber__email"]
    search_backend_name = None
    form_fields = ["state"]
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["subscriber", "newsletter", "state", "created_at", "state_changed_at"]
    add_to_reference_index = False
