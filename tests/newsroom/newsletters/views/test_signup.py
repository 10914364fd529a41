import logging
import re
import uuid
from dataclasses import fields as fields_of
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from newsroom.calls_to_action.models import CallToAction
from newsroom.newsletters import limits, sending
from newsroom.newsletters.disposable import is_disposable
from newsroom.newsletters.models import (
    ConsentEvent,
    Newsletter,
    OutgoingMail,
    Subscriber,
    Subscription,
)
from newsroom.newsletters.stamps import Place, make_stamp
from newsroom.newsletters.tasks import sweep_outbox
from newsroom.newsletters.topics import Topic

pytestmark = pytest.mark.django_db

URL = "/newsletters/subscribe/"
THANKS = "/newsletters/thanks/"
PLACE_FIELDS = {field.name for field in fields_of(Place)}


@pytest.fixture
def browser_client(home) -> Client:
    """A client that checks tokens and sends what a browser sends from a page of the site."""
    return Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})


def send(client: Client, **fields: object):
    headers = fields.pop("headers", None)
    place = {name: fields.pop(name) for name in PLACE_FIELDS & set(fields)}
    stamp = make_stamp(Place(**place))
    data = {"newsletter": "morning", "email": "Ana@Example.com", "stamp": stamp, **fields}
    return client.post(URL, data, headers=headers)


class TestSignupForm:
    def test_is_taken_without_a_token(self, browser_client, newsletter):
        response = send(browser_client)
        assert response.status_code == 303
        assert response["Location"] == THANKS
        assert "Set-Cookie" not in response
        assert Subscriber.objects.get().email == "ana@example.com"

    def test_says_where_it_stood(self, browser_client, newsletter):
        ask = CallToAction.objects.create(
            kind="newsletter", heading="Start the day", button_label="Go", newsletter=newsletter
        )
        block = str(uuid.uuid4())
        send(browser_client, page_id=7, block_id=block, call_to_action_id=ask.pk)
        signup = ConsentEvent.objects.get()
        assert (signup.page_id, signup.block_id, signup.call_to_action_id) == (7, block, ask.pk)
        assert "Start the day" in signup.wording.text
        assert newsletter.promise in signup.wording.text

    def test_may_ask_for_several_newsletters(self, browser_client, newsletter):
        Newsletter.objects.create(name="Evening", slug="evening", promise="x", frequency="x")
        send(browser_client, newsletter=["morning", "evening"])
        assert Subscription.objects.count() == 2

    def test_answers_the_same_for_an_address_known_and_unknown(self, browser_client, newsletter):
        answers = []
        for state in (None, "pending", "confirmed", "unsubscribed", "bounced", "complained"):
            if state:
                Subscription.objects.update(state=state, confirmed_at=timezone.now())
            response = send(browser_client)
            answers.append((response.status_code, response.content, dict(response.headers)))
        assert all(answer == answers[0] for answer in answers)

    def test_leaves_an_opt_out_in_force(self, browser_client, newsletter):
        send(browser_client)
        Subscription.objects.update(state="unsubscribed")
        send(browser_client)
        assert Subscription.objects.get().state == "unsubscribed"

    def test_is_forgotten_when_a_machine_filled_it(self, browser_client, newsletter):
        response = send(browser_client, website="https://spam.example")
        assert response.status_code == 303
        assert not ConsentEvent.objects.exists()


class TestRefusals:
    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"email": ""}, "Write the address"),
            ({"email": "ana@"}, "typing error"),
            ({"email": "a" * 250 + "@example.com"}, "typing error"),
            ({"newsletter": "nowhere"}, "does not take signups"),
            ({"newsletter": []}, "Choose at least one"),
        ],
    )
    def test_show_the_form_with_the_reason(self, browser_client, newsletter, fields, words):
        response = send(browser_client, **fields)
        assert response.status_code == 422
        assert words in response.content.decode()
        assert response["Cache-Control"] == "private, no-store"
        assert not ConsentEvent.objects.exists()

    def test_meet_a_closed_newsletter(self, browser_client, newsletter):
        Newsletter.objects.update(is_open=False)
        assert send(browser_client).status_code == 422

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://testserver.evil.example"},
            {"origin": "ftp://testserver"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ],
    )
    def test_meet_a_form_of_another_site(self, home, newsletter, headers):
        response = send(Client(), headers=headers)
        assert response.status_code == 403
        assert "another site" in response.content.decode()
        assert not ConsentEvent.objects.exists()

    @pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}])
    def test_spare_who_does_not_say(self, home, newsletter, headers):
        assert send(Client(), headers=headers).status_code == 303

    def test_spare_a_trusted_origin(self, home, newsletter, settings):
        settings.CSRF_TRUSTED_ORIGINS = ["https://www.ledger.example"]
        headers = {"origin": "https://www.ledger.example"}
        assert send(Client(), headers=headers).status_code == 303

    def test_meet_too_many_from_one_network(self, browser_client, newsletter, settings):
        settings.NEWSROOM_SIGNUP_LIMIT = 2
        assert [send(browser_client).status_code for _ in range(3)] == [303, 303, 429]
        assert ConsentEvent.objects.count() == 2
        data = {"newsletter": "morning", "email": "b@example.com", "stamp": make_stamp(Place())}
        other = browser_client.post(URL, data, REMOTE_ADDR="198.51.100.7")
        assert other.status_code == 303

    def test_say_when_to_try_again(self, browser_client, newsletter, settings):
        settings.NEWSROOM_SIGNUP_LIMIT = 0
        response = send(browser_client)
        assert response.status_code == 429
        assert response["Retry-After"] == "600"
        assert "Try again" in response.content.decode()


class TestStamp:
    def test_is_good_on_a_page_kept_for_a_day(self, browser_client, newsletter):
        with time_machine.travel(timezone.now() - timedelta(days=1)):
            stamp = make_stamp(Place(page_id=7))
        assert send(browser_client, stamp=stamp).status_code == 303
        assert ConsentEvent.objects.get().page_id == 7

    @pytest.mark.parametrize("stamp", ["", "x", "a:b:c", "ä"])
    def test_that_is_not_ours_costs_one_more_press(self, browser_client, newsletter, stamp):
        response = send(browser_client, stamp=stamp)
        html = response.content.decode()
        assert response.status_code == 422
        assert "press the button once more" in html
        assert 'value="Ana@Example.com"' in html
        fresh = re.search(r'name="stamp" value="([^"]+)"', html)[1]
        assert send(browser_client, stamp=fresh).status_code == 303

    def test_of_another_signature_names_no_place(self, browser_client, newsletter, settings):
        settings.SECRET_KEY = "somebody else's"
        stamp = make_stamp(Place(page_id=7))
        settings.SECRET_KEY = "ours"
        assert send(browser_client, stamp=stamp).status_code == 422

    def test_that_is_too_old_keeps_its_place(self, browser_client, newsletter):
        with time_machine.travel(timezone.now() - timedelta(days=9)):
            stamp = make_stamp(Place(page_id=7))
        html = send(browser_client, stamp=stamp).content.decode()
        send(browser_client, stamp=re.search(r'name="stamp" value="([^"]+)"', html)[1])
        assert ConsentEvent.objects.get().page_id == 7

    def test_of_this_moment_is_a_machine_s(self, browser_client, newsletter, settings):
        settings.NEWSROOM_FORM_MIN_SECONDS = 2
        stamp = make_stamp(Place())
        assert send(browser_client, stamp=stamp).status_code == 422
        with time_machine.travel(timezone.now() + timedelta(seconds=3)):
            assert send(browser_client, stamp=stamp).status_code == 303


class TestLimits:
    def test_of_one_address_answer_the_same(self, browser_client, newsletter, settings):
        settings.NEWSROOM_ADDRESS_LIMIT = 2
        answers = [send(browser_client) for _ in range(4)]
        assert {answer.status_code for answer in answers} == {303}
        assert ConsentEvent.objects.count() == 2

    def test_tell_staff_once_of_a_spike(self, browser_client, newsletter, settings):
        settings.NEWSROOM_SIGNUP_SPIKE = 3
        settings.NEWSROOM_NEWSLETTER_STAFF = ["staff@ledger.example"]
        for number in range(6):
            send(browser_client, email=f"{number}@example.com")
        assert OutgoingMail.objects.filter(kind="staff").count() == 1

    def test_let_a_bomb_from_everywhere_cause_few_mails(
        self, browser_client, newsletter, settings, mailoutbox
    ):
        """Each form from another network and for another address: all are kept, few are mailed."""
        settings.NEWSROOM_FORM_MAILS_PER_HOUR = 5
        for number in range(20):
            data = {
                "newsletter": "morning",
                "email": f"{number}@example.com",
                "stamp": make_stamp(Place()),
            }
            browser_client.post(URL, data, REMOTE_ADDR=f"198.51.{number}.7")
        sending.send_due()
        assert len(mailoutbox) == 5
        assert Subscription.objects.count() == 20

    def test_count_in_this_process_while_the_cache_is_away(
        self, browser_client, newsletter, settings, monkeypatch
    ):
        settings.NEWSROOM_SIGNUP_LIMIT = 2

        def fail(*args: object, **kwargs: object) -> None:
            raise ConnectionError

        monkeypatch.setattr("newsroom.newsletters.limits.cache.add", fail)
        limits._own.clear()
        assert [send(browser_client).status_code for _ in range(3)] == [303, 303, 429]


class TestDisposable:
    def test_is_refused_where_the_site_wants_it(self, browser_client, newsletter, settings):
        settings.NEWSROOM_DISPOSABLE_DOMAINS = ["mailinator.example"]
        response = send(browser_client, email="x@Eu.Mailinator.example")
        assert response.status_code == 422
        assert "thrown away" in response.content.decode()
        assert send(browser_client, email="x@notmailinator.example").status_code == 303

    def test_is_read_from_a_file(self, tmp_path, settings):
        path = tmp_path / "domains.txt"
        path.write_text("# Ours\nmailinator.example\n")
        settings.NEWSROOM_DISPOSABLE_DOMAINS = str(path)
        assert is_disposable("x@mailinator.example")
        assert not is_disposable("x@example.com")


class TestTopics:
    @pytest.fixture(autouse=True)
    def provider(self, settings):
        settings.NEWSROOM_TOPIC_PROVIDER = f"{__name__}.provide"

    def test_are_followed_one_at_a_time(self, browser_client, alerts):
        assert send(browser_client, newsletter="alerts", topic="race-1").status_code == 303
        subscription = Subscription.objects.get()
        assert (subscription.topic_key, subscription.topic_title) == ("race-1", "Race race-1")
        assert "Race race-1" in ConsentEvent.objects.get().wording.text

    @pytest.mark.parametrize("topic", ["", "race-closed", "nothing"])
    def test_that_are_over_take_no_signup(self, browser_client, alerts, topic):
        response = send(browser_client, newsletter="alerts", topic=topic)
        assert response.status_code == 422
        assert "no more of these alerts" in response.content.decode()

    def test_stay_in_the_form_that_is_shown_again(self, browser_client, alerts):
        html = send(browser_client, newsletter="alerts", topic="race-1", email="x").content.decode()
        assert 'value="alerts" checked' in html
        stamp = re.search(r'name="stamp" value="([^"]+)"', html)[1]
        assert send(browser_client, newsletter="alerts", stamp=stamp).status_code == 303

    def test_are_not_on_the_page_of_all_newsletters(self, client, home, newsletter, alerts):
        assert 'value="alerts"' not in client.get(URL).content.decode()


def provide(subject: object) -> Topic | None:
    if not str(subject).startswith("race-"):
        return None
    return Topic(key=subject, title=f"Race {subject}", is_open=subject != "race-closed")


class TestOutages:
    def test_of_the_cache_lose_no_signup(self, browser_client, newsletter, monkeypatch):
        def fail(*args: object, **kwargs: object) -> None:
            raise ConnectionError

        monkeypatch.setattr("newsroom.newsletters.limits.cache.add", fail)
        assert send(browser_client).status_code == 303
        assert ConsentEvent.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_of_the_queue_lose_no_signup_and_no_mail(
        self, browser_client, newsletter, monkeypatch, mailoutbox
    ):
        def fail(*args: object, **kwargs: object) -> None:
            raise ConnectionError

        monkeypatch.setattr("newsroom.newsletters.tasks.sweep_outbox.apply_async", fail)
        assert send(browser_client).status_code == 303
        assert OutgoingMail.objects.get().state == "waiting"
        sweep_outbox()
        sweep_outbox()
        assert len(mailoutbox) == 1


class TestPages:
    @pytest.mark.parametrize("url", [URL, THANKS])
    def test_may_be_kept_by_every_cache(self, home, newsletter, client, url):
        response = client.get(url)
        assert response.status_code == 200
        assert response["Cache-Control"].startswith("public, ")
        assert "Set-Cookie" not in response
        assert "Cookie" not in response.get("Vary", "")

    def test_offer_the_newsletters_that_are_open(self, home, newsletter, client):
        Newsletter.objects.create(
            name="Gone", slug="gone", promise="x", frequency="x", is_open=False
        )
        html = client.get(URL).content.decode()
        assert newsletter.promise in html
        assert 'value="gone"' not in html

    def test_say_so_when_there_is_none(self, home, client):
        assert client.get(URL).status_code == 200

    def test_change_nothing(self, home, newsletter, client):
        client.get(URL, {"newsletter": "morning", "email": "ana@example.com"})
        assert not Subscriber.objects.exists()


class TestPrivacy:
    def test_keeps_addresses_out_of_logs_and_urls(self, browser_client, newsletter, caplog):
        with caplog.at_level(logging.DEBUG):
            responses = [
                send(browser_client),
                send(browser_client, newsletter="nowhere"),
                send(browser_client, headers={"origin": "https://evil.example"}),
            ]
        assert "example.com" not in caplog.text.lower()
        assert not any("ana" in response.get("Location", "") for response in responses)
