import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from newsroom.calls_to_action.gifts import claim, sign
from newsroom.calls_to_action.models import AskCount, Gift
from newsroom.calls_to_action.places import AskPlace, sign_place

pytestmark = pytest.mark.django_db

PLACE = AskPlace(call_to_action_id=3, page_id=7, block_id="b1", phase="called")
BROWSER = {"origin": "http://testserver", "user-agent": "Mozilla/5.0 (X11) Firefox/140.0"}
KEY = "a long key of the donation page"


@pytest.fixture
def tell(client):
    def tell(body: str | None = None, **headers: str):
        body = f"impression {sign_place(PLACE)}" if body is None else body
        headers = {**BROWSER, **{name.replace("_", "-"): text for name, text in headers.items()}}
        return client.post("/asks/seen/", body, content_type="text/plain", headers=headers)

    return tell


def total() -> int:
    return sum(AskCount.objects.values_list("number", flat=True))


class TestSeen:
    def test_counts_a_report_in_the_row_of_its_place(self, tell):
        assert [tell().status_code, tell().status_code] == [204, 204]
        row = AskCount.objects.get()
        assert (row.number, row.kind, row.page_id, row.phase) == (2, "impression", 7, "called")

    @pytest.mark.parametrize(
        "headers",
        [
            {"user_agent": "Googlebot/2.1"},
            {"user_agent": "HeadlessChrome/140"},
            {"user_agent": ""},
            {"sec_purpose": "prefetch;prerender"},
            {"purpose": "prefetch"},
            {"origin": "https://elsewhere.example"},
            {"sec_gpc": "1"},
            {"dnt": "1"},
        ],
    )
    def test_ignores_machines_prefetches_strangers_and_the_private(self, tell, headers):
        response = tell(**headers)
        assert response.status_code == 204
        assert total() == 0

    @pytest.mark.parametrize("body", ["", "impression", "impression x:y", "gift {}", "view {}"])
    def test_ignores_what_was_not_signed_or_is_not_reported(self, tell, body):
        assert tell(body.format(sign_place(PLACE))).status_code == 204
        assert total() == 0

    def test_refuses_what_is_long_sets_no_cookie_and_takes_no_get(self, tell, client):
        assert tell("x" * 3000).status_code == 413
        assert not tell().cookies
        assert client.get("/asks/seen/").status_code == 405

    def test_has_a_limit_for_each_network(self, tell, settings):
        settings.NEWSROOM_BEACON_LIMIT = 2
        for _ in range(4):
            tell()
        assert total() == 2


@pytest.fixture
def keys(settings) -> None:
    settings.NEWSROOM_DONATION_KEYS = [KEY]


def make_return(reference: str = "gift-0001", *, expires: int = 600, place: str = "") -> str:
    text = f"{reference}.{int(time.time()) + expires}" + (f".{place}" if place else "")
    return f"{text}.{sign(KEY, text)}"


@pytest.mark.usefixtures("keys")
class TestThanks:
    def test_marks_nobody_when_it_is_looked_at(self, client):
        for address in ("/asks/thanks/", f"/asks/thanks/?return={make_return()}"):
            html = client.get(address).content.decode()
            assert "data-donor-until" not in html
        assert not Gift.objects.exists()

    def test_marks_once_by_a_signed_return(self, client):
        token = make_return(place=sign_place(PLACE))
        pages = [client.post("/asks/thanks/", {"return": token}).content.decode() for _ in "ab"]
        assert ["data-donor-until" in page for page in pages] == [True, False]
        assert AskCount.objects.get().kind == "gift"

    @pytest.mark.parametrize(
        "make",
        [
            lambda: "",
            lambda: "gift-0001",
            lambda: make_return(expires=-1),
            lambda: make_return()[:-1] + "x",
            lambda: make_return().replace("0001", "0002"),
            lambda: "..",
            lambda: "gift-0001.9999999999.é",
        ],
    )
    def test_believes_nothing_else(self, client, make):
        html = client.post("/asks/thanks/", {"return": make()}).content.decode()
        assert "data-donor-until" not in html
        assert not Gift.objects.exists()

    def test_believes_nothing_without_keys(self, settings):
        token = make_return()
        settings.NEWSROOM_DONATION_KEYS = []
        assert not claim(token)


@pytest.mark.usefixtures("keys")
class TestGifts:
    def tell(self, client, body: str | None = None, *, key: str = KEY, age: int = 0):
        facts = {"reference": "txn_12345", "place": sign_place(PLACE)}
        body = json.dumps(facts) if body is None else body
        stamp = str(int(time.time()) - age)
        headers = {
            "X-Newsroom-Time": stamp,
            "X-Newsroom-Signature": sign(key, f"{stamp}.{body}"),
        }
        return client.post("/asks/gifts/", body, content_type="application/json", headers=headers)

    def test_are_counted_once_and_claimed_once_by_their_reference(self, client):
        assert [self.tell(client).json()["is_new"] for _ in "ab"] == [True, False]
        assert total() == 1
        assert [claim("txn_12345"), claim("txn_12345")] == [True, False]

    def test_cannot_be_claimed_for_ever(self, client):
        self.tell(client)
        assert not claim("txn_12345", timezone.now() + timedelta(days=3))

    def test_are_refused_with_a_wrong_or_old_signature(self, client):
        assert self.tell(client, key="another").status_code == 403
        assert self.tell(client, age=400).status_code == 403
        assert not Gift.objects.exists()

    @pytest.mark.parametrize("body", ["", "[]", "{}", '{"reference": "x"}', "null"])
    def test_are_refused_when_they_are_not_what_is_documented(self, client, body):
        assert self.tell(client, body).status_code == 400

    def test_are_not_there_without_keys(self, client, settings):
        settings.NEWSROOM_DONATION_KEYS = []
        assert self.tell(client).status_code == 404
