"""What the desk lays over a count reaches readers whole, traceable, and never as final."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from elections.counting.calls import CallKind
from elections.models import Call, CorrectionNote, Freeze, Override, Pin, Published
from elections.tasks import publish_due
from elections.widgets.course import race_timeline
from elections.widgets.expiry import end_overrides
from elections.widgets.facts import load_facts
from elections.widgets.history_rows import election_history, race_history
from elections.widgets.publish import publish_stale, stale_contests
from tests.elections.documents import at, board, document

FIRST = {"Scott Schmerelson": 61_168, "Dan Chang": 50_310}


@pytest.fixture
def scott(night):
    return night.contest.selections.get(name="Scott Schmerelson")


@pytest.fixture
def override(night, scott):
    def override(votes: int, **facts) -> Override:
        plain = {
            "selection": scott,
            "votes_before": 61_168,
            "source_votes": 61_168,
            "as_of": at("21:40"),
            "said_by": "LA County Registrar, by phone",
            "public_note": "The feed leaves out a precinct.",
            "reason": "Ms. Logan called.",
            "until": Override.Until.DIFFERS,
        }
        return Override.make(contest=night.contest, votes=votes, **{**plain, **facts})

    return override


def freeze(night, **facts) -> Freeze:
    current = night.contest.current_counts.get()
    plain = {"count": current.count, "as_of": current.as_of, "reason": "The feed jumps."}
    return Freeze.make(contest=night.contest, made_at=at("21:42"), **{**plain, **facts})


def pin(night, count) -> Pin:
    return Pin.make(
        contest=night.contest, count=count, reason="x", public_note="The later count was wrong."
    )


def payload(night) -> dict:
    return json.loads(Published.objects.get(contest=night.contest).payload)


def certify(night) -> None:
    Call.make(contest=night.contest, kind=CallKind.CERTIFIED, authority="County", reason="x")


def conflicts(night) -> list[Override]:
    (facts,) = load_facts([night.contest.pk])
    return list(facts.conflicts)


class TestOverride:
    def test_replaces_one_number_and_says_so(self, night, override) -> None:
        made = override(61_500)
        assert publish_stale() == [night.contest.pk]
        assert night.shown == {**FIRST, "Scott Schmerelson": 61_500}
        assert (
            "Corrected by our desk: 61,500 votes for Scott Schmerelson, as of 9:40 p.m. Nov. 5 "
            "(LA County Registrar, by phone). The feed leaves out a precinct."
        ) in night.published.html
        assert "leads by 11,190 votes" in night.published.html
        (told,) = payload(night)["desk"]["overrides"]
        assert (told["id"], told["source_votes"], told["votes"]) == (made.pk, 61_168, 61_500)

    def test_keeps_the_reason_from_readers(self, night, override) -> None:
        override(61_500)
        publish_stale()
        assert "Logan" not in night.published.html + night.published.payload

    def test_gives_way_in_the_very_release_in_which_the_source_moves(self, night, override) -> None:
        made = override(61_500)
        publish_stale()
        night.say(document(at("22:00"), board(62_000, 50_400)))
        assert night.shown == {"Scott Schmerelson": 62_000, "Dan Chang": 50_400}
        assert "Corrected by our desk" not in night.published.html
        assert made.ended_at is None
        assert end_overrides(timezone.now()) == 1
        made.refresh_from_db()
        assert made.end_reason == "The source’s number had changed."
        entry = ModelLogEntry.objects.get(action="elections.end_override")
        assert (entry.user, entry.data["reason"]) == (None, made.end_reason)

    def test_stands_until_the_source_reaches_it(self, night, override) -> None:
        override(61_500, until=Override.Until.REACHES)
        night.say(document(at("22:00"), board(61_300, 50_400)))
        assert night.shown == {"Scott Schmerelson": 61_500, "Dan Chang": 50_400}
        assert len(conflicts(night)) == 1
        night.say(document(at("22:30"), board(61_500, 50_400)))
        assert not conflicts(night)
        assert "Corrected by our desk" not in night.published.html

    def test_is_over_at_its_time_without_any_new_count(self, night, override) -> None:
        later = timezone.now() + timedelta(hours=1)
        override(61_500, until=Override.Until.TIME, expires_at=later)
        publish_stale(timezone.now() + timedelta(minutes=2))
        assert not stale_contests(later - timedelta(minutes=1)).exists()
        publish_stale(later + timedelta(seconds=1))
        assert night.shown == FIRST

    def test_is_ended_by_the_periodic_task(self, night, override) -> None:
        made = override(61_500)
        night.say(document(at("22:00"), board(62_000, 50_400)))
        publish_due()
        made.refresh_from_db()
        assert made.ended_at is not None

    def test_is_never_final(self, night, override) -> None:
        certify(night)
        publish_stale()
        assert night.published.is_final
        override(61_500)
        publish_stale()
        assert not night.published.is_final
        assert not payload(night)["final"]

    def test_of_a_race_without_a_count_stands_alone(self, night, scott, override) -> None:
        night.contest.current_counts.all().delete()
        later = timezone.now() + timedelta(hours=1)
        override(10, until="time", expires_at=later, source_votes=None, votes_before=None)
        publish_stale()
        assert night.shown["Scott Schmerelson"] == 10


class TestFreeze:
    def test_keeps_what_stands_while_counts_go_on_being_stored(self, night) -> None:
        frozen = freeze(night, public_note="We are checking a number.")
        publish_stale()
        version = night.published.version
        night.say(document(at("22:00"), board(62_000, 50_400)))
        assert night.shown == FIRST
        assert night.published.version == version
        assert night.contest.counts.count() == 2
        html = night.published.html
        assert "Updates paused by our desk at 9:42 p.m. Nov. 5. We are checking a number." in html
        assert payload(night)["desk"]["paused"]["id"] == frozen.pk

    def test_shows_the_latest_count_when_it_ends(self, night) -> None:
        frozen = freeze(night)
        night.say(document(at("22:00"), board(62_000, 50_400)))
        frozen.end(at=timezone.now())
        publish_stale()
        assert night.shown == {"Scott Schmerelson": 62_000, "Dan Chang": 50_400}
        assert "paused" not in night.published.html

    def test_hides_the_newer_counts_from_history_course_and_api(self, night, client) -> None:
        freeze(night)
        night.say(document(at("22:00"), board(62_000, 50_400)))
        told = " ".join(e.text for e in race_history(night.contest, night.published))
        assert "more votes were counted" not in told
        assert "Our desk paused updates." in told
        assert race_timeline(night.contest) is None
        url = f"/api/results/contests/{night.contest.pk}/history/"
        answer = client.get(url)
        assert answer.status_code == 200, answer.status_code
        assert len(answer.json()["releases"]) == 1

    def test_does_not_let_a_later_hold_show(self, night) -> None:
        freeze(night)
        night.say(document(at("22:00"), board(60_000, 50_310)), seen="22:01")
        assert night.contest.holds.open().exists()
        publish_stale()
        assert "Held for review" not in night.published.html

    def test_keeps_a_corrected_number_whatever_the_source_says(self, night, override) -> None:
        made = override(61_500)
        freeze(night)
        night.say(document(at("22:00"), board(62_000, 50_400)))
        end_overrides(timezone.now() + timedelta(days=1))
        made.refresh_from_db()
        assert made.ended_at is None
        assert night.shown == {**FIRST, "Scott Schmerelson": 61_500}

    def test_lets_a_corrected_number_end_at_its_time(self, night, override) -> None:
        later = timezone.now() + timedelta(hours=1)
        made = override(61_500, until=Override.Until.TIME, expires_at=later)
        freeze(night)
        publish_stale()
        assert night.shown == {**FIRST, "Scott Schmerelson": 61_500}
        publish_stale(later + timedelta(seconds=1))
        assert night.shown == FIRST
        assert end_overrides(later + timedelta(seconds=1)) == 1
        made.refresh_from_db()
        assert made.end_reason == "Its time was over."

    def test_is_never_final(self, night) -> None:
        certify(night)
        freeze(night)
        publish_stale()
        assert not night.published.is_final

    def test_lets_a_call_be_taken_back_at_once(self, night, scott) -> None:
        facts = {"contest": night.contest, "authority": "Our desk", "reason": "x"}
        made = Call.make(kind=CallKind.WINNER, selections=[scott], **facts)
        freeze(night)
        publish_stale()
        assert "Winner" in night.published.html
        Call.make(kind=CallKind.RETRACTED, retracts=made, **facts)
        publish_stale()
        assert "Winner" not in night.published.html

    def test_of_a_race_before_its_first_count_keeps_it_empty(self, night) -> None:
        freeze(night, count=None, as_of=None)
        publish_stale()
        assert payload(night)["counted_at"] is None
        assert payload(night)["total_votes"] == 0


class TestPin:
    def test_goes_back_to_an_earlier_count_and_says_so(self, night) -> None:
        first = night.contest.counts.get()
        night.say(document(at("22:00"), board(62_000, 50_400)))
        row = pin(night, first)
        publish_stale()
        assert night.shown == FIRST
        assert night.published.count == first
        assert "Our desk shows an earlier count, of 8:36 p.m. Nov. 5." in night.published.html
        assert "The later count was wrong." in night.published.html
        assert payload(night)["desk"]["pinned"]["id"] == row.pk
        assert not payload(night)["final"]

    def test_stays_when_the_source_speaks_and_returns_when_it_ends(self, night) -> None:
        row = pin(night, night.contest.counts.get())
        publish_stale()
        night.say(document(at("22:30"), board(63_000, 50_500)))
        assert night.shown == FIRST
        row.end(at=timezone.now())
        publish_stale()
        assert night.shown["Scott Schmerelson"] == 63_000

    def test_shows_the_count_as_it_was_without_later_corrections(self, night, override) -> None:
        override(61_500)
        pin(night, night.contest.counts.get())
        publish_stale()
        assert night.shown == FIRST

    def test_ends_the_course_of_the_count_where_it_stands(self, night) -> None:
        first = night.contest.counts.get()
        for clock, votes in (("22:00", 62_000), ("22:30", 63_000)):
            night.say(document(at(clock), board(votes, 50_400)))
        second = night.contest.counts.order_by("counted_at")[1]
        pin(night, second)
        assert len(race_timeline(night.contest).steps) == 2
        assert first in night.contest.counts.all()


class TestCorrectionNote:
    def make(self, night, text: str = "We misspelled a name.") -> CorrectionNote:
        return CorrectionNote.make(
            contest=night.contest, text=text, reason="A reader wrote.", made_at=at("21:42")
        )

    def test_stands_with_the_result_and_may_be_final(self, night) -> None:
        self.make(night)
        certify(night)
        publish_stale()
        html = night.published.html
        assert "Correction, 9:42 p.m. Nov. 5: We misspelled a name." in html
        assert night.published.is_final
        assert "A reader wrote." not in html + night.published.payload

    def test_is_told_once_in_history_with_its_end(self, night) -> None:
        note = self.make(night)
        entry = race_history(night.contest, night.published)[0]
        assert (entry.kind.value, entry.text) == (
            "correction",
            "Correction: We misspelled a name.",
        )
        note.end(at=at("22:00"))
        entry = race_history(night.contest, night.published)[0]
        assert entry.text.endswith("This note was taken back at 10 p.m. Nov. 5, 2024.")
        publish_stale()
        assert "misspelled" not in night.published.html

    def test_is_in_the_history_of_the_election(self, night) -> None:
        publish_stale()
        self.make(night)
        entries, _contests = election_history(night.source.election)
        assert entries[0].text == "Correction: We misspelled a name."

    def test_shows_the_latest_where_there_are_several(self, night) -> None:
        self.make(night)
        self.make(night, "We named the wrong district.")
        publish_stale()
        assert "wrong district" in night.published.html
        assert "misspelled" not in night.published.html
        assert len(payload(night)["desk"]["corrections"]) == 2
