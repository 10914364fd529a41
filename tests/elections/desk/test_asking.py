"""One more attempt, and a person's word for a document that lacks races."""

import pytest
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from elections import ingest
from elections.desk import asking
from elections.feeds.contract import Response
from elections.models import Fetch, Snapshot, Source
from elections.widgets import publish
from tests.elections.documents import at, contest
from tests.elections.documents import document as county_document

from .conftest import Say, document


class TestAskNow:
    def ask(self, client: Client, source: Source) -> str:
        url = reverse("elections_sources:ask", args=[source.pk])
        return client.post(url, follow=True).content.decode()

    def test_hands_it_to_the_worker(self, editor, source, monkeypatch) -> None:
        asked = []
        monkeypatch.setattr(
            asking.refresh_source, "apply_async", lambda **options: asked.append(options)
        )
        assert "The task worker will ask the source now." in self.ask(editor, source)
        assert asked[0]["kwargs"] == {"source_id": source.pk, "out_of_turn": True}

    def test_asks_from_here_when_the_queue_is_away(
        self, editor, source, say: Say, monkeypatch
    ) -> None:
        def no_broker(**options: object) -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr(asking.refresh_source, "apply_async", no_broker)
        refresh = ingest.refresh
        body = document(30, board={"scott": 1200, "dan": 1000})
        monkeypatch.setattr(
            asking.ingest,
            "refresh",
            lambda source: refresh(source, get=lambda url: Response(200, body)),
        )
        text = self.ask(editor, source)
        assert "The task queue is away, so the source was asked from here: New count." in text
        assert Fetch.objects.get().outcome == Fetch.Outcome.ACCEPTED

    def test_tells_of_a_failure_of_ours(self, editor, source, monkeypatch, caplog) -> None:
        def no_broker(**options: object) -> None:
            raise OperationalError("connection refused")

        def full_disk(source: Source) -> None:
            raise OSError("The disk is full.")

        monkeypatch.setattr(asking.refresh_source, "apply_async", no_broker)
        monkeypatch.setattr(asking.ingest, "refresh", full_disk)
        assert "something failed on our side" in self.ask(editor, source)
        assert "The disk is full." in caplog.text

    def test_leaves_a_source_alone_that_is_off(self, editor, source, monkeypatch) -> None:
        asked = []
        monkeypatch.setattr(asking.refresh_source, "apply_async", asked.append)
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

    @pytest.mark.parametrize("role", ["editor", "desk"])
    def test_is_offered_where_a_document_waits(self, as_user, source, waiting, role) -> None:
        url = reverse("elections_sources:inspect", args=[source.pk])
        text = as_user(role).get(url).content.decode()
        assert reverse("elections_sources:ask", args=[source.pk]) in text
        assert "The latest document has 5 races, far fewer" in text
        assert reverse("elections_sources:accept", args=[waiting.pk]) in text

    def test_shows_the_document_to_readers(self, editor, waiting) -> None:
        url = reverse("elections_sources:accept", args=[waiting.pk])
        assert "Accepted." in editor.post(url, follow=True).content.decode()
        assert "Nothing was changed" in editor.post(url, follow=True).content.decode()

    def test_is_not_offered_once_the_source_has_said_something_else(
        self, editor, source, say: Say, waiting
    ) -> None:
        say(50, county_document(at("20:50"), *(contest(f"CITY {n}", {"A": 9}) for n in range(10))))
        text = editor.get(reverse("elections_sources:inspect", args=[source.pk])).content.decode()
        assert "Accept this document" not in text

    def test_stands_although_publishing_fails(self, desk, waiting, monkeypatch, caplog) -> None:
        def broken(contest_ids: list[int]) -> None:
            raise publish.PublishError([1])

        monkeypatch.setattr("elections.ingest.publish", broken)
        url = reverse("elections_sources:accept", args=[waiting.pk])
        text = desk.post(url, follow=True).content.decode()
        assert "Accepted. Readers see what the document says within a minute." in text
        waiting.refresh_from_db()
        assert waiting.verdict == "accepted"
        assert "Could not publish contests 1." in caplog.text
