"""From counts to the sentence, the widget and the data, for each way a race can be."""

import pytest
from django.utils.translation import override

from elections.counting.calls import CallKind
from elections.models import Contest, Published, Selection
from elections.widgets.descriptions import describe
from elections.widgets.publish import publish, publish_stale
from tests.elections.widgets.races import (
    call,
    fragment_of,
    make_race,
    payload_of,
    result_of,
    say_left,
)


def told(race: Contest) -> str:
    """Return the sentence and the rule, after seeing that widget and data say the same."""
    result = result_of(race)
    data = payload_of(race)
    text = " ".join(part for part in (result.sentence, result.seat_line) if part)
    assert result.sentence in fragment_of(race)
    assert (data["sentence"], data["rule"]) == (result.sentence, result.seat_line)
    assert data["threshold"] == result.threshold_line
    return text


def ahead(race: Contest) -> list[str]:
    return [row.name for row in result_of(race).rows if row.is_ahead]


class TestMajority:
    @pytest.fixture
    def council(self, source):
        return lambda **votes: make_race(source, votes, vote_variation="majority")

    def test_missed_says_who_holds_the_last_place(self, council):
        race = council(Ada=480, Bo=300, Cy=220)
        assert told(race) == (
            "Ada leads with 48.0%, short of a majority. Bo holds the last of 2 places by 80 votes "
            "(8.0 points), ahead of Cy. The top 2 go to a runoff unless one has a majority."
        )
        assert ahead(race) == ["Ada", "Bo"]

    def test_reached_says_so(self, council):
        race = council(Ada=520, Bo=300, Cy=180)
        assert told(race).startswith(
            "Ada leads by 220 votes (22.0 points). That is 52.0%, a majority so far."
        )
        assert ahead(race) == ["Ada"]

    def test_missed_and_called_says_who_goes_on(self, council):
        race = council(Ada=480, Bo=300, Cy=220)
        call(race, CallKind.RUNOFF, "Ada", "Bo")
        assert told(race).startswith("Ada and Bo go on. Bo holds the last of 2 places")
        assert [row.mark for row in result_of(race).rows] == ["In the runoff", "In the runoff", ""]

    def test_tied_for_the_last_place_names_both(self, council):
        race = council(Ada=480, Bo=260, Cy=260)
        assert told(race).startswith("Bo and Cy are tied with 260 votes each.")
        assert ahead(race) == ["Ada"]


class TestTopTwo:
    def test_go_on_whatever_their_share(self, source):
        race = make_race(source, {"Ada": 700, "Bo": 200, "Cy": 100}, vote_variation="top-two")
        assert told(race) == (
            "Ada leads with 70.0%. Bo holds the last of 2 places by 100 votes (10.0 points), ahead "
            "of Cy. The top 2 go on, whatever their share."
        )
        assert ahead(race) == ["Ada", "Bo"]

    def test_of_two_leave_nothing_to_decide(self, source):
        race = make_race(source, {"Ada": 700, "Bo": 200}, vote_variation="top-two")
        assert told(race).startswith("There are as many places as candidates.")


class TestSeveralSeats:
    def test_say_who_holds_the_last_one(self, source):
        race = make_race(source, {"Ada": 9, "Bo": 7, "Cy": 6}, number_elected=2)
        assert told(race) == (
            "Bo holds the last seat by 1 vote (4.5 points), ahead of Cy. The top 2 win."
        )


class TestMeasure:
    @pytest.fixture
    def bond(self, source):
        return make_race(
            source,
            {"Yes": 600, "No": 400},
            name="Bond",
            contest_type="ballot-measure",
            passage_numerator=2,
            passage_denominator=3,
            passage_comparator="at-least",
        )

    def test_says_its_share_and_not_that_it_leads(self, bond):
        assert told(bond) == "Yes has 60.0% of the votes."
        assert result_of(bond).threshold_line == "Needs two-thirds to pass: short by 6.7 points."
        assert ahead(bond) == ["No"]

    def test_once_certified_says_how_it_came_out(self, bond):
        call(bond, CallKind.FAILED)
        call(bond, CallKind.CERTIFIED)
        assert told(bond) == "The measure failed. Yes finished with 60.0% of the votes."


class TestConditionalThreshold:
    @pytest.fixture
    def prop(self, source):
        return make_race(
            source, {"Yes": 45, "No": 55}, name="Proposition 5", contest_type="ballot-measure"
        )

    @pytest.fixture
    def bond(self, source, prop):
        return make_race(
            source,
            {"Yes": 600, "No": 400},
            name="Bond",
            contest_type="ballot-measure",
            passage_numerator=2,
            passage_denominator=3,
            passage_comparator="at-least",
            conditional_numerator=55,
            conditional_denominator=100,
            depends_on=prop,
        )

    def test_shows_both_while_the_other_is_open(self, bond):
        result = result_of(bond)
        assert result.threshold_line == (
            "If “Proposition 5” fails: needs two-thirds to pass: short by 6.7 points. "
            "If it passes: needs 55% to pass: above it by 5.0 points."
        )
        assert result.threshold_percents == ("66.67", "55")
        assert ahead(bond) == []
        assert payload_of(bond)["threshold"] == result.threshold_line

    @pytest.mark.parametrize(
        ("kind", "line", "who"),
        [
            (CallKind.PASSED, "Needs 55% to pass: above it by 5.0 points.", ["Yes"]),
            (CallKind.FAILED, "Needs two-thirds to pass: short by 6.7 points.", ["No"]),
        ],
    )
    def test_shows_the_one_that_holds_once_the_other_is_called(self, bond, prop, kind, line, who):
        call(prop, kind)
        assert result_of(bond).threshold_line == line
        assert ahead(bond) == who

    def test_is_read_from_a_certified_count(self, bond, prop):
        call(prop, CallKind.CERTIFIED)
        assert result_of(bond).threshold_line == "Needs two-thirds to pass: short by 6.7 points."

    def test_is_published_again_when_the_other_is_called(self, bond, prop):
        publish_stale()
        call(prop, CallKind.PASSED)
        publish_stale()
        publish_stale()
        assert (
            "Needs 55% to pass: above it" in bond.__class__.objects.get(pk=bond.pk).published.html
        )


class TestRetention:
    def test_is_retained_and_not_passed(self, source):
        judge = make_race(source, {"Yes": 60, "No": 40}, contest_type="retention")
        assert told(judge) == "Yes leads by 20 votes (20.0 points)."
        call(judge, CallKind.PASSED)
        assert result_of(judge).state_label == "Retained"
        assert told(judge).startswith("The voters said yes: retained in office.")


class TestRecall:
    @pytest.fixture
    def recall(self, source):
        return make_race(
            source, {"Yes": 40, "No": 60}, name="Recall of the mayor", contest_type="recall"
        )

    @pytest.fixture
    def successor(self, source, recall):
        return make_race(source, {"Ada": 60, "Bo": 40}, depends_on=recall)

    def test_of_the_successor_says_what_it_hangs_on(self, successor):
        assert told(successor) == (
            "Ada leads by 20 votes (20.0 points). This counts only if “Recall of the mayor” passes."
        )

    def test_that_failed_leaves_no_office_to_fill(self, recall, successor):
        call(recall, CallKind.FAILED)
        assert result_of(recall).state_label == "Recall failed"
        assert told(recall).startswith("The recall failed.")
        assert told(successor).endswith(
            "“Recall of the mayor” failed, so nobody takes office through this race."
        )

    def test_that_passed_needs_no_more_words(self, recall, successor):
        call(recall, CallKind.PASSED)
        assert told(successor) == "Ada leads by 20 votes (20.0 points)."

    def test_in_spanish_names_the_answers_as_such(self, recall):
        say_left(recall.election, 70, recall)
        with override("es"):
            result = result_of(recall)
        assert result.sentence.startswith("“No” lleva la delantera por 20 votos")
        assert "“Yes” necesitaría" in result.catch_up


class TestSharedText:
    def text(self, race: Contest) -> str:
        publish([race.pk])
        return describe(Published.objects.get(pk=race.pk))

    def test_says_what_a_measure_needs(self, source):
        bond = make_race(
            source,
            {"Yes": 600, "No": 400},
            contest_type="ballot-measure",
            passage_numerator=2,
            passage_denominator=3,
            passage_comparator="at-least",
        )
        assert "Yes has 60.0% of the votes. Needs two-thirds to pass: short by" in self.text(bond)

    def test_says_what_the_race_hangs_on(self, source):
        recall = make_race(source, {"Yes": 40, "No": 60}, name="Recall", contest_type="recall")
        successor = make_race(source, {"Ada": 60, "Bo": 40}, depends_on=recall)
        assert "This counts only if “Recall” passes." in self.text(successor)


class TestWriteIns:
    def pool(self, race: Contest, name: str = "Write-ins") -> None:
        Selection.objects.filter(contest=race, name=name).update(status="write-ins")

    def test_that_are_qualified_stand_like_others(self, source):
        race = make_race(source, {"Ada": 40, "Bo": 60})
        Selection.objects.filter(name="Bo").update(status="write-in")
        assert told(race) == "Bo leads by 20 votes (20.0 points)."
        assert result_of(race).rows[0].mark == "Write-in"

    def test_counted_together_never_lead(self, source):
        race = make_race(source, {"Ada": 40, "Bo": 30, "Write-ins": 50})
        self.pool(race)
        assert told(race) == (
            "Write-ins, counted together, have 50 votes. Whose they are is not known yet, so "
            "nobody can say who is in front."
        )
        assert result_of(race).state_label == "Counting"
        assert ahead(race) == []

    def test_counted_together_weigh_in_the_shares(self, source):
        race = make_race(source, {"Ada": 60, "Bo": 20, "Write-ins": 20})
        self.pool(race)
        assert told(race) == "Ada leads by 40 votes (40.0 points)."

    def test_without_a_name_on_the_ballot_say_so(self, source):
        race = make_race(source, {"Write-ins": 20})
        self.pool(race)
        assert told(race) == (
            "No name is on the ballot for this race. Voters can only write one in."
        )


class TestTie:
    def test_is_no_lead(self, source):
        race = make_race(source, {"Ada": 50, "Bo": 50})
        assert told(race) == "Ada and Bo are tied with 50 votes each."

    def test_that_was_drawn_by_lot_says_who_was_declared(self, source):
        race = make_race(source, {"Ada": 50, "Bo": 50})
        call(race, CallKind.WINNER, "Bo")
        assert told(race) == "Ada and Bo have 50 votes each. Bo was declared the winner."
        call(race, CallKind.CERTIFIED)
        assert told(race) == "Ada and Bo have 50 votes each. Bo was declared the winner."

    def test_of_a_certified_race_stays_one(self, source):
        race = make_race(source, {"Ada": 50, "Bo": 50})
        call(race, CallKind.CERTIFIED)
        assert told(race) == "Ada and Bo finished tied with 50 votes each."

    def test_is_not_said_while_too_little_is_counted(self, source):
        race = make_race(source, {"Ada": 50, "Bo": 50})
        say_left(race.election, 1_000, race)
        assert told(race) == "100 votes counted so far, too few to say who leads."


class TestUncontested:
    def test_says_so(self, source):
        race = make_race(source, {"Ada": 50})
        assert told(race) == "Ada is the only candidate on the ballot."
        call(race, CallKind.WINNER, "Ada")
        assert told(race) == "Ada was the only candidate on the ballot and has won."

    def test_beside_a_few_write_ins_is_still_uncontested(self, source):
        race = make_race(source, {"Ada": 50, "Write-ins": 3})
        Selection.objects.filter(name="Write-ins").update(status="write-ins")
        assert told(race) == "Ada is the only candidate on the ballot."

    def test_and_nobody_filed_says_so(self, source):
        race = make_race(source, {})
        assert told(race) == "Nobody is on the ballot for this race."
        assert "Votes</th>" not in fragment_of(race)
        assert "left to count" not in fragment_of(race)


class TestWithdrawn:
    def test_who_still_gets_votes_is_said_to_have_withdrawn(self, source):
        race = make_race(source, {"Ada": 60, "Bo": 40})
        Selection.objects.filter(name="Ada").update(status="withdrawn")
        assert told(race) == "Ada (withdrew) leads by 20 votes (20.0 points)."
        assert result_of(race).rows[0].mark == "Withdrew"
