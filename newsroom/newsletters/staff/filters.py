"""Which subscribers the list shows: by newsletter, state, source and date."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from newsroom.newsletters.addresses import normalise_email
from newsroom.newsletters.models import Newsletter, Subscriber, Subscription


class SubscriberFilterSet(WagtailFilterSet):
    """Newsletter, state and source are about one and the same subscription of a person."""

    newsletter = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Newsletter"),
        queryset=Newsletter.objects.order_by("name", "pk"),
        empty_label=gettext_lazy("All"),
    )
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"),
        choices=Subscription.State.choices,
        empty_label=gettext_lazy("All"),
    )
    source = django_filters.ChoiceFilter(
        label=gettext_lazy("Came by"),
        choices=Subscription.Source.choices,
        empty_label=gettext_lazy("All"),
    )
    created_at = django_filters.DateFromToRangeFilter(
        label=gettext_lazy("Known since"), widget=DateRangePickerWidget
    )

    class Meta:
        model = Subscriber
        fields = ["newsletter", "state", "source", "created_at"]

    def filter_queryset(self, queryset: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        chosen = self.form.cleaned_data
        wanted = {name: chosen[name] for name in ("newsletter", "state", "source") if chosen[name]}
        if wanted:
            rows = Subscription.objects.filter(subscriber=OuterRef("pk"), **wanted)
            queryset = queryset.filter(Exists(rows))
        return self.filters["created_at"].filter(queryset, chosen["created_at"])


def clean_query(query: str) -> str:
    """Return the part of a query string that is a filter: nothing else is kept or followed."""
    given = QueryDict(query)
    names = ("newsletter", "state", "source", "created_at_from", "created_at_to")
    kept = QueryDict(mutable=True)
    for name in names:
        if given.get(name):
            kept[name] = given[name][:40]
    return kept.urlencode()


def people_in(query: str) -> QuerySet[Subscriber]:
    """Return whom a query string means: nobody if it cannot be read, never all by mistake."""
    filters = SubscriberFilterSet(QueryDict(clean_query(query)), queryset=Subscriber.objects.all())
    return filters.qs if filters.is_valid() else Subscriber.objects.none()


def describe_query(query: str) -> str:
    """Say in words what a filter keeps."""
    filters = SubscriberFilterSet(QueryDict(clean_query(query)), queryset=Subscriber.objects.all())
    if not filters.is_valid():
        return ""
    parts: list[Any] = []
    for name, value in filters.form.cleaned_data.items():
        label = str(filters.form.fields[name].label)
        if isinstance(value, slice):
            ends = [f"{at:%Y-%m-%d}" if at else "" for at in (value.start, value.stop)]
            parts.append(f"{label}: {ends[0]}–{ends[1]}")
        elif value:
            choices = dict(getattr(filters.form.fields[name], "choices", []))
            parts.append(f"{label}: {choices.get(value, value)}")
    return "; ".join(str(part) for part in parts) or _("Everybody")


def find_people(text: str) -> QuerySet[Subscriber]:
    """Return whose address begins with the text, which is an address or the beginning of one."""
    start = normalise_email(text)
    if not start:
        return Subscriber.objects.none()
    return Subscriber.objects.filter(email__startswith=start).order_by("email")
