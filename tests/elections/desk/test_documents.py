"""What a source said: the log, the documents, the bytes."""

import pytest
from django.test import Client
from django.urls import reverse

from elections.desk import documents
from elections.feeds.contract import FeedError
from elections.models import Contest, Fetch, Hold, Snapshot, Source
from elections.widgets import publish
from tests.elections.documents import at, contest
from tests.elections.documents import document as county_document

from .conftest import Say, document


class TestRawDocument:
    def test_gives_the_bytes_as_they_came(self, editor: Client, say: Say) -> None:
        body = document(30, board={"josé_álvarez": 5, "dan_chang": 3})
        snapshot = say(30, body).snapshot
        response = editor.get(reverse("elections_sources:raw", args=[snapshot.pk]))
        assert response.content == body

    def test_gives_a_web_page_to_no_browser(self, editor: Client, say: Say) -> None:
        snapshot = say(30, b"<script>alert(1)</script>").snapshot
        response = editor.get(reverse("elections_sources:raw", args=[snapshot.pk]))
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["X-Content-Type-Options"] == "nosniff"


class TestSourcePage:
    def test_shows_state_attempts_and_documents(self, editor: Client, say: Say) -> None:
        say(30, scott=1200, dan=1000)
        say(31, error=FeedError("It did not answer. Call the office.", code="timeout"))
        source = Source.objects.get()
        text = editor.get(reverse("elections_sources:inspect", args=[source.pk])).content.decode()
        snapshot = Snapshot.objects.get()
        assert "It did not answer. Call the office." in text
        assert str(snapshot) in text
        assert reverse("elections_sources:raw", args=[snapshot.pk]) in text
        assert "Accepted" in text
        assert reverse("elections_sources:ask", args=[source.pk]) in text


class TestMissingRaces:
    HINT = "These races were not in the latest document."

    @pytest.fixture
    def races(self, say: Say) -> list[Contest]:
        """Ten confirmed races and a draft, of a first document."""
        say(30, county_document(at("20:30"), *(contest(f"CITY {n}", {"A": 5}) for n in range(11))))
        Contest.objects.exclude(reported_title="CITY 10").update(status="confirmed")
        return list(Contest.objects.filter(status="confirmed").order_by("pk"))

    def page(self, client: Client) -> str:
        url = reverse("elections_sources:inspect", args=[Source.objects.get().pk])
        return client.get(url).content.decode()

    def test_are_listed_with_the_count_that_readers_keep(self, editor, say: Say, races) -> None:
        assert self.HINT not in self.page(editor)
        say(
            40,
            county_document(at("20:40"), *(contest(f"CITY {n}", {"A": 6}) for n in range(1, 11))),
        )
        text = self.page(editor)
        assert self.HINT in text
        assert reverse("elections_races:inspect", args=[races[0].pk]) in text
        assert reverse("elections_races:inspect", args=[races[1].pk]) not in text
        assert "count of 11/05/2024 8:30 p.m. PST" in text

    def test_are_no_drafts(self, editor, say: Say, races) -> None:
        say(40, county_document(at("20:40"), *(contest(f"CITY {n}", {"A": 6}) for n in range(10))))
        assert self.HINT not in self.page(editor)

    @pytest.mark.parametrize("is_rejected", [False, True])
    def test_are_not_those_whose_count_is_kept_back(
        self, editor, say: Say, races, is_rejected: bool
    ) -> None:
        publish.publish([race.pk for race in races])
        others = [contest(f"CITY {n}", {"A": 6}) for n in range(1, 11)]
        say(40, county_document(at("20:40"), contest("CITY 0", {"A": 4}), *others))
        if is_rejected:
            Hold.objects.get().decide(Hold.Decision.REJECTED, at=at("20:41"))
            say(50, county_document(at("20:50"), contest("CITY 0", {"A": 4}), *others))
        assert Hold.objects.count() == 1
        assert self.HINT not in self.page(editor)


class TestAttempts:
    def test_can_be_filtered_by_their_outcome(self, editor: Client, say: Say) -> None:
        say(30, scott=1200, dan=1000)
        say(31, error=FeedError("It did not answer.", code="timeout"))
        url = reverse("elections_sources:attempts", args=[Source.objects.get().pk])
        assert len(editor.get(url).context["object_list"]) == 2
        (failed,) = editor.get(url, {"outcome": "failed"}).context["object_list"]
        assert failed.outcome == Fetch.Outcome.FAILED

    def test_come_in_pages(self, editor: Client, say: Say) -> None:
        for minutes in range(documents.FetchListView.paginate_by + 5):
            say(minutes, error=FeedError("It did not answer.", code="timeout"))
        url = reverse("elections_sources:attempts", args=[Source.objects.get().pk])
        assert len(editor.get(url, {"p": 2}).context["object_list"]) == 5


class TestDocuments:
    def test_give_their_verdict_and_why(self, editor: Client, say: Say) -> None:
        say(30, scott=1200, dan=1000)
        say(40, document(20, board={"scott": 1000, "dan": 900}))
        url = reverse("elections_sources:documents", args=[Source.objects.get().pk])
        text = editor.get(url).content.decode()
        assert "The document is older than what we have." in text
        (stale,) = editor.get(url, {"verdict": "stale"}).context["object_list"]
        assert documents.verdict_text(stale) == "Older than what we have"
