"""Testing a source shows what would be read, and leaves no trace."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import reverse

from elections import retrieving
from elections.feeds import http
from elections.feeds.contract import FeedError, Response
from elections.models import Election, Source

from .conftest import document


@pytest.fixture(autouse=True)
def known_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "look_up", lambda host, port: ["93.184.215.14"])


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Decide what the network answers; returns the addresses that were asked."""

    def answer(body: bytes = b"", error: Exception | None = None) -> list[str]:
        asked: list[str] = []

        def get(url: str) -> Response:
            asked.append(url)
            if error is not None:
                raise error
            return Response(200, body, url=url)

        monkeypatch.setattr(retrieving, "open_door", lambda source: get)
        return asked

    return answer


def fields(election: Election, **changes: str) -> dict[str, str]:
    return {
        "election": str(election.pk),
        "name": "LA County Registrar",
        "provider": "lac_json",
        "address": "https://results.lavote.gov/json?electionid=9",
        "public_url": "",
        "mode": Source.Mode.AUTOMATIC,
        "is_active": "on",
        "precedence": "3",
        "try": "1",
        **changes,
    }


def all_rows() -> dict[str, str]:
    """Every row of every table, as text."""
    return {
        model._meta.label: serializers.serialize("json", model._base_manager.order_by("pk"))
        for model in apps.get_models()
        if not model._meta.proxy and model._meta.managed
    }


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


class TestTryingAForm:
    def test_shows_what_would_be_read(self, editor: Client, election, answer) -> None:
        asked = answer(document(30, board={"scott_schmerelson": 1200, "dan_chang": 1000}))
        text = text_of(editor.post(reverse("elections_sources:add"), fields(election)))
        assert asked == ["https://results.lavote.gov/json?electionid=9"]
        assert "It would be taken in. Nothing was stored." in text
        assert "General Election" in text
        assert "11/05/2024 8:30 p.m. PST" in text
        assert "1,200" in text
        assert "Scott Schmerelson" in text
        assert "In the feed: LOS ANGELES UNIFIED SCHOOL DISTRICT Member of the Board" in text

    def test_keeps_what_was_typed(self, editor: Client, election, answer) -> None:
        answer(document(30, board={"scott": 1}))
        data = fields(election, name="The county, as I call it")
        text = text_of(editor.post(reverse("elections_sources:add"), data))
        assert 'value="The county, as I call it"' in text
        assert 'value="https://results.lavote.gov/json?electionid=9"' in text

    def test_changes_no_row_of_any_table(self, editor: Client, source, counted, answer) -> None:
        answer(document(60, board={"somebody_new": 9000}, write_in=12))
        before = all_rows()
        assert "elections.Contest" in before
        add, edit = reverse("elections_sources:add"), reverse("elections_sources:edit", args=[1])
        edit = edit.replace("/1/", f"/{source.pk}/")
        for url in (add, edit):
            data = fields(source.election, name="Another name")
            response = editor.post(url, data)
            assert response.status_code == 200
            assert response.context["trial"].race_count == "3"
        editor.post(reverse("elections_sources:try", args=[source.pk]))
        assert all_rows() == before

    def test_names_what_is_missing_instead_of_asking(self, editor, election, answer) -> None:
        asked = answer()
        data = fields(election, address="")
        response = editor.post(reverse("elections_sources:add"), data)
        assert response.context["form"].errors["address"] == ["Write the address of the feed."]
        assert asked == []

    def test_needs_no_name_yet(self, editor: Client, election, answer) -> None:
        answer(document(30, board={"scott": 1}))
        response = editor.post(reverse("elections_sources:add"), fields(election, name=""))
        assert response.context["trial"].race_count == "3"

    def test_is_not_for_a_source_that_is_never_asked(self, editor, election, answer) -> None:
        asked = answer()
        data = fields(election, mode=Source.Mode.REPLAY)
        response = editor.post(reverse("elections_sources:add"), data)
        assert "mode" in response.context["form"].errors
        assert asked == []


class TestTryingASource:
    def try_it(self, client: Client, source: Source) -> str:
        return text_of(client.post(reverse("elections_sources:try", args=[source.pk])))

    def test_hides_votes_from_before_the_polls_close(self, as_user, source, answer) -> None:
        answer(document(-90, board={"scott_schmerelson": 5151, "dan_chang": 0}))
        for role in ("editor", "desk", "admin"):
            text = self.try_it(as_user(role), source)
            assert "3 races have votes; hidden until the polls close." in text
            assert "5,151" not in text
            assert "5151" not in text
            assert "Scott Schmerelson" in text

    def test_warns_of_another_election_day(self, desk: Client, source, answer) -> None:
        Election.objects.update(election_date="2024-03-05")
        answer(document(30, board={"scott": 1}))
        text = self.try_it(desk, source)
        assert "It was read, but would not be shown to readers now." in text
        assert "The document is about another election day." in text
        assert "Nov. 5, 2024" in text

    def test_warns_of_a_test_election(self, desk: Client, source, answer) -> None:
        Election.objects.update(is_test=True)
        answer(document(30, board={"scott": 1}))
        assert "This is a test election" in self.try_it(desk, source)

    def test_warns_of_a_document_older_than_what_stands(
        self, desk: Client, source, counted, answer
    ) -> None:
        answer(document(10, board={"scott": 1}))
        assert "The document is older than what we have." in self.try_it(desk, source)

    @pytest.mark.parametrize(
        "error",
        [
            FeedError("The server did not answer in time. Wait.", code="timeout"),
            FeedError("The document is larger than 32 MB.", code="too-large"),
            FeedError("The server answers 403. Ask the office.", code="http-status", status=403),
        ],
    )
    def test_says_in_the_feeds_own_sentence_why_nothing_came(
        self, desk: Client, source, answer, error
    ) -> None:
        answer(error=error)
        text = self.try_it(desk, source)
        assert "Nothing could be read, and nothing was stored." in text
        assert error.message in text

    def test_says_where_a_document_is_wrong(self, desk: Client, source, answer) -> None:
        broken = json.loads(document(30, board={"scott": 1}))
        broken["Election"]["ContestGroups"][0]["Contests"][0]["Type"] = "Lottery"
        answer(json.dumps(broken).encode())
        text = self.try_it(desk, source)
        assert "Lottery" in text
        assert "Where in the document:" in text

    def test_survives_a_failure_of_ours(self, desk: Client, source, answer, caplog) -> None:
        answer(error=ZeroDivisionError("oops"))
        assert "Something failed on our side." in self.try_it(desk, source)
        assert "oops" in caplog.text

    def test_refuses_a_private_network(self, desk: Client, source) -> None:
        Source.objects.update(address="http://127.0.0.1:1/results.json")
        assert "private network" in self.try_it(desk, source)

    def test_is_offered_on_the_page_of_the_source(self, as_user, source) -> None:
        page = reverse("elections_sources:inspect", args=[source.pk])
        address = reverse("elections_sources:try", args=[source.pk])
        assert address in as_user("desk").get(page).content.decode()
        assert address not in as_user("viewer").get(page).content.decode()

    def test_never_happens_on_a_get(self, desk: Client, source, answer) -> None:
        asked = answer()
        assert desk.get(reverse("elections_sources:try", args=[source.pk])).status_code == 405
        assert asked == []
