"""What programs send, and what pretends to be one. No answer is an error of ours."""

import json
from time import time

import pytest
from django.test import RequestFactory

from newsroom.newsletters.syncing.contract import NotFromServiceError
from newsroom.newsletters.syncing.mailchimp import Mailchimp
from newsroom.newsletters.syncing.signed_webhook import SignedWebhook
from newsroom.newsletters.views.reports import signature
from newsroom.newsletters.webhooks import plain, read_json

pytestmark = pytest.mark.django_db

NUL, HALF = "a\0@example.com", "a\ud800@example.com"
DEEP = "[" * 200_000
AGES_AGO = "0001-01-01T00:00:00+23:59"
PATHS = ["/newsletters/reports/", "/newsletters/services/own/", "/asks/gifts/", "/asks/seen/"]


@pytest.fixture(autouse=True)
def keys(settings):
    settings.NEWSROOM_REPORT_KEYS = settings.NEWSROOM_DONATION_KEYS = ["k"]
    adapter = "newsroom.newsletters.syncing.signed_webhook.SignedWebhook"
    options = {"url": "https://lists.example.org/", "key": "k"}
    settings.NEWSROOM_NEWSLETTER_SERVICES = {"own": {"adapter": adapter, "options": options}}


class TestEveryWebhook:
    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize("length", ["abc", "-1", "1e3", "²", "9" * 5000, "99999999"])
    def test_is_asked_for_no_length_that_it_cannot_take(self, client, path, length):
        headers = {"Content-Length": length}
        assert client.post(path, "{}", "application/json", headers=headers).status_code == 413

    @pytest.mark.parametrize("path", PATHS[:3])
    @pytest.mark.parametrize("stamp", ["", "x", "-5", "²", "1" * 400, "0"])
    @pytest.mark.parametrize("given", ["", "é", "0" * 64])
    def test_believes_no_signature_but_its_own(self, client, path, stamp, given):
        headers = {"X-Newsroom-Time": stamp, "X-Newsroom-Signature": given}
        answer = client.post(path, b"\xff\x00{", "application/json", headers=headers)
        assert answer.status_code == 403


class TestSignedBodies:
    @pytest.mark.parametrize("path", PATHS[:3])
    @pytest.mark.parametrize("body", [DEEP, "9" * 6000, "\ufeff{}", '"', "NaN", "null"])
    def test_are_refused_when_nobody_can_read_them(self, client, path, body):
        assert self.send(client, path, body) in (400, 403, 413)

    @pytest.mark.parametrize("address", [NUL, HALF])
    def test_name_only_what_a_database_keeps(self, client, address):
        facts = {"id": "1", "at": "2026-11-04T06:10:00Z", "address": address}
        report = {**facts, "outcome": "complaint"}
        news = {**facts, "list": "m1", "membership": "unsubscribed"}
        assert self.send(client, PATHS[0], json.dumps({"reports": [report]})) == 400
        assert self.send(client, PATHS[1], json.dumps({"events": [news]})) == 403

    def test_are_of_a_time_that_can_be(self, client):
        report = {"id": "1", "outcome": "complaint", "address": "a@x.com", "at": AGES_AGO}
        assert self.send(client, PATHS[0], json.dumps({"reports": [report]})) == 400

    def send(self, client, path: str, body: str) -> int:
        stamp = str(int(time()))
        headers = {
            "X-Newsroom-Time": stamp,
            "X-Newsroom-Signature": signature("k", stamp, body.encode()),
        }
        return client.post(path, body, "application/json", headers=headers).status_code


class TestMailchimp:
    @pytest.mark.parametrize(
        "fields", [{"fired_at": "2026-13-45 99:99:99"}, {"data[email]": NUL}, {"data[id]": "\0"}]
    )
    def test_is_refused_when_it_cannot_be_read(self, fields):
        form = {"type": "unsubscribe", "data[email]": "a@x.com", "data[list_id]": "a1", **fields}
        request = RequestFactory().post("/?secret=s", form)
        with pytest.raises(NotFromServiceError):
            Mailchimp(api_key="k-us1", webhook_secret="s").take_news(request)


class TestSignedWebhook:
    def test_says_that_it_was_not_the_service(self):
        request = RequestFactory().post("/", DEEP, content_type="application/json")
        with pytest.raises(NotFromServiceError):
            SignedWebhook(url="https://x.example", key="k").take_news(request)


class TestReadJson:
    def test_tells_what_is_nested_too_deep_as_an_error_of_who_sent_it(self):
        with pytest.raises(ValueError, match="deep"):
            read_json(DEEP)


class TestPlain:
    @pytest.mark.parametrize(("text", "words"), [(NUL, "NUL"), (HALF, "surrogates")])
    def test_takes_nothing_that_cannot_be_kept(self, text, words):
        with pytest.raises(ValueError, match=words):
            plain(text)

    def test_is_the_text_of_a_number(self):
        assert plain(12) == "12"
