import pytest

from elections.counting.calls import CallKind
from elections.models import Election, Hold, Snapshot
from tests.elections.widgets.races import (
    call,
    fragment_of,
    make_race,
    payload_of,
    result_of,
    say_left,
)


@pytest.fixture
def board(source):
    """District 3 in 2024 in the small hours: 67,879 votes for these two were to come."""
    return make_race(source, {"Scott Schmerelson": 89_674, "Dan Chang": 83_256})


class TestSentence:
    def test_says_what_the_trailing_candidate_needs(self, board):
        say_left(board.election, 67_879, board)
        assert result_of(board).catch_up == (
            "To catch up, Dan Chang would need at least 54.7% of an estimated 67,879 ballots left "
            "for these two."
        )

    def test_says_cannot_only_if_the_estimate_is_right(self, board):
        say_left(board.election, 6_417, board)
        assert result_of(board).catch_up == (
            "Dan Chang cannot catch up if the estimate of 6,417 ballots left for these two is "
            "right."
        )

    def test_of_nothing_left_is_no_division_by_zero(self, board):
        say_left(board.election, 0, board)
        assert result_of(board).catch_up == (
            "Dan Chang cannot catch up if it is right that no ballots are left."
        )

    def test_leaves_others_their_share(self, source):
        race = make_race(source, {"Ada": 500, "Bo": 400, "Cy": 100})
        say_left(race.election, 1_000, race)
        assert "55.6% of an estimated 900 ballots left for these two" in result_of(race).catch_up

    def test_is_not_there_without_an_estimate(self, board):
        assert result_of(board).catch_up == ""
        assert "How many ballots are left to count is not known." in fragment_of(board)
        assert payload_of(board)["catching_up"]["answer"] == "unknown"

    def test_of_a_county_is_not_taken_for_the_race(self, board):
        say_left(board.election, 780_000)
        assert result_of(board).catch_up == ""

    def test_of_a_county_is_scaled_by_registered_voters(self, board):
        Election.objects.update(registered_voters=5_700_000)
        board.registered_voters = 570_000
        board.save()
        say_left(board.election, 780_000)
        assert result_of(board).catch_up == (
            "To catch up, Dan Chang would need at least 54.1% of an estimated 78,000 ballots left "
            "for these two. Our estimate, from the one for all races and this race’s share of the "
            "voters."
        )

    @pytest.mark.parametrize(
        ("yes", "sentence"),
        [
            (
                54,
                "To get there, Yes would need at least 56.0% of an estimated 100 ballots left.",
            ),
            (
                56,
                "To bring it below that, No would need more than 46.0% of an estimated 100 ballots "
                "left.",
            ),
        ],
    )
    def test_of_a_measure_speaks_of_its_threshold(self, source, yes, sentence):
        measure = make_race(
            source,
            {"Yes": yes, "No": 100 - yes},
            contest_type="ballot-measure",
            passage_numerator=55,
            passage_denominator=100,
            passage_comparator="at-least",
        )
        say_left(measure.election, 100, measure)
        assert result_of(measure).catch_up == sentence

    def test_of_several_seats_knows_only_the_bound(self, source):
        race = make_race(source, {"Ada": 70, "Bo": 50, "Cy": 40}, number_elected=2)
        say_left(race.election, 10, race)
        assert result_of(race).catch_up == ""
        assert payload_of(race)["catching_up"]["answer"] == "within-reach"
        say_left(race.election, 9, race, time="21:30")
        assert result_of(race).catch_up.startswith("Cy cannot catch up if the estimate")


class TestBallotsCast:
    """A count that says on how many ballots the race stood, and its document, how many in all."""

    @staticmethod
    def cast(race, ballots, of_all=None):
        count = race.counts.get()
        count.ballots_cast = ballots
        count.save()
        Snapshot.objects.filter(pk=count.snapshot_id).update(ballots_cast=of_all)

    def test_leave_out_those_that_leave_the_race_blank(self, board):
        self.cast(board, 230_573)
        say_left(board.election, 80_000, board)
        assert result_of(board).catch_up == (
            "To catch up, Dan Chang would need 55.3% of an estimated 60,000 ballots left for "
            "these two. As many ballots are taken to leave this race blank as so far."
        )

    def test_scale_an_estimate_for_all_races(self, board):
        Election.objects.update(registered_voters=5_700_000)
        board.registered_voters = 570_000
        board.save()
        self.cast(board, 172_930, 1_729_300)
        say_left(board.election, 678_790)
        assert "54.7% of an estimated 67,879 ballots left" in result_of(board).catch_up
        self.cast(board, 172_930, None)
        say_left(board.election, 780_000, time="21:30")
        assert "of an estimated 78,000 ballots left" in result_of(board).catch_up

    def test_say_what_cannot_is_built_on(self, board):
        self.cast(board, 230_573)
        say_left(board.election, 8_000, board)
        assert result_of(board).catch_up == (
            "Dan Chang cannot catch up if the estimate of 6,000 ballots left for these two is "
            "right. As many ballots are taken to leave this race blank as so far."
        )

    def test_are_not_asked_where_a_ballot_holds_several_votes(self, source):
        race = make_race(source, {"Ada": 70, "Bo": 50, "Cy": 40}, votes_allowed=2)
        self.cast(race, 320)
        say_left(race.election, 60, race)
        assert payload_of(race)["catching_up"]["ballots"] == 60


class TestSilence:
    @pytest.mark.parametrize(
        ("kind", "names"),
        [
            (CallKind.WINNER, ["Scott Schmerelson"]),
            (CallKind.APPARENT_WINNER, ["Scott Schmerelson"]),
            (CallKind.CONCEDED, ["Dan Chang"]),
            (CallKind.CERTIFIED, []),
        ],
    )
    def test_follows_a_decision(self, board, kind, names):
        say_left(board.election, 67_879, board)
        call(board, kind, *names)
        assert result_of(board).catch_up == ""
        assert payload_of(board)["catching_up"] is None

    def test_follows_a_tie(self, source):
        race = make_race(source, {"Ada": 50, "Bo": 50})
        say_left(race.election, 10, race)
        assert result_of(race).catch_up == ""

    def test_follows_too_few_votes_to_say_who_leads(self, board):
        say_left(board.election, 400_000, board)
        assert result_of(board).catch_up == ""

    def test_follows_a_count_held_for_review(self, board, source):
        say_left(board.election, 67_879, board)
        snapshot = source.snapshots.get()
        Hold.objects.create(
            contest=board, source=source, snapshot=snapshot, opened_at=snapshot.counted_at,
            votes_shown={}, votes_held={}, changes_winners=False,
        )  # fmt: skip
        assert result_of(board).catch_up == ""


class TestPayload:
    def test_has_the_exact_share_and_what_it_rests_on(self, board):
        say_left(board.election, 67_879, board)
        said = payload_of(board)["catching_up"]
        assert said["share_needed"] == pytest.approx(0.547275, abs=1e-6)
        assert said["ballots"] == 67_879
        assert said["at_least"] is True
        assert said["source"] == "County"
        assert said["as_of"].startswith("2024-11-0")


class TestFragment:
    def test_has_the_sentence_for_the_full_size(self, board):
        say_left(board.election, 67_879, board)
        assert '<div class="result-more"><p>To catch up, Dan Chang' in fragment_of(board)
