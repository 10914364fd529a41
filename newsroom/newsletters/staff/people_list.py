"""The list of subscribers: 200,000 of them, filtered, in pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.tables import BaseColumn, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView

from newsroom.newsletters.models import SavedFilter, Subscriber, Subscription
from newsroom.newsletters.staff.filters import SubscriberFilterSet, clean_query, find_people
from newsroom.newsletters.staff.pages import StaffMixin, StaffPage, to_list

COUNTED = 10_000
PER_PAGE = 50


class CappedPaginator(WagtailPaginator):
    """Counts to ten thousand and no further: nobody reads on, and counting takes longest."""

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED)

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: COUNTED + 1].count()

    @cached_property
    def items_count_label(self) -> str:
        if self._counted > COUNTED:
            return _("More than 10,000 subscribers")
        return ngettext("%(count)s subscriber", "%(count)s subscribers", self.count) % {
            "count": f"{self.count:,}"
        }


class TickColumn(BaseColumn):
    header_template_name = "newsroom/newsletters/staff/tick_header.html"
    cell_template_name = "newsroom/newsletters/staff/tick_cell.html"


class ListsColumn(BaseColumn):
    cell_template_name = "newsroom/newsletters/staff/lists_cell.html"


def with_lists(people: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
    rows = Subscription.objects.select_related("newsletter").order_by("newsletter__name", "pk")
    return people.prefetch_related(Prefetch("subscriptions", rows, to_attr="lists"))


def person_url(person: Subscriber) -> str:
    return reverse("newsroom_subscribers:person", args=[person.pk])


COLUMNS = [
    TickColumn("tick", label=gettext_lazy("Choose")),
    TitleColumn("email", label=gettext_lazy("Email address"), sort_key="email", get_url=person_url),
    ListsColumn("lists", label=gettext_lazy("Lists")),
    DateColumn("created_at", label=gettext_lazy("Known since"), sort_key="pk"),
]


class PeopleView(StaffMixin, BaseListingView):
    model = Subscriber
    page_title = gettext_lazy("Subscribers")
    index_url_name = "newsroom_subscribers:index"
    index_results_url_name = "newsroom_subscribers:index_results"
    template_name = "newsroom/newsletters/staff/people.html"
    results_template_name = "newsroom/newsletters/staff/people_results.html"
    filterset_class = SubscriberFilterSet
    paginator_class = CappedPaginator
    paginate_by = PER_PAGE
    default_ordering = "-pk"
    is_searchable = False
    table_classname = "listing newsletters-listing"
    verbose_name_plural = gettext_lazy("subscribers")
    columns = COLUMNS

    @cached_property
    def no_results_message(self) -> str:
        if self.is_filtering:
            return _("Nobody is in this filter. Take away a condition to see more.")
        return _(
            "Nobody has signed up yet. Put a signup form into a story, or import the people of "
            "another list."
        )

    def get_queryset(self) -> QuerySet[Subscriber]:
        return with_lists(super().get_queryset())

    def order_queryset(self, queryset: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        """By address it goes along the index that keeps each address once."""
        by_address = {"email": Lower("email").asc(), "-email": Lower("email").desc()}
        return queryset.order_by(by_address.get(self.ordering, self.ordering))

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            *args,
            saved_filters=SavedFilter.objects.filter(user=self.request.user),
            filter_query=clean_query(self.request.GET.urlencode()),
            **kwargs,
        )


class FindView(StaffPage):
    """Finds an address by a POST: it must not stand in an address bar or a log."""

    page_title = gettext_lazy("Find a subscriber")
    template_name = "newsroom/newsletters/staff/found.html"
    http_method_names = ["post"]

    def trail(self) -> list[tuple[str, str]]:
        return [to_list()]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = request.POST.get("address", "")[:254]
        people = list(with_lists(find_people(text))[: PER_PAGE + 1])
        if len(people) == 1:
            return redirect(person_url(people[0]))
        context = self.get_context_data(
            people=people[:PER_PAGE], has_more=len(people) > PER_PAGE, text=text
        )
        return self.render_to_response(context)


class SaveFilterView(StaffMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the filter under a name; the same name again replaces it."""
        name = " ".join(request.POST.get("name", "").split())[:60]
        query = clean_query(request.POST.get("query", ""))
        if not name or not query:
            messages.error(request, _("Filter the list first, then give the filter a name."))
        else:
            SavedFilter.objects.update_or_create(
                user=request.user, name=name, defaults={"query": query}
            )
            messages.success(request, _("The filter “%(name)s” is saved.") % {"name": name})
        return redirect(f"{reverse('newsroom_subscribers:index')}?{query}")


class DropFilterView(StaffMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        saved = get_object_or_404(SavedFilter, pk=pk, user=request.user)
        saved.delete()
        messages.success(request, _("The filter “%(name)s” is gone.") % {"name": saved.name})
        return redirect("newsroom_subscribers:index")


def read_ticked(values: Iterable[str]) -> list[int]:
    """Return the numbers of the people who were ticked, a page of them at most.

    :raises BadRequest: something else was sent
    """
    ticked = list(values)
    if len(ticked) > PER_PAGE or not all(value.isdecimal() and len(value) < 19 for value in ticked):
        raise BadRequest("These are not rows of the list.")
    return [int(value) for value in ticked]
