import logging
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from newsroom.calls_to_action.models import CallToAction
from newsroom.newsletters.models import ConsentEvent, Newsletter, Subscriber, Subscription

pytestmark = pytest.mark.django_db

URL = "/newsletters/subscribe/"
THANKS = "/newsletters/thanks/"


@pytest.fixture
def browser_client(home) -> Client:
    """A client that checks tokens and sends what a browser sends from a page of the site."""
    return Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})


def send(client: Client, **fields: object):
    headers = fields.pop("headers", None)
    data = {"newsletter": "morning", "email": "Ana@Example.com", **fields}
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
        send(browser_client, story="7", block=block, call_to_action=str(ask.pk))
        signup = ConsentEvent.objects.get()
        assert (signup.page_id, signup.block_id, signup.call_to_action_id) == (7, block, ask.pk)
        assert "Start the day" in signup.wording.text
        assert newsletter.promise in signup.wording.text

    @pytest.mark.parametrize("junk", ["x", "-1", "9" * 40, "<script>", "١٢"])
    def test_is_not_lost_for_junk_about_where_it_stood(self, browser_client, newsletter, junk):
        assert send(browser_client, story=junk, block=junk, call_to_action=junk).status_code == 303
        signup = ConsentEvent.objects.get()
        assert (signup.page_id, signup.block_id, signup.call_to_action_id) == (None, "", None)

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
        other = browser_client.post(
            URL, {"newsletter": "morning", "email": "b@example.com"}, REMOTE_ADDR="198.51.100.7"
        )
        assert other.status_code == 303

    def test_say_when_to_try_again(self, browser_client, newsletter, settings):
        settings.NEWSROOM_SIGNUP_LIMIT = 0
        response = send(browser_client)
        assert response.status_code == 429
        assert response["Retry-After"] == "600"
        assert "Try again" in response.content.decode()


class TestOutages:
    def test_of_the_cache_lose_no_signup(self, browser_client, newsletter, monkeypatch):
        def fail(*args: object, **kwargs: object) -> None:
            raise ConnectionError

        monkeypatch.setattr(cache, "incr", fail, raising=False)
        monkeypatch.setattr("newsroom.newsletters.guards.cache.add", fail)
        assert send(browser_client).status_code == 303
        assert ConsentEvent.objects.count() == 1


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
