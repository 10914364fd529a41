"""One thing for several people: the rows ticked in the list, or a filter as a file."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from newsroom.newsletters import subscriptions
from newsroom.newsletters.importing.batches import from_addresses
from newsroom.newsletters.importing.sheets import MAX_ROWS, SheetRefusedError
from newsroom.newsletters.models import ExportRecord, Newsletter, Subscriber
from newsroom.newsletters.staff.filters import clean_query, describe_query, people_in
from newsroom.newsletters.staff.pages import StaffPage, to_list
from newsroom.newsletters.staff.people_list import read_ticked
from newsroom.newsletters.staff.spreadsheets import export

FORMATS = ("csv", "xlsx")


class BulkView(StaffPage):
    """Asks for which list, and then does it: two posts, nothing by a link."""

    permission_required = "manage"
    http_method_names = ["post"]
    template_name = "newsroom/newsletters/staff/bulk.html"
    titles = {
        "unsubscribe": gettext_lazy("Unsubscribe several people"),
        "add": gettext_lazy("Ask several people to confirm a list"),
    }

    def get_page_title(self) -> str:
        return str(self.titles[self.kwargs["action"]])

    def trail(self) -> list[tuple[str, str]]:
        return [to_list()]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs["action"] not in self.titles:
            raise Http404
        people = Subscriber.objects.filter(pk__in=read_ticked(request.POST.getlist("person")))
        people = list(people.order_by("email"))
        if not people:
            messages.warning(request, _("Tick the people first, in the first column of the list."))
            return redirect("newsroom_subscribers:index")
        newsletter_id = request.POST.get("newsletter", "")
        if not newsletter_id.isdecimal():
            return self.render_to_response(self.get_context_data(people=people))
        newsletter = get_object_or_404(Newsletter.objects.lists(), pk=newsletter_id)
        act = {"unsubscribe": self.unsubscribe, "add": self.add}[kwargs["action"]]
        messages.success(request, act(people, newsletter))
        return redirect("newsroom_subscribers:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            action=self.kwargs["action"], newsletters=Newsletter.objects.lists(), **kwargs
        )

    def unsubscribe(self, people: list[Subscriber], newsletter: Newsletter) -> str:
        evidence = self.evidence("several subscribers")
        rows = newsletter.subscriptions.filter(subscriber__in=people)
        count = sum(subscriptions.unsubscribe(row, evidence) for row in rows)
        return ngettext(
            "%(count)d person is off the list “%(name)s”.",
            "%(count)d people are off the list “%(name)s”.",
            count,
        ) % {"count": count, "name": newsletter.name}

    def add(self, people: list[Subscriber], newsletter: Newsletter) -> str:
        evidence = self.evidence("several subscribers")
        verdicts = Counter(
            subscriptions.bring_in(person.email, newsletter, evidence, has_consent=False)
            for person in people
        )
        found = "; ".join(f"{verdict.label}: {count}" for verdict, count in verdicts.items())
        return _("“%(name)s”: %(found)s.") % {"name": newsletter.name, "found": found}


class AskFilterView(StaffPage):
    """Asks everybody in a filter to confirm a list, as an import of their addresses.

    So it is looked at row by row before anybody gets a mail, done by a worker, and undone alike.
    """

    permission_required = "manage"
    http_method_names = ["post"]
    template_name = "newsroom/newsletters/staff/ask_filter.html"
    page_title = gettext_lazy("Ask everybody in a filter to confirm a list")

    def trail(self) -> list[tuple[str, str]]:
        return [to_list()]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        query = clean_query(request.POST.get("query", ""))
        if not query:
            messages.warning(
                request, _("Filter the list first. What is asked is asked of a filter.")
            )
            return redirect("newsroom_subscribers:index")
        newsletter_id = request.POST.get("newsletter", "")
        if not newsletter_id.isdecimal():
            return self.render_to_response(self.get_context_data(query=query))
        newsletter = get_object_or_404(Newsletter.objects.lists(), pk=newsletter_id)
        addresses = people_in(query).order_by("pk").values_list("email", flat=True)[: MAX_ROWS + 1]
        try:
            batch = from_addresses(
                addresses, newsletter, name=describe_query(query), user=request.user
            )
        except SheetRefusedError as error:
            messages.error(request, str(error))
            return redirect(f"{reverse('newsroom_subscribers:index')}?{query}")
        return redirect("newsroom_subscribers:import", batch.pk)

    def get_context_data(self, *, query: str, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            query=query,
            what=describe_query(query),
            people_count=people_in(query).count(),
            newsletters=Newsletter.objects.lists(),
            back_url=f"{reverse('newsroom_subscribers:index')}?{query}",
            **kwargs,
        )


class ExportView(StaffPage):
    """Says what a file would hold and who took one before; a POST makes it."""

    permission_required = "export"
    template_name = "newsroom/newsletters/staff/export.html"
    page_title = gettext_lazy("Export subscribers")
    header_icon = "download"

    def trail(self) -> list[tuple[str, str]]:
        return [to_list()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = clean_query(self.request.GET.urlencode())
        return super().get_context_data(
            query=query,
            what=describe_query(query),
            people_count=people_in(query).count(),
            records=ExportRecord.objects.all()[:50],
            back_url=f"{reverse('newsroom_subscribers:index')}?{query}",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        file_format = request.POST.get("file_format", "")
        if file_format not in FORMATS:
            raise Http404
        people, what = self.chosen()
        return export(people, request.user, file_format=file_format, what=what)

    def chosen(self) -> tuple[QuerySet[Subscriber], str]:
        """Return the ticked people, or those in the filter if none is ticked; and say which."""
        ticked = read_ticked(self.request.POST.getlist("person"))
        if ticked:
            return Subscriber.objects.filter(pk__in=ticked), _("Rows ticked in the list")
        query = self.request.POST.get("query", "")
        return people_in(query), describe_query(query)
