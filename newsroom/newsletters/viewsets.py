"""What staff see of newsletters in the Wagtail admin."""

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import SnippetViewSet

from newsroom.newsletters.exports import TextExportMixin
from newsroom.newsletters.models import Newsletter, Subscription


class NewsletterViewSet(SnippetViewSet):
    model = Newsletter
    icon = "mail"
    menu_label = _("Newsletters")
    list_display = ["name", "frequency", "is_open"]
    list_filter = ["is_open"]


class SubscriptionFilterSet(WagtailFilterSet):
    created_at = django_filters.DateFromToRangeFilter(label=_("First signed up"))

    class Meta:
        model = Subscription
        fields = ["newsletter", "state", "created_at"]


class SubscriptionIndexView(TextExportMixin, IndexView):
    default_ordering = "-created_at"


class SubscriptionViewSet(ModelViewSet):
    """Read-only: readers change their subscriptions, staff look at them and export them."""

    model = Subscription
    icon = "group"
    menu_label = _("Subscriptions")
    index_view_class = SubscriptionIndexView
    filterset_class = SubscriptionFilterSet
    list_display = ["subscriber.email", "newsletter", "state", "created_at"]
    list_export = ["subscriber.email", "newsletter.name", "state", "created_at", "state_changed_at"]
    search_fields = ["subscriber__email"]
    search_backend_name = None
    form_fields = ["state"]
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["subscriber", "newsletter", "state", "created_at", "state_changed_at"]
    add_to_reference_index = False

    def get_queryset(self, request: object) -> object:
        return Subscription.objects.select_related("subscriber", "newsletter")
