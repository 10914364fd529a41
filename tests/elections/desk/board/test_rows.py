"""One race's row: what it says, and how far up it stands."""

from datetime import timedelta

import pytest
from django.utils import timezone

from elections.desk.board.flags import RowFlag, _loaders, row_flags
from elections.desk.board.rows import build_rows
from elections.desk.board.urgency import Urgency
from elections.feeds.contract import FeedError
from elections.models import BallotsRemaining, Contest, Source


@pytest.fixture(autouse=True)
def replayed(source) -> None:
    """Nobody expects the source to be asked by itself today."""
    Source.objects.update(mode=Source.Mode.REPLAY)


class TestRow:
    def test_says_who_is_ahead_in_votes_and_points(self, board, row_of) -> None:
        row = row_of(board)
        assert row.leader == "Scott Schmerelson"
        assert row.margin == "200 votes (9.1 points)"
        assert row.counted == "2,200"
        assert row.state_label == "Counting"

    def test_measures_a_measure_by_its_threshold(self, bond, row_of) -> None:
        row = row_of(bond)
        assert row.leader == "Yes"
        assert row.margin == "50 votes above the threshold (5.0 points)"

    def test_names_all_who_would_have_a_seat(self, counted, row_of) -> None:
        council = Contest.objects.get(reported_title__contains="City Council")
        council.number_elected = 2
        council.save()
        assert row_of(council).leader == "Nikki Perez, Konstantine Anthony"
        assert row_of(council).margin == "100 votes (4.2 points)"

    def test_measures_a_primary_at_the_last_place_in_it(self, counted, row_of) -> None:
        council = Contest.objects.get(reported_title__contains="City Council")
        council.vote_variation = Contest.Variation.TOP_TWO
        council.save()
        assert row_of(council).margin == "100 votes (4.2 points)"

    def test_gives_first_choices_no_margin(self, board, row_of) -> None:
        board.vote_variation = Contest.Variation.RANKED_CHOICE
        board.save()
        assert row_of(board).margin == ""

    def test_names_nobody_in_a_tie(self, board, say, row_of) -> None:
        say(40, scott_schmerelson=1300, dan_chang=1300)
        row = row_of(board)
        assert (row.leader, row.margin, row.state_label) == ("", "", "Tied")
        assert row.urgency is Urgency.LEAD_CHANGED

    def test_says_of_what_the_ballots_left_are(self, board, row_of) -> None:
        assert row_of(board).left == "unknown"
        facts = {"election": board.election, "as_of": timezone.now(), "source_name": "County"}
        BallotsRemaining.objects.create(estimate=780_000, **facts)
        assert row_of(board).left == "780,000 in the county"
        BallotsRemaining.objects.create(estimate=9_000, contest=board, **facts)
        assert row_of(board).left == "9,000"

    def test_says_what_went_wrong_with_its_source(self, board, say, row_of) -> None:
        say(40, error=FeedError("No answer within 10 seconds.", code="timeout"))
        row = row_of(board)
        assert row.source.health.word == "Failing"
        assert "10 seconds" in row.source.error
        assert row.urgency is Urgency.STALE

    def test_leaves_a_certified_race_alone_when_its_source_fails(
        self, board, say, row_of, call
    ) -> None:
        call(board, "certified")
        say(40, error=FeedError("No answer within 10 seconds.", code="timeout"))
        assert row_of(board).urgency is Urgency.CERTIFIED

    def test_is_late_when_its_source_should_have_been_asked(self, board, row_of) -> None:
        Source.objects.update(mode=Source.Mode.AUTOMATIC)
        assert row_of(board).source.health.word == "Late"
        assert row_of(board).urgency is Urgency.STALE

    def test_is_of_no_source_before_the_first_count(self, election, row_of) -> None:
        empty = Contest.objects.create(election=election, name="Recorder")
        row = row_of(empty)
        assert row.source is None
        assert row.state_label == "No votes yet"


class TestUrgency:
    def test_puts_a_hold_first(self, board, bond, say, call, row_of) -> None:
        call(bond, "passed")
        say(40, scott_schmerelson=1100, dan_chang=1010)
        rows = build_rows([board.pk, bond.pk], timezone.now())
        assert [(row.pk, row.urgency) for row in rows] == [
            (board.pk, Urgency.WAITS),
            (bond.pk, Urgency.CALLED),
        ]

    def test_sees_a_call_that_the_count_does_not_bear_out(self, board, row_of, call) -> None:
        call(board, "winner", "Dan Chang")
        row = row_of(board)
        assert row.urgency is Urgency.CONTRADICTION
        assert [flag.word for flag in row.flags] == ["Call against the count"]

    def test_sees_a_measure_called_against_its_count(self, bond, row_of, call) -> None:
        call(bond, "failed")
        assert row_of(bond).urgency is Urgency.CONTRADICTION

    def test_has_nothing_against_a_call_that_was_taken_back(self, board, row_of, call) -> None:
        winner = call(board, "winner", "Dan Chang")
        winner.make(
            contest=board, kind="retracted", retracts=winner, authority="Us", reason="A slip."
        )
        assert row_of(board).urgency is Urgency.COUNTING

    def test_tells_of_a_lead_that_changed_lately(self, board, say, row_of, an_hour_ago) -> None:
        an_hour_ago()
        say(40, scott_schmerelson=1300, dan_chang=1400)
        row = row_of(board)
        assert row.has_new_leader
        assert row.urgency is Urgency.LEAD_CHANGED

    def test_forgets_a_change_of_lead_after_half_an_hour(
        self, board, say, row_of, an_hour_ago
    ) -> None:
        an_hour_ago()
        say(40, scott_schmerelson=1300, dan_chang=1400)
        assert not row_of(board, timezone.now() + timedelta(minutes=31)).has_new_leader

    def test_takes_a_first_count_for_no_change(self, board, row_of) -> None:
        assert not row_of(board).has_new_leader

    def test_is_raised_by_what_another_room_knows(self, board, row_of) -> None:
        def disputed(races, now):
            flag = RowFlag("AP says otherwise", urgency=Urgency.CONTRADICTION)
            return {race.contest.pk: [flag] for race in races}

        row_flags(disputed)
        try:
            row = row_of(board)
        finally:
            _loaders.remove(disputed)
        assert row.urgency is Urgency.CONTRADICTION
        assert row.flags[-1].word == "AP says otherwise"
