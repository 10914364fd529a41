"""What readers are told of a race's past, from rows alone."""

import pytest

from elections.counting.calls import CallKind
from elections.models import Call, Contest, Hold, Selection
from elections.widgets.history import EntryKind
from elections.widgets.history_rows import election_history, race_history
from tests.elections.documents import at, board, contest, document, measure


@pytest.fixture
def history(night):
    """Return the history of the board race as lines: local time, then the sentences."""

    def read() -> list[str]:
        entries = race_history(night.contest, night.published)
        zone = night.source.election.zone
        return [f"{entry.at.astimezone(zone):%H:%M} {entry.text}" for entry in entries]

    return read


@pytest.fixture
def call(night):
    def make(kind: CallKind, *names: str, clock: str, **facts: object) -> Call:
        chosen = list(Selection.objects.filter(contest=night.contest, name__in=names))
        made = {"authority": "our desk", "reason": "Counted.", "made_at": at(clock), **facts}
        return Call.make(contest=night.contest, kind=kind, selections=chosen, **made)

    return make


class TestRelease:
    def test_says_what_it_added_and_how_the_margin_moved(self, night, history):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert history() == [
            "21:34 61,452 more votes were counted. Scott Schmerelson leads by 6,418 votes "
            "(3.7 points). Before, it was 10,858 votes.",
            "20:36 First count: 111,478 votes. Scott Schmerelson leads by 10,858 votes "
            "(9.7 points).",
        ]

    def test_says_who_was_ahead_before(self, night, history):
        night.say(document(at("21:34"), board(70_000, 83_256)))
        assert "Dan Chang leads by 13,256 votes" in history()[0]
        assert "Before, Scott Schmerelson was ahead by 10,858 votes." in history()[0]

    def test_names_a_tie_and_no_leader(self, night, history):
        night.say(document(at("21:34"), board(70_000, 70_000)))
        assert history()[0].endswith("There is a tie for first place.")
        assert "lead" not in history()[0]

    def test_of_nothing_is_no_news(self, night, history):
        night.say(document(at("20:05"), board(0, 0)), seen="23:00")
        assert len(history()) == 1

    def test_after_one_of_nothing_is_the_first(self, night, history):
        from elections.models import ContestCount

        count = ContestCount.objects.get()
        ContestCount.objects.update(votes=dict.fromkeys(count.votes, 0))
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert len(history()) == 1
        assert history()[0].startswith("21:34 First count: 172,930 votes.")

    def test_that_confirms_the_count_is_no_news(self, night, history):
        mayor = contest("CITY OF BELL Mayor", {"ADA NORTH": 6, "BO SOUTH": 5})
        night.say(document(at("21:34"), board(61_168, 50_310), mayor))
        assert len(history()) == 1

    def test_after_certification_names_no_leader(self, night, history, call):
        call(CallKind.CERTIFIED, clock="21:00")
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert "Scott Schmerelson finished ahead by 6,418 votes" in history()[0]

    def test_of_a_measure_says_how_far_it_is_from_its_threshold(self, night):
        night.say(document(at("21:00"), board(61_168, 50_310), measure(52, 48)))
        night.say(document(at("21:34"), board(61_168, 50_310), measure(106, 94)))
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        from elections.widgets.publish import publish_stale

        publish_stale()
        smc = Contest.objects.get(contest_type="ballot-measure")
        assert race_history(smc, smc.published)[0].text == (
            "100 more votes were counted. Yes has 53.0% and is short of what it needs by "
            "2.0 points. Before, it had 52.0%."
        )


class TestLateDocument:
    def test_is_said_to_be_late_and_changes_no_margin(self, night, history):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        night.say(document(at("20:56"), board(70_000, 60_000)), seen="23:05")
        newest, late, _first = history()
        assert late == (
            "20:56 A count of 130,000 votes that came late, at 11:05 p.m. Nov. 5, 2024, after a "
            "newer one. It was never shown as the result."
        )
        assert "Before, it was 10,858 votes." in newest


class TestCall:
    def test_says_who_and_on_whose_authority(self, history, call):
        call(CallKind.WINNER, "Scott Schmerelson", clock="22:10", authority="The county")
        assert history()[0] == "22:10 Winner: Scott Schmerelson. Authority: The county."

    def test_stays_and_is_said_to_be_taken_back(self, history, call):
        made = call(CallKind.WINNER, "Scott Schmerelson", clock="22:10")
        call(CallKind.RETRACTED, clock="22:40", retracts=made)
        assert history()[:2] == [
            "22:40 Taken back, from 10:10 p.m. Nov. 5, 2024: “Winner: Scott Schmerelson.” "
            "Authority: our desk.",
            "22:10 Winner: Scott Schmerelson. Authority: our desk. "
            "Taken back at 10:40 p.m. Nov. 5, 2024.",
        ]

    def test_stands_again_when_its_retraction_is_taken_back(self, history, call):
        made = call(CallKind.WINNER, "Scott Schmerelson", clock="22:10")
        retraction = call(CallKind.RETRACTED, clock="22:40", retracts=made)
        call(CallKind.RETRACTED, clock="22:50", retracts=retraction)
        assert history()[2] == "22:10 Winner: Scott Schmerelson. Authority: our desk."

    def test_keeps_the_reason_and_the_name_of_the_editor_to_the_desk(
        self, history, call, django_user_model
    ):
        editor = django_user_model.objects.create_user("ines", first_name="Ines")
        call(CallKind.TOO_CLOSE, clock="22:10", reason="Ines has doubts.", made_by=editor)
        assert "Ines" not in history()[0]

    @pytest.mark.parametrize("kind", [kind for kind in CallKind if kind is not CallKind.RETRACTED])
    def test_of_every_kind_has_its_words(self, kind):
        from elections.widgets.calls_made import SAID

        assert str(SAID[kind]).endswith(".")


class TestHold:
    def test_is_told_without_the_numbers_that_nobody_was_shown(self, night, history):
        night.say(document(at("21:34"), board(60_000, 50_310)))
        assert "held for review; the last numbers stand" in history()[0]
        assert "60,000" not in history()[0]

    def test_ends_with_its_note_to_readers(self, night, history):
        from elections.storing import release_hold

        night.say(document(at("21:34"), board(60_000, 50_310)))
        hold = Hold.objects.get()
        release_hold(hold, now=at("23:10"), by=None, public_note="The county counted twice.")
        from elections.widgets.publish import publish_stale

        publish_stale()
        told = history()
        assert told[0].endswith("it is shown. The county counted twice.")
        assert any("A correction: 1,168 votes fewer for Scott Schmerelson." in e for e in told)

    def test_that_was_rejected_is_told_so(self, night, history):
        night.say(document(at("21:34"), board(60_000, 50_310)))
        Hold.objects.get().decide(Hold.Decision.REJECTED, at=at("23:20"))
        assert "Our desk rejected the count" in history()[0]


class TestElectionHistory:
    def test_has_the_same_entries_as_its_races(self, night, call):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        night.say(document(at("20:56"), board(70_000, 60_000)))
        call(CallKind.WINNER, "Scott Schmerelson", clock="22:10")
        entries, contests = election_history(night.source.election)
        assert entries == race_history(night.contest, night.published)
        assert set(contests) == {night.contest.pk}

    def test_costs_no_more_for_more_entries(self, night, django_assert_max_num_queries):
        for minute in range(10, 59):
            night.say(document(at(f"21:{minute}"), board(62_000 + minute, 50_310)))
        with django_assert_max_num_queries(12):
            entries, _contests = election_history(night.source.election)
        assert len(entries) == 50
        assert {entry.kind for entry in entries} == {EntryKind.COUNT}
