import dataclasses

import pytest

from elections.counting.calls import CallKind
from elections.models import BallotsRemaining, Call, Contest, Published, Selection
from elections.widgets.facts import load_facts
from elections.widgets.publish import publish_stale
from elections.widgets.result import Result, build_result
from tests.elections.documents import BOARD, at, board, contest, document, measure


def result_of(race: Contest) -> Result:
    (facts,) = load_facts([race.pk])
    return build_result(facts, version=1)


def call(race: Contest, kind: CallKind, *names: str, **facts) -> Call:
    return Call.make(
        contest=race,
        kind=kind,
        selections=list(race.selections.filter(name__in=names)),
        authority="Our desk",
        reason="Because.",
        **facts,
    )


class TestLead:
    def test_is_said_in_votes_and_points(self, night):
        assert result_of(night.contest).sentence == (
            "Scott Schmerelson leads by 10,858 votes (9.7 points)."
        )

    def test_of_one_vote_is_one_vote(self, night):
        night.say(document(at("21:00"), board(70_001, 70_000)))
        assert result_of(night.contest).sentence == (
            "Scott Schmerelson leads by 1 vote (less than 0.1 points)."
        )

    def test_is_nobodys_in_a_tie(self, night):
        night.say(document(at("21:00"), board(70_000, 70_000)))
        result = result_of(night.contest)
        assert result.sentence == "Scott Schmerelson and Dan Chang are tied with 70,000 votes each."
        assert result.state_label == "Tied"
        assert not any(row.is_ahead for row in result.rows)

    def test_is_not_coloured_while_nobody_knows_how_much_is_left(self, night):
        assert not any(row.has_colour for row in result_of(night.contest).rows)

    def test_is_not_said_while_too_little_is_counted(self, night):
        BallotsRemaining.objects.create(
            election=night.source.election, contest=night.contest, estimate=400_000,
            as_of=at("21:00"), source_name="County",
        )  # fmt: skip
        result = result_of(night.contest)
        assert result.state_label == "Counting"
        assert result.sentence == "111,478 votes counted so far, too few to say who leads."
        assert not any(row.is_ahead for row in result.rows)

    def test_is_coloured_once_half_is_counted(self, night):
        BallotsRemaining.objects.create(
            election=night.source.election, contest=night.contest, estimate=111_000,
            as_of=at("21:00"), source_name="County",
        )  # fmt: skip
        assert [row.has_colour for row in result_of(night.contest).rows] == [True, False]


class TestShares:
    def test_are_printed_with_one_decimal(self, night):
        assert [row.share_text for row in result_of(night.contest).rows] == ["54.9%", "45.1%"]

    def test_are_exact_in_bars(self, night):
        assert [row.bar_percent for row in result_of(night.contest).rows] == ["54.87", "45.13"]

    def test_of_nothing_are_unknown_and_not_zero(self, source):
        from tests.elections.conftest import Night

        night = Night(source)
        night.say(document(at("12:00", day=3), board(0, 0)), seen="12:00", day=3)
        result = result_of(night.contest)
        assert [row.share_text for row in result.rows] == ["—", "—"]
        assert result.sentence == "No votes have been counted yet."
        assert result.state_label == "No votes yet"

    def test_of_none_among_many_are_zero(self, night):
        night.say(document(at("21:00"), board(70_000, 70_000), contest("X", {"A": 500, "B": 0})))
        race = Contest.objects.get(name="X")
        assert [row.share_text for row in result_of(race).rows] == ["100.0%", "0.0%"]


class TestWords:
    @pytest.mark.parametrize(
        ("kind", "label", "sentence"),
        [
            (CallKind.APPARENT_WINNER, "Apparent winner", "is the apparent winner"),
            (CallKind.WINNER, "Called", "has won and is ahead by"),
        ],
    )
    def test_follow_the_call(self, night, kind, label, sentence):
        call(night.contest, kind, "Scott Schmerelson")
        result = result_of(night.contest)
        assert result.state_label == label
        assert sentence in result.sentence
        assert result.rows[0].mark

    def test_never_say_won_before_a_call(self, night):
        assert "won" not in str(result_of(night.contest).as_json())

    def test_name_who_conceded_and_nobody_as_winner(self, night):
        call(night.contest, CallKind.CONCEDED, "Dan Chang")
        result = result_of(night.contest)
        assert result.state_label == "Conceded"
        assert [row.mark for row in result.rows] == ["", "Conceded"]
        assert "leads by" in result.sentence

    def test_mark_who_withdrew(self, night):
        Selection.objects.filter(reported_name="DAN CHANG").update(status="withdrawn")
        assert [row.mark for row in result_of(night.contest).rows] == ["", "Withdrew"]

    def test_go_back_when_a_call_is_taken_back(self, night):
        made = call(night.contest, CallKind.WINNER, "Scott Schmerelson")
        call(night.contest, CallKind.RETRACTED, retracts=made)
        assert result_of(night.contest).state_label == "Counting"

    def test_are_final_once_certified(self, night):
        call(night.contest, CallKind.WINNER, "Scott Schmerelson")
        call(night.contest, CallKind.CERTIFIED)
        result = result_of(night.contest)
        assert result.is_final
        assert result.sentence == "Scott Schmerelson won by 10,858 votes (9.7 points)."


class TestSeats:
    @pytest.fixture
    def council(self, night) -> Contest:
        votes = {"ADA": 900, "BO": 700, "CY": 650, "DEE": 100}
        night.say(
            document(
                at("21:00"),
                board(61_168, 50_310),
                contest("COUNCIL", votes, VoteFor="Vote for no more than two"),
            )
        )
        return Contest.objects.get(reported_title="COUNCIL")

    def test_are_said(self, council):
        result = result_of(council)
        assert result.seat_line == "The top 2 win."
        assert [row.is_ahead for row in result.rows] == [True, True, False, False]

    def test_make_the_margin_that_of_the_last_one(self, council):
        assert result_of(council).sentence == (
            "Bo holds the last seat by 50 votes (2.1 points), ahead of Cy."
        )

    def test_may_both_be_called_one_by_one(self, council):
        call(council, CallKind.WINNER, "Ada")
        call(council, CallKind.WINNER, "Bo")
        assert [row.mark for row in result_of(council).rows][:2] == ["Winner", "Winner"]


class TestThreshold:
    @pytest.fixture
    def bond(self, night):
        def build(yes: int, no: int, passes_with: str = "55% of votes cast") -> Result:
            body = document(at("21:00"), board(61_168, 50_310), measure(yes, no, passes_with))
            night.say(body)
            return result_of(Contest.objects.get(contest_type="ballot-measure"))

        return build

    def test_is_short_by_points(self, bond):
        result = bond(5457, 4543)
        assert result.threshold_line == "Needs 55% to pass: short by 0.4 points."
        assert [row.is_ahead for row in result.rows] == [False, True]

    def test_is_met_exactly_at_its_share(self, bond):
        assert bond(5500, 4500).threshold_line == "Needs 55% to pass: has exactly that."

    def test_of_a_majority_is_not_met_by_half(self, bond):
        result = bond(50, 50, "Majority of votes cast")
        assert result.threshold_line == "Needs a majority to pass: short by 1 vote."

    def test_of_two_thirds_is_exact(self, bond):
        result = bond(2, 1, "2/3 of votes cast")
        assert result.threshold_line == "Needs two-thirds to pass: has exactly that."

    def test_keeps_yes_before_no(self, bond):
        assert [row.name for row in bond(10, 90).rows] == ["Yes", "No"]


class TestBeforeTheFirstCount:
    def test_shows_who_is_on_the_ballot(self, election):
        race = Contest.objects.create(election=election, name="Mayor")
        for name, status in (("Ada", "on-ballot"), ("Bo", "on-ballot"), ("Cy", "withdrawn")):
            Selection.objects.create(contest=race, name=name, status=status)
        result = result_of(race)
        assert [(row.name, row.share_text) for row in result.rows] == [("Ada", "—"), ("Bo", "—")]
        assert result.sentence == "No votes have been counted yet."
        assert result.counted_at is None


class TestUncontested:
    def test_says_so(self, night):
        night.say(document(at("21:00"), board(61_168, 50_310), contest("CLERK", {"ONLY ONE": 5})))
        race = Contest.objects.get(reported_title="CLERK")
        assert result_of(race).sentence == "Only One is the only candidate on the ballot."

    def test_and_nobody_filed_says_so(self, night):
        night.say(document(at("21:00"), board(61_168, 50_310), contest("CLERK", {})))
        race = Contest.objects.get(reported_title="CLERK")
        assert result_of(race).sentence == "Nobody is on the ballot for this race."


class TestFragment:
    def test_escapes_names(self, night):
        Selection.objects.filter(reported_name="DAN CHANG").update(name="<script>alert(1)</script>")
        Contest.objects.filter(reported_title=BOARD).update(name="A & B")
        publish_stale()
        from elections.widgets.publish import publish

        publish([night.contest.pk])
        html = night.published.html
        assert "<script>" not in html
        assert "A &amp; B" in html

    def test_has_a_caption_scopes_and_a_dated_time(self, night):
        html = night.published.html
        assert "<caption>" in html
        assert 'scope="col"' in html
        assert 'scope="row"' in html
        assert '<time datetime="2024-11-05T20:36:00-08:00">' in html

    def test_says_unknown_as_unknown(self, night):
        assert "How many ballots are left to count is not known." in night.published.html

    def test_marks_a_test_election(self, night):
        election = night.source.election
        election.is_test = True
        election.save()
        publish_stale()
        assert "These are not real votes." in Published.objects.get().html

    def test_of_the_same_result_has_the_same_bytes(self, night):
        from elections.widgets.publish import render_fragment

        result = result_of(night.contest)
        assert render_fragment(result) == render_fragment(dataclasses.replace(result))


class TestTwentyOneCandidates:
    def test_are_all_there_and_each_has_its_own_name_and_votes(self, night):
        votes = {f"CANDIDATE {chr(65 + n)}": 9_000 - 100 * n for n in range(21)}
        night.say(document(at("21:00"), board(70_001, 60_000), contest("Mayor", votes)))
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        race = Contest.objects.exclude(pk=night.contest.pk).get()
        last = race.selections.get(name="Candidate U")
        last.name = "Ursula Uhl"
        last.save()
        rows = {row.name: row.votes for row in result_of(race).rows}
        assert rows == {
            "Ursula Uhl" if name.endswith("U") else name.title(): count
            for name, count in votes.items()
        }
