"""No vote is shown before the polls close, also where the hour is corrected after a count came."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from elections.models import Election, Freeze, Override, Pin
from elections.widgets.course import race_timeline
from elections.widgets.publish import publish_stale, stale_contests
from tests.elections.documents import at, board, document

NOBODY = {"Scott Schmerelson": 0, "Dan Chang": 0}


def close_polls(when: datetime.datetime) -> None:
    Election.objects.update(polls_close_at=when, updated_at=timezone.now())
    publish_stale()


@pytest.fixture
def in_an_hour() -> datetime.datetime:
    return timezone.now() + datetime.timedelta(hours=1)


def test_a_later_hour_takes_early_votes_away(night):
    close_polls(at("21:00"))
    assert night.shown == NOBODY
    night.say(document(at("21:30"), board(70_000, 60_000)), seen="21:30")
    assert night.shown == {"Scott Schmerelson": 70_000, "Dan Chang": 60_000}


def test_early_votes_are_nowhere_public(night, client, in_an_hour):
    night.say(document(at("21:30"), board(70_000, 60_000)), seen="21:30")
    close_polls(in_an_hour)
    race = night.contest.pk
    assert night.shown == NOBODY
    assert race_timeline(night.contest) is None
    for name in ("api_history", "race_csv", "race_atom", "race_feed", "fragment", "api_contest"):
        text = client.get(reverse(f"elections:{name}", args=[race])).content.decode()
        assert not any(votes in text for votes in ("61168", "61,168", "70000", "70,000"))
    for name in ("election_atom", "election_nist"):
        text = client.get(reverse(f"elections:{name}", args=[night.source.election_id]))
        assert not any(votes in text.content.decode() for votes in ("61168", "61,168", "70000"))


@pytest.mark.parametrize("model", [Freeze, Pin])
def test_what_the_desk_holds_fast_waits_too(night, model, in_an_hour):
    current = night.contest.current_counts.get()
    facts = {"as_of": current.as_of} if model is Freeze else {"public_note": "x"}
    model.make(contest=night.contest, count=current.count, reason="x", **facts)
    close_polls(in_an_hour)
    assert night.shown == NOBODY


def test_a_corrected_number_waits_too(night, in_an_hour):
    scott = night.contest.selections.get(name="Scott Schmerelson")
    facts = {"source_votes": 61_168, "as_of": at("21:00"), "said_by": "x", "reason": "x"}
    Override.make(contest=night.contest, selection=scott, votes=61_500, **facts)
    close_polls(in_an_hour)
    assert night.shown == NOBODY


def test_no_number_is_corrected_before(night, in_an_hour):
    close_polls(in_an_hour)
    scott = night.contest.selections.get(name="Scott Schmerelson")
    facts = {"source_votes": 61_168, "as_of": at("21:00"), "said_by": "x", "reason": "x"}
    with pytest.raises(ValidationError, match="polls are still open"):
        Override.make(contest=night.contest, selection=scott, votes=61_500, **facts)


def test_the_hour_itself_makes_a_publication_stale(night, in_an_hour):
    close_polls(in_an_hour)
    publish_stale(timezone.now() + datetime.timedelta(minutes=3))
    assert not stale_contests(in_an_hour - datetime.timedelta(minutes=10)).exists()
    assert list(stale_contests(in_an_hour)) == [night.contest]
