"""A source's state in a word and a sentence."""

from datetime import timedelta

import pytest

from elections.desk.health import Health, source_health, sources_with_health
from elections.feeds.contract import FeedError
from elections.models import Source

from .conftest import POLLS_CLOSE_AT, Say, document


def health_at(minutes: int) -> Health:
    source = sources_with_health(Source.objects.all()).get()
    return source_health(source, POLLS_CLOSE_AT + timedelta(minutes=minutes))


class TestSourceHealth:
    def test_is_not_asked_yet(self, source: Source) -> None:
        health = health_at(0)
        assert (health.word, health.tone) == ("Not asked yet", "warning")
        assert "Ask now" in health.sentence

    def test_answers(self, say: Say) -> None:
        say(30, a=1, b=2)
        assert health_at(31).tone == "good"

    def test_is_failing_with_the_reason_and_what_to_do(self, say: Say) -> None:
        say(30, a=1, b=2)
        say(31, error=FeedError("It did not answer. Call the office.", code="timeout"))
        health = health_at(32)
        assert (health.word, health.tone) == ("Failing", "critical")
        assert health.sentence == "It did not answer. Call the office."

    def test_is_failing_on_a_document_that_nobody_can_read(self, say: Say) -> None:
        say(30, b"<html>Sorry</html>")
        health = health_at(31)
        assert health.word == "Failing"
        assert "web page" in health.sentence

    def test_is_late_when_nobody_asks(self, say: Say) -> None:
        say(30, a=1, b=2)
        health = health_at(60)
        assert health.word == "Late"
        assert "worker" in health.sentence

    def test_points_to_the_holds(self, say: Say) -> None:
        say(30, scott=1200, dan=1000)
        say(40, scott=1100, dan=1000)
        assert health_at(41) == Health(
            "Held", "warning", "1 count is held: release or reject it under Holds."
        )

    def test_warns_of_votes_before_the_polls_closed(self, say: Say) -> None:
        say(-60, document(-60, board={"a": 1, "b": 2}))
        health = health_at(-59)
        assert health.tone == "warning"
        assert "before the polls closed" in health.sentence

    @pytest.mark.parametrize(
        ("changes", "word"), [({"is_active": False}, "Off"), ({"mode": "replay"}, "Waiting")]
    )
    def test_is_left_alone(self, source: Source, changes: dict, word: str) -> None:
        Source.objects.update(**changes)
        assert (health_at(0).word, health_at(0).tone) == (word, "waiting")

    def test_is_done_after_certification(self, say: Say, source: Source) -> None:
        say(30, a=1, b=2)
        source.election.certified_at = POLLS_CLOSE_AT + timedelta(days=28)
        source.election.save()
        assert health_at(60 * 24 * 29).word == "Done"
