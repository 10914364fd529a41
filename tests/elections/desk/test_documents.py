"""What a source said: the log, the documents, the bytes, and one more attempt."""

import pytest
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from elections import ingest
from elections.desk import documents
from elections.feeds.contract import FeedError, Response
from elections.models import Fetch, Snapshot, Source
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


class TestAskNow:
    def ask(self, client: Client, source: Source) -> str:
        url = reverse("elections_sources:ask", args=[source.pk])
        return client.post(url, follow=True).content.decode()

    def test_hands_it_to_the_worker(self, editor, source, monkeypatch) -> None:
        asked = []
        monkeypatch.setattr(
            documents.refresh_source, "apply_async", lambda **options: asked.append(options)
        )
        assert "The task worker will ask the source now." in self.ask(editor, source)
        assert asked[0]["kwargs"] == {"source_id": source.pk, "out_of_turn": True}

    def test_asks_from_here_when_the_queue_is_away(
        self, editor, source, say: Say, monkeypatch
    ) -> None:
        def no_broker(**options: object) -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr(documents.refresh_source, "apply_async", no_broker)
        refresh = ingest.refresh
        body = document(30, board={"scott": 1200, "dan": 1000})
        monkeypatch.setattr(
            documents.ingest,
            "refresh",
            lambda source: refresh(source, get=lambda url: Response(200, body)),
        )
        text = self.ask(editor, source)
        assert "The task queue is away, so the source was asked from here: New count." in text
        assert Fetch.objects.get().outcome == Fetch.Outcome.ACCEPTED

    def test_leaves_a_source_alone_that_is_off(self, editor, source, monkeypatch) -> None:
        asked = []
        monkeypatch.setattr(documents.refresh_source, "apply_async", asked.append)
        Source.objects.update(is_active=False)
        assert "This source is not asked." in self.ask(editor, source)
        assert asked == []

    def test_changes_nothing_on_a_get(self, editor, source) -> None:
        response = editor.get(reverse("elections_sources:ask", args=[source.pk]))
        assert response.status_code == 405


class TestAccept:
    @pytest.fixture
    def waiting(self, say: Say) -> Snapshot:
        def races(count: int, votes: int) -> list[dict]:
            return [contest(f"CITY {n}", {"A": votes, "B": 4}) for n in range(count)]

        say(30, county_document(at("20:30"), *races(10, 5)))
        say(40, county_document(at("20:40"), *races(5, 50)))
        return Snapshot.objects.get(verdict="held")

    def test_is_offered_where_a_document_waits(self, editor, source, waiting) -> None:
        text = editor.get(reverse("elections_sources:inspect", args=[source.pk])).content.decode()
        assert "The latest document has 5 races, far fewer" in text
        assert reverse("elections_sources:accept", args=[waiting.pk]) in text

    def test_shows_the_document_to_readers(self, editor, waiting) -> None:
        url = reverse("elections_sources:accept", args=[waiting.pk])
        assert "Accepted." in editor.post(url, follow=True).content.decode()
        assert "Nothing was changed" in editor.post(url, follow=True).content.decode()
