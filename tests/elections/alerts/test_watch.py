import logging

import pytest

from elections.alerts import watch
from elections.models import (
    Alert,
    AlertKind,
    Contest,
    Election,
    Hold,
    Source,
)
from elections.widgets.publish import publish
from tests.elections.documents import at, board, document, failing, measure


def kinds() -> list[str]:
    return sorted(Alert.objects.values_list("kind", flat=True))


def open_kinds() -> list[str]:
    return sorted(Alert.objects.open().values_list("kind", flat=True))


@pytest.fixture
def watched(night):
    watch.look(at("20:41"))
    assert kinds() == []
    return night


class TestErrorStreak:
    def fail(self, night, times, **facts):
        for number in range(times):
            night.ask(failing(**facts), seen=f"20:{41 + number}")

    def test_is_one_alert_until_it_recovers(self, watched):
        self.fail(watched, 2)
        watch.look(at("20:43"))
        assert kinds() == []
        self.fail(watched, 3)
        watch.look(at("20:44"))
        watch.look(at("20:45"))
        assert kinds() == [AlertKind.ERROR_STREAK]
        watched.say(document(at("20:56"), board(70_000, 60_000)), seen="20:57")
        watch.look(at("20:57"))
        alert = Alert.objects.get()
        assert alert.closed_at == at("20:57")
        assert "failed 5 times in a row" in alert.message

    def test_is_a_new_alert_the_second_time(self, watched):
        self.fail(watched, 3)
        watch.look(at("20:44"))
        watched.say(document(at("20:56"), board(70_000, 60_000)), seen="20:57")
        watch.look(at("20:57"))
        self.fail(watched, 3)
        watch.look(at("20:58"))
        assert kinds() == [AlertKind.ERROR_STREAK] * 2

    def test_ends_when_the_source_is_switched_off(self, watched):
        self.fail(watched, 3)
        watch.look(at("20:44"))
        Source.objects.update(is_active=False)
        watch.look(at("20:45"))
        assert open_kinds() == []


class TestStaleSource:
    def test_is_told_after_ten_minutes_without_a_good_answer(self, watched):
        watch.look(at("20:50"))
        assert kinds() == []
        watch.look(at("20:51"))
        assert kinds() == [AlertKind.STALE_SOURCE]
        assert "since 11/05/2024 8:40 p.m. PST" in Alert.objects.get().message

    def test_is_no_matter_after_certification(self, watched):
        Election.objects.update(certified_at=at("20:45"))
        watch.look(at("23:00"))
        assert kinds() == []


class TestSchemaDrift:
    def test_is_told_when_a_document_has_another_shape(self, watched):
        watched.say(document(at("21:34"), {"Title": "Mayor"}), seen="20:45")
        watch.look(at("20:45"))
        assert kinds() == [AlertKind.SCHEMA_DRIFT]

    def test_is_told_of_an_unknown_kind_of_race(self, watched):
        strange = {**board(1, 2), "Type": "Lottery"}
        watched.say(document(at("21:34"), strange), seen="20:45")
        watch.look(at("20:45"))
        assert kinds() == [AlertKind.SCHEMA_DRIFT]

    def test_is_not_a_web_page(self, watched):
        watched.say(b"<!doctype html><p>Maintenance", seen="20:45")
        watch.look(at("20:45"))
        assert kinds() == []

    def test_is_told_of_a_threshold_nobody_could_read_until_an_editor_writes_it(self, watched):
        words = "2/3 votes, 55% if prop 5 passes"
        watched.say(
            document(at("20:44"), board(61_168, 50_310), measure(6, 4, words)), seen="20:45"
        )
        race = Contest.objects.get(reported_threshold=words)
        Contest.objects.filter(pk=race.pk).update(status="confirmed")
        watch.look(at("20:45"))
        assert words in Alert.objects.get(kind=AlertKind.SCHEMA_DRIFT).message
        Contest.objects.filter(pk=race.pk).update(passage_numerator=2, passage_denominator=3)
        watch.look(at("20:46"))
        assert open_kinds() == []


class TestDocument:
    def test_that_is_held_as_a_whole_is_told(self, watched):
        watched.say(document(at("23:30"), board(70_000, 60_000)), seen="20:45")
        watch.look(at("20:45"))
        assert kinds() == [AlertKind.DOCUMENT_HELD]

    def test_that_changed_without_a_new_time_is_told_once(self, watched):
        watched.say(document(at("20:36"), board(61_169, 50_310)), seen="20:45")
        watch.look(at("20:45"))
        watch.look(at("20:46"))
        assert kinds() == [AlertKind.SAME_TIME]

    def test_that_is_only_rearranged_is_not(self, watched):
        other = measure(6, 4)
        watched.say(document(at("20:37"), board(61_168, 50_310), other), seen="20:44")
        watched.say(document(at("20:37"), other, board(61_168, 50_310)), seen="20:45")
        watch.look(at("20:45"))
        assert kinds() == []


class TestHold:
    def test_is_told_with_what_is_lost_until_somebody_decides(self, watched):
        watched.say(document(at("20:44"), board(62_000, 50_210)), seen="20:45")
        watch.look(at("20:45"))
        alert = Alert.objects.get()
        assert alert.kind == AlertKind.HOLD_OPENED
        assert "takes 100 votes away" in alert.message
        Hold.objects.get().decide(Hold.Decision.REJECTED, at=at("20:46"))
        watch.look(at("20:46"))
        assert open_kinds() == []

    def test_of_a_draft_is_nobodys_business(self, watched):
        Contest.objects.update(status=Contest.Status.DRAFT)
        watched.say(document(at("20:44"), board(62_000, 50_210)), seen="20:45")
        watch.look(at("20:45"))
        assert kinds() == []


class TestVanishedRace:
    def test_is_told_until_it_comes_back(self, watched):
        watched.say(document(at("20:44"), measure(6, 4)), seen="20:45")
        watch.look(at("20:45"))
        alert = Alert.objects.get()
        assert (alert.kind, alert.contest) == (AlertKind.CONTEST_VANISHED, watched.contest)
        watched.say(document(at("20:56"), measure(6, 4), board(70_000, 60_000)), seen="20:57")
        watch.look(at("20:57"))
        assert open_kinds() == []


class TestTurn:
    def test_of_the_lead_is_told_once(self, watched):
        watched.say(document(at("20:44"), board(61_168, 61_169)), seen="20:45")
        watch.look(at("20:45"))
        watch.look(at("20:46"))
        alert = Alert.objects.get()
        assert alert.kind == AlertKind.LEAD_CHANGED
        assert "Dan Chang is now ahead." in alert.message
        assert alert.closed_at is None
        assert not alert.lasts

    def test_to_a_tie_is_told(self, watched):
        watched.say(document(at("20:44"), board(61_168, 61_168)), seen="20:45")
        watch.look(at("20:45"))
        assert kinds() == [AlertKind.TIE]

    def test_that_is_held_is_not_told_as_a_lead(self, watched):
        watched.say(document(at("20:44"), board(50_000, 61_169)), seen="20:45")
        watch.look(at("20:45"))
        assert kinds() == [AlertKind.HOLD_OPENED]

    def test_over_a_threshold_is_told(self, watched):
        watched.say(document(at("20:43"), board(61_168, 50_310), measure(54, 46)), seen="20:44")
        Contest.objects.update(status="confirmed")
        publish(Contest.objects.values_list("pk", flat=True))
        watch.look(at("20:44"))
        watched.say(document(at("20:44"), board(61_168, 50_310), measure(56, 46)), seen="20:45")
        watched.say(document(at("20:45"), board(61_168, 50_310), measure(57, 46)), seen="20:46")
        watch.look(at("20:46"))
        assert kinds() == [AlertKind.THRESHOLD_CROSSED]
        assert "yes now reaches the threshold" in Alert.objects.get().message


class TestTwoSources:
    def test_that_contradict_each_other_are_told_until_they_agree(self, watched, state_count):
        state_count("20:37", 61_168, 50_311)
        watch.look(at("20:45"))
        alert = Alert.objects.get()
        assert alert.kind == AlertKind.SOURCES_DISAGREE
        assert "Dan Chang has 50,310 votes in the one and 50,311 in the other" in alert.message
        state_count("20:38", 61_168, 50_310)
        watch.look(at("20:46"))
        assert open_kinds() == []

    def test_may_be_a_release_apart(self, watched, state_count):
        state_count("20:44", 70_000, 60_000)
        watch.look(at("20:45"))
        assert kinds() == []


class TestLook:
    def test_goes_on_when_one_part_breaks(self, watched, monkeypatch, caplog):
        def broken(now):
            raise RuntimeError("no")

        monkeypatch.setattr(watch, "race_troubles", broken)
        watched.say(document(at("20:44"), board(61_168, 61_169)), seen="20:45")
        with caplog.at_level(logging.ERROR):
            watch.look(at("20:45"))
        assert kinds() == [AlertKind.LEAD_CHANGED]
        assert "The watch could not look" in caplog.text
