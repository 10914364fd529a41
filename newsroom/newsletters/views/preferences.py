"""Where readers change what they get, by a link that was mailed to them a moment ago."""

import json
from datetime import timedelta

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from newsroom.caching import publicly_cacheable
from newsroom.newsletters import asking, subscriptions
from newsroom.newsletters.forms import EmailForm
from newsroom.newsletters.guards import is_own_origin, is_within_limit
from newsroom.newsletters.links import find_link
from newsroom.newsletters.models import (
    Evidence,
    MailedLink,
    Method,
    Newsletter,
    Subscriber,
    Subscription,
)
from newsroom.newsletters.people import describe
from newsroom.newsletters.views.pages import LinkView
from newsroom.newsletters.wordings import get_wording

Purpose = MailedLink.Purpose
PAUSES = {
    "7": gettext_lazy("A week"),
    "30": gettext_lazy("A month"),
    "90": gettext_lazy("Three months"),
}
EVIDENCE = Evidence(method=Method.PREFERENCES, form="preferences")


@method_decorator(publicly_cacheable, name="dispatch")
@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class AskPreferencesView(LinkView):
    """Mails a link to who asks for it. The answer is the same for every address."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return View.dispatch(self, request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("ask_preferences", form=EmailForm())

    @method_decorator(sensitive_variables())
    def post(self, request: HttpRequest) -> HttpResponse:
        form = EmailForm(request.POST)
        if not form.is_valid():
            return self.answer("ask_preferences", status=422, form=form)
        if not is_own_origin(request):
            form.add_error(None, _("This form came from another site. Ask for your link here."))
            return self.answer("ask_preferences", status=403, form=form)
        if not is_within_limit(request):
            form.add_error(
                None, _("There were too many forms from your network. Try again in a few minutes.")
            )
            return self.answer("ask_preferences", status=429, form=form)
        if not form.is_from_machine:
            asking.mail_preferences(form.cleaned_data["email"], timezone.now())
        return self.answer("asked_preferences")

    def answer(self, name: str, **context: object) -> HttpResponse:
        response = self.show(name, **context)
        response["Cache-Control"] = "private, no-store"
        return response


class PreferencesView(LinkView):
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token, Purpose.PREFERENCES, timezone.now())
        return self.show_choices(link.subscriber) if link else self.say_it_is_over()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token, Purpose.PREFERENCES, timezone.now())
        if link is None:
            return self.say_it_is_over()
        actions = {
            "lists": self.choose_lists,
            "pause": self.pause,
            "resume": self.resume,
            "address": self.change_address,
            "download": self.download,
            "erase": self.ask_to_erase,
        }
        act = actions.get(request.POST.get("action", ""), self.show_choices)
        return act(link.subscriber)

    def show_choices(
        self, subscriber: Subscriber, *, note: str = "", form: forms.Form | None = None
    ) -> HttpResponse:
        now = timezone.now()
        have = list(
            subscriber.subscriptions.confirmed(now)
            .select_related("newsletter")
            .order_by("newsletter__name", "topic_title", "pk")
        )
        on = {row.newsletter_id for row in have if not row.topic_key}
        paused = [row.paused_until for row in have if row.paused_until and row.paused_until > now]
        return self.show(
            "preferences",
            status=422 if form else 200,
            subscriber=subscriber,
            choices=[(newsletter, newsletter.pk in on) for newsletter in self.on_offer(on)],
            topics=[row for row in have if row.topic_key],
            paused_until=max(paused, default=None),
            pauses=PAUSES.items(),
            has_any=bool(have),
            note=note,
            form=form or EmailForm(),
        )

    @staticmethod
    def on_offer(on: set[int]) -> list[Newsletter]:
        """Lists that take signups, and those that this person is on anyway."""
        rows = Newsletter.objects.lists().order_by("name", "pk")
        return [row for row in rows if row.is_open or row.pk in on]

    def choose_lists(self, subscriber: Subscriber) -> HttpResponse:
        """Turn on and off what the form showed: a list that came since stays as it is."""
        shown = set(self.request.POST.getlist("shown"))
        ticked = set(self.request.POST.getlist("newsletter"))
        newsletters = [row for row in Newsletter.objects.lists() if row.slug in shown]
        with transaction.atomic():
            subscriptions.choose(
                subscriber,
                {row: row.slug in ticked for row in newsletters},
                EVIDENCE,
                wordings={row: get_wording(row, None) for row in newsletters},
            )
            self.leave_topics(subscriber)
        return self.show_choices(subscriber, note=_("Your choice is saved."))

    def leave_topics(self, subscriber: Subscriber) -> None:
        shown = set(self.request.POST.getlist("shown_topic"))
        ticked = set(self.request.POST.getlist("topic"))
        rows = Subscription.objects.filter(subscriber=subscriber).exclude(topic_key="")
        for row in rows:
            if str(row.key) in shown - ticked:
                subscriptions.unsubscribe(row, EVIDENCE)

    def pause(self, subscriber: Subscriber) -> HttpResponse:
        days = self.request.POST.get("days", "")
        if days not in PAUSES:
            return self.show_choices(subscriber)
        subscriptions.pause(subscriber, timezone.now() + timedelta(days=int(days)), EVIDENCE)
        return self.show_choices(subscriber, note=_("You get nothing until then."))

    def resume(self, subscriber: Subscriber) -> HttpResponse:
        subscriptions.pause(subscriber, None, EVIDENCE)
        return self.show_choices(subscriber, note=_("You get our mail again."))

    def change_address(self, subscriber: Subscriber) -> HttpResponse:
        form = EmailForm(self.request.POST)
        if not form.is_valid():
            return self.show_choices(subscriber, form=form)
        asking.mail_new_address(subscriber, form.cleaned_data["email"], timezone.now())
        return self.show_choices(
            subscriber,
            note=_("We have written to the new address. Follow the link there to finish."),
        )

    def download(self, subscriber: Subscriber) -> HttpResponse:
        body = json.dumps(describe(subscriber, timezone.now()), indent=2, ensure_ascii=False)
        response = HttpResponse(body, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="newsletters.json"'
        return response

    def ask_to_erase(self, subscriber: Subscriber) -> HttpResponse:
        asking.mail_erase(subscriber, timezone.now())
        note = _("We have sent you a mail. Nothing is deleted before you follow its link.")
        return self.show_choices(subscriber, note=note)


class EraseView(LinkView):
    """The last button. Its link comes by a mail of its own, so that no forwarded mail holds it."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token, Purpose.ERASE, timezone.now())
        return self.show("erase", subscriber=link.subscriber) if link else self.say_it_is_over()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token, Purpose.ERASE, timezone.now())
        if link is None:
            return self.say_it_is_over()
        subscriptions.erase(link.subscriber, Evidence(method=Method.ERASURE, form="erase link"))
        return self.show("erased")


class TakeAddressView(LinkView):
    """A button, mailed to a new address, that moves everything there."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token, Purpose.ADDRESS, timezone.now())
        return self.show("take_address", link=link) if link else self.say_it_is_over()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        link = find_link(token, Purpose.ADDRESS, timezone.now())
        evidence = Evidence(method=Method.LINK, form="new address")
        if link is None or not subscriptions.change_address(link, evidence):
            return self.say_it_is_over()
        return self.show("address_taken")
