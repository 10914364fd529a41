"""The pages behind the links in our mails."""

import json
import re
from datetime import timedelta
from urllib.parse import quote, unquote

import pytest
import time_machine
from django.core import mail as django_mail
from django.test import Client
from django.utils import timezone

from newsroom.newsletters import sending, subscriptions
from newsroom.newsletters.links import leave_token, make_link, token_of
from newsroom.newsletters.models import (
    ConsentEvent,
    MailedLink,
    OutgoingMail,
    Subscriber,
    Subscription,
)
from tests.newsroom.newsletters.people import EMAIL, FORM, LINK, sign_up, subscribe, wish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

OVER = "This link has ended"


@pytest.fixture
def reader() -> Client:
    """A browser, or a mail program: no cookie and no token; checks are on."""
    return Client(enforce_csrf_checks=True, headers={"origin": "https://mail.example"})


def mailed(kind: str) -> str:
    """Send what waits and return the path of the link in the latest mail of this kind."""
    sending.send_due()
    part = {"confirm": "confirm", "preferences": "preferences", "erase": "erase"}.get(kind, kind)
    for message in reversed(django_mail.outbox):
        if found := re.search(rf"/newsletters/{part}/[\w-]{{20,}}/", message.body):
            return found[0]
    raise AssertionError(f"No mail of kind {kind}.")


def state_on(newsletter) -> str:
    return Subscription.objects.get(newsletter=newsletter).state


class TestConfirm:
    @pytest.mark.parametrize("method", ["get", "head", "options"])
    def test_changes_nothing_when_a_scanner_opens_it(self, reader, newsletter, method):
        sign_up(newsletter)
        path = mailed("confirm")
        for _ in range(3):
            assert getattr(reader, method)(path).status_code == 200
        assert state_on(newsletter) == "pending"
        response = reader.post(path)
        assert response.status_code == 200
        assert newsletter.name in response.content.decode()
        assert state_on(newsletter) == "confirmed"

    def test_marks_a_subscriber_and_nobody_who_follows_a_race(self, reader, newsletter, alerts):
        sign_up(newsletter)
        page = reader.post(mailed("confirm")).content.decode()
        assert 'data-newsletter-state="subscriber"' in page
        race = {"topic_key": "race-1", "topic_title": "Board District 3"}
        subscriptions.sign_up(EMAIL, [wish(alerts, **race)], FORM)
        page = reader.post(mailed("confirm")).content.decode()
        assert "Board District 3" in page
        assert "data-newsletter-state" not in page

    def test_never_confirms_another_list_whatever_the_address_says(
        self, reader, newsletter, evening
    ):
        sign_up(newsletter)
        path = mailed("confirm")
        sign_up(evening)
        reader.post(
            f"{path}?newsletter=evening&l={evening.pk}", {"newsletter": "evening", "id": evening.pk}
        )
        assert state_on(newsletter) == "confirmed"
        assert state_on(evening) == "pending"

    def test_answers_the_same_to_everything_that_does_not_work(self, reader, newsletter):
        sign_up(newsletter)
        used = mailed("confirm")
        reader.post(used)
        subscriber = Subscriber.objects.get()
        now = timezone.now()
        other = make_link("preferences", subscriber, now=now)
        expired = make_link("confirm", subscriber, now=now)
        MailedLink.objects.filter(pk=other.pk).update(expires_at=now + timedelta(days=1))
        MailedLink.objects.filter(pk=expired.pk).update(expires_at=now - timedelta(days=1))
        tokens = [token_of(other), token_of(expired), "x", "ä" * 20, "A" * 43]
        paths = [used, *(f"/newsletters/confirm/{token}/" for token in tokens)]
        answers = [ask(path) for path in paths for ask in (reader.get, reader.post)]
        assert {answer.status_code for answer in answers} == {410}
        assert len({words_of(answer) for answer in answers}) == 1
        assert OVER in answers[0].content.decode()

    def test_works_over_a_change_of_keys(self, reader, newsletter, settings):
        settings.NEWSROOM_NEWSLETTER_KEYS = ["old"]
        sign_up(newsletter)
        path = mailed("confirm")
        settings.NEWSROOM_NEWSLETTER_KEYS = ["new", "old"]
        assert reader.get(path).status_code == 200
        settings.NEWSROOM_NEWSLETTER_KEYS = ["new"]
        assert reader.get(path).status_code == 410

    def test_is_kept_by_nobody(self, reader, newsletter):
        sign_up(newsletter)
        response = reader.get(mailed("confirm"))
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "same-origin"
        assert response["X-Robots-Tag"] == "noindex"
        assert not response.cookies
        assert EMAIL not in response.content.decode()

    def test_token_is_nowhere_in_the_database(self, newsletter):
        sign_up(newsletter)
        token = mailed("confirm").split("/")[-2]
        for model in (MailedLink, OutgoingMail):
            for row in model.objects.values():
                assert token not in str(row)


class TestLeave:
    def test_answers_five_times_the_same_and_does_it_once(self, reader, newsletter):
        subscription = subscribe(newsletter, now=timezone.now())
        path = f"/newsletters/leave/{leave_token(subscription.key)}/"
        answers = [reader.post(path, {"List-Unsubscribe": "One-Click"}) for _ in range(5)]
        assert {answer.status_code for answer in answers} == {200}
        assert len({words_of(answer) for answer in answers}) == 1
        assert not any(answer.cookies for answer in answers)
        event = ConsentEvent.objects.get(kind="unsubscribed")
        assert event.method == "one_click"
        assert state_on(newsletter) == "unsubscribed"

    def test_shows_a_button_and_changes_nothing_on_get(self, reader, newsletter):
        subscription = subscribe(newsletter, now=timezone.now())
        response = reader.get(f"/newsletters/leave/{leave_token(subscription.key)}/")
        assert newsletter.name in response.content.decode()
        assert state_on(newsletter) == "confirmed"

    def test_works_for_ever(self, reader, newsletter, settings):
        settings.NEWSROOM_NEWSLETTER_KEYS = ["old"]
        subscription = subscribe(newsletter, now=timezone.now())
        path = f"/newsletters/leave/{leave_token(subscription.key)}/"
        settings.NEWSROOM_NEWSLETTER_KEYS = ["new", "old"]
        with time_machine.travel(timezone.now() + timedelta(days=3650)):
            assert reader.post(path).status_code == 200
        assert state_on(newsletter) == "unsubscribed"

    def test_works_after_the_person_was_gone_and_came_back(self, reader, newsletter):
        subscription = subscribe(newsletter, now=timezone.now())
        path = f"/newsletters/leave/{leave_token(subscription.key)}/"
        subscriptions.erase(subscription.subscriber, LINK)
        assert reader.post(path).status_code == 200
        subscribe(newsletter, now=timezone.now())
        reader.post(path)
        assert state_on(newsletter) == "unsubscribed"

    def test_works_when_the_newsletter_is_closed(self, reader, newsletter):
        subscription = subscribe(newsletter, now=timezone.now())
        newsletter.is_open = False
        newsletter.save()
        reader.post(f"/newsletters/leave/{leave_token(subscription.key)}/")
        assert state_on(newsletter) == "unsubscribed"

    @pytest.mark.parametrize("token", ["x", "A" * 43, "ä" * 10, "*" * 43])
    def test_answers_the_same_to_a_forged_link(self, reader, newsletter, token):
        subscription = subscribe(newsletter, now=timezone.now())
        real = reader.post(f"/newsletters/leave/{leave_token(subscription.key)}/")
        forged = reader.post(f"/newsletters/leave/{token}/")
        assert (forged.status_code, words_of(forged)) == (200, words_of(real))

    def test_can_do_nothing_else(self, reader, newsletter):
        subscription = subscribe(newsletter, now=timezone.now())
        token = leave_token(subscription.key)
        for name in ("confirm", "preferences", "erase", "address", "accept"):
            assert reader.post(f"/newsletters/{name}/{token}/").status_code == 410


def words_of(response) -> str:
    """Return what the page says, less its own address, to which its languages link."""
    path = quote(unquote(response.wsgi_request.path), safe="/*")
    return response.content.decode().replace(path, "")


def ask_for_link(email: str = EMAIL):
    client = Client(headers={"origin": "http://testserver"})
    return client.post("/newsletters/preferences/", {"email": email})


class TestAskPreferences:
    def test_answers_the_same_for_every_address(self, newsletter):
        subscribe(newsletter, now=timezone.now())
        known, unknown = ask_for_link(), ask_for_link("nobody@example.com")
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
        assert OutgoingMail.objects.filter(kind="preferences").count() == 2
        sending.send_due()
        assert [m.to for m in django_mail.outbox if "Your link" in m.subject] == [[EMAIL]]

    def test_does_not_fill_a_mailbox(self, newsletter):
        subscribe(newsletter, now=timezone.now())
        for _ in range(6):
            ask_for_link()
        mails = OutgoingMail.objects.filter(kind="preferences", state="waiting")
        assert mails.count() == 3

    def test_is_refused_from_another_site(self, newsletter):
        client = Client(headers={"origin": "https://evil.example"})
        assert client.post("/newsletters/preferences/", {"email": EMAIL}).status_code == 403

    def test_may_be_kept_by_every_cache(self, client):
        assert client.get("/newsletters/preferences/")["Cache-Control"].startswith("public")


class TestPreferences:
    @pytest.fixture
    def path(self, newsletter) -> str:
        subscribe(newsletter, now=timezone.now())
        ask_for_link()
        return mailed("preferences")

    def test_turn_lists_on_and_off(self, reader, path, newsletter, evening):
        assert "checked" in reader.get(path).content.decode()
        data = {"action": "lists", "shown": ["morning", "evening"], "newsletter": ["evening"]}
        assert "saved" in reader.post(path, data).content.decode()
        assert state_on(newsletter) == "unsubscribed"
        assert state_on(evening) == "confirmed"
        event = ConsentEvent.objects.get(kind="confirmed", newsletter=evening)
        assert event.method == "preferences"
        assert evening.promise in event.wording.text

    def test_leave_alone_what_the_form_did_not_show(self, reader, path, newsletter, evening):
        reader.post(path, {"action": "lists", "shown": ["evening"], "newsletter": ["evening"]})
        assert state_on(newsletter) == "confirmed"

    def test_pause_and_resume(self, reader, path, newsletter):
        html = reader.post(path, {"action": "pause", "days": "7"}).content.decode()
        assert "Send it again" in html
        assert not Subscription.objects.active(timezone.now()).exists()
        reader.post(path, {"action": "resume"})
        assert Subscription.objects.active(timezone.now()).exists()

    def test_give_all_data_as_a_file(self, reader, path, newsletter):
        response = reader.post(path, {"action": "download"})
        assert "attachment" in response["Content-Disposition"]
        data = json.loads(response.content)
        assert data["address"] == EMAIL
        assert data["subscriptions"][0]["state"] == "confirmed"
        assert [event["kind"] for event in data["history"]] == ["signed_up", "confirmed"]
        assert data["history"][0]["wording_text"] == newsletter.promise

    def test_change_the_address_when_the_new_one_agrees(self, reader, path, newsletter):
        old = Subscription.objects.get()
        leave = f"/newsletters/leave/{leave_token(old.key)}/"
        reader.post(path, {"action": "address", "email": "ana@new.example"})
        assert Subscription.objects.get().subscriber.email == EMAIL
        link = mailed("address")
        assert django_mail.outbox[-1].to == ["ana@new.example"]
        assert reader.get(link).status_code == 200
        assert reader.post(link).status_code == 200
        assert Subscription.objects.get().subscriber.email == "ana@new.example"
        assert Subscription.objects.get().state == "confirmed"
        sending.send_due()
        assert django_mail.outbox[-1].to == [EMAIL]
        assert reader.get(path).status_code == 410
        reader.post(leave)
        assert state_on(newsletter) == "unsubscribed"

    def test_make_two_addresses_one(self, reader, path, newsletter):
        subscribe(newsletter, email="ana@new.example", now=timezone.now())
        leave = leave_token(Subscription.objects.get(subscriber__email=EMAIL).key)
        reader.post(path, {"action": "address", "email": "ana@new.example"})
        reader.post(mailed("address"))
        assert Subscription.objects.get().subscriber.email == "ana@new.example"
        reader.post(f"/newsletters/leave/{leave}/")
        assert state_on(newsletter) == "unsubscribed"

    def test_do_not_erase_by_the_link_itself(self, reader, path, newsletter):
        """A friend who was sent the link can ask; the owner alone gets the mail that does it."""
        token = path.split("/")[-2]
        assert reader.post(f"/newsletters/erase/{token}/").status_code == 410
        reader.post(path, {"action": "erase"})
        assert Subscriber.objects.exists()
        link = mailed("erase")
        assert django_mail.outbox[-1].to == [EMAIL]
        reader.get(link)
        assert Subscriber.objects.exists()
        assert "deleted" in reader.post(link).content.decode()
        assert not Subscriber.objects.exists()

    def test_end_after_an_hour(self, reader, path):
        with time_machine.travel(timezone.now() + timedelta(minutes=61)):
            assert reader.get(path).status_code == 410
            assert reader.post(path, {"action": "erase"}).status_code == 410
