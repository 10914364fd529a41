"""One subscriber: what they get, all that happened, and what staff may do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages

from newsroom.newsletters import asking, subscriptions
from newsroom.newsletters.models import ConsentEvent, Newsletter, Subscriber, Suppression
from newsroom.newsletters.staff.pages import StaffMixin, StaffPage, to_list

EVENTS_SHOWN = 200
PAUSE_DAYS = 30


class PersonMixin(StaffMixin):
    person: Subscriber

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.person = get_object_or_404(Subscriber, pk=kwargs["pk"])

    def back(self) -> HttpResponse:
        return redirect("newsroom_subscribers:person", self.person.pk)


class PersonView(PersonMixin, StaffPage):
    template_name = "newsroom/newsletters/staff/person.html"

    def get_page_title(self) -> str:
        return self.person.email

    def trail(self) -> list[tuple[str, str]]:
        return [to_list()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        person = self.person
        rows = list(
            person.subscriptions.select_related("newsletter").order_by("newsletter__name", "pk")
        )
        on = {row.newsletter_id for row in rows if row.state == "confirmed" and not row.topic_key}
        events = ConsentEvent.objects.of(person).select_related("newsletter", "wording")
        events = list(events.reverse()[: EVENTS_SHOWN + 1])
        paused = [row.paused_until for row in rows if row.paused_until and row.paused_until > now]
        return super().get_context_data(
            person=person,
            rows=rows,
            paused_until=max(paused, default=None),
            suppressions=Suppression.objects.of(person.email).select_related("newsletter"),
            has_complained=Suppression.objects.of(person.email)
            .filter(reason="complained")
            .exists(),
            events=with_names(events[:EVENTS_SHOWN]),
            has_more_events=len(events) > EVENTS_SHOWN,
            mails=person.mails.select_related("newsletter").order_by("-pk")[:50],
            bounces=person.bounces.order_by("-occurred_at", "-pk")[:50],
            to_add=[row for row in Newsletter.objects.lists() if row.pk not in on],
            **kwargs,
        )


def with_names(events: list[ConsentEvent]) -> list[ConsentEvent]:
    """Give each event the name of the member of staff who did it, in one query."""
    users = get_user_model().objects.in_bulk({event.actor_id for event in events} - {None})
    for event in events:
        event.actor_name = str(users.get(event.actor_id, "")) if event.actor_id else ""
    return events


class ActView(PersonMixin, View):
    """Does one thing about one person, by the one door of ``subscriptions``."""

    permission_required = "manage"
    http_method_names = ["post"]
    form = "subscriber page"

    def post(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        actions: dict[str, Callable[[], str]] = {
            "unsubscribe": self.unsubscribe,
            "add": self.add,
            "pause": self.pause,
            "resume": self.resume,
            "link": self.send_link,
            "forgive": self.forgive,
        }
        if action not in actions:
            raise Http404
        messages.success(request, actions[action]())
        return self.back()

    def unsubscribe(self) -> str:
        rows = self.person.subscriptions.select_related("newsletter")
        row = get_object_or_404(rows, pk=self.number("subscription"))
        if subscriptions.unsubscribe(row, self.evidence(self.form)):
            return _("They are off “%(title)s”. Only their own click brings them back.") % {
                "title": row.title
            }
        return _("They were off this list already.")

    def add(self) -> str:
        newsletter = get_object_or_404(Newsletter.objects.lists(), pk=self.number("newsletter"))
        verdict = subscriptions.bring_in(
            self.person.email, newsletter, self.evidence(self.form), has_consent=False
        )
        return _("“%(name)s”: %(verdict)s.") % {
            "name": newsletter.name,
            "verdict": verdict.label,
        }

    def pause(self) -> str:
        until = timezone.now() + timedelta(days=PAUSE_DAYS)
        count = subscriptions.pause(self.person, until, self.evidence(self.form))
        return _("Paused for 30 days.") if count else _("They are on no list, so nothing was done.")

    def resume(self) -> str:
        subscriptions.pause(self.person, None, self.evidence(self.form))
        return _("They get our mail again.")

    def send_link(self) -> str:
        asking.mail_preferences(self.person.email, timezone.now())
        return _("The link is on its way, unless they have had three in this hour or complained.")

    def forgive(self) -> str:
        subscriptions.forgive(self.person, self.evidence(self.form))
        return _("They may sign up again. They are on no list before they confirm one by mail.")

    def number(self, name: str) -> int:
        value = self.request.POST.get(name, "")
        if not (value.isdecimal() and len(value) < 19):
            raise Http404
        return int(value)


class EraseView(PersonMixin, StaffPage):
    """Asks once more, and then deletes a person at their wish."""

    permission_required = "erase"
    template_name = "newsroom/newsletters/staff/erase.html"
    page_title = gettext_lazy("Erase")

    def trail(self) -> list[tuple[str, str]]:
        above = reverse("newsroom_subscribers:person", args=[self.person.pk])
        return [to_list(), (above, self.person.email)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(person=self.person, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("sure") != "yes":
            return self.render_to_response(self.get_context_data(is_unsure=True))
        subscriptions.erase(self.person, self.evidence("erased by staff"))
        messages.success(request, _("Everything about this person is deleted."))
        return redirect("newsroom_subscribers:index")
