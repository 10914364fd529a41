from dataclasses import replace
from fractions import Fraction

import pytest
from django.utils.translation import override

from elections.counting.calls import RaceState
from elections.counting.places import Rule
from elections.counting.thresholds import Comparator, Threshold
from elections.widgets.margins import Ballot, margin_sentence

PEOPLE = Ballot(names={1: "Ada", 2: "Bo", 3: "Cy"})
TWO_SEATS = Ballot(names={1: "Ada", 2: "Bo", 3: "Cy"}, rule=Rule(2))
MEASURE = Ballot(
    names={1: "Yes", 2: "No"}, threshold=Threshold(55, 100, Comparator.AT_LEAST), yes=1, no=2
)


CONDITIONAL = replace(MEASURE, is_conditional=True)


class TestDistance:
    @pytest.mark.parametrize(
        ("ballot", "votes", "distance"),
        [
            (PEOPLE, {1: 50, 2: 40, 3: 10}, Fraction(1, 10)),
            (PEOPLE, {1: 50, 2: 50, 3: 0}, 0),
            (PEOPLE, {1: 0, 2: 0, 3: 0}, None),
            (TWO_SEATS, {1: 50, 2: 30, 3: 20}, Fraction(1, 10)),
            (Ballot(names={1: "Ada"}), {1: 50}, None),
            (MEASURE, {1: 53, 2: 47}, Fraction(2, 100)),
            (MEASURE, {1: 0, 2: 0}, None),
        ],
    )
    def test_is_the_share_that_turns_the_race(self, ballot, votes, distance):
        assert ballot.distance(votes) == distance

    def test_leaves_out_who_is_not_on_the_ballot(self):
        assert PEOPLE.distance({1: 50, 2: 40, 99: 49}) == Fraction(1, 9)


class TestSentence:
    @pytest.mark.parametrize(
        ("ballot", "votes", "before", "sentence"),
        [
            (PEOPLE, {1: 6, 2: 3, 3: 1}, None, "Ada leads by 3 votes (30.0 points)."),
            (PEOPLE, {1: 6, 2: 3, 3: 1}, {1: 1, 2: 1}, "Ada leads by 3 votes (30.0 points)."),
            (
                TWO_SEATS,
                {1: 6, 2: 3, 3: 1},
                {1: 6, 2: 1, 3: 2},
                "Bo holds the last seat by 2 votes (20.0 points), ahead of Cy. "
                "Before, Cy was ahead by 1 vote.",
            ),
            (PEOPLE, {1: 0}, None, ""),
            (Ballot(names={1: "Ada"}), {1: 5}, {1: 2}, ""),
            (
                MEASURE,
                {1: 60, 2: 40},
                None,
                "Yes has 60.0% and is above what it needs by 5.0 points.",
            ),
            (
                MEASURE,
                {1: 600, 2: 400},
                {1: 60, 2: 40},
                "Yes has 60.0% and is above what it needs by 5.0 points.",
            ),
            (
                MEASURE,
                {1: 5_499, 2: 4_501},
                {1: 1, 2: 1},
                "Yes has 55.0% and is short of what it needs by 1 vote. Before, it had 50.0%.",
            ),
            (CONDITIONAL, {1: 60, 2: 40}, None, "Yes has 60.0% of the votes."),
        ],
    )
    def test_says_what_is_and_what_was(self, ballot, votes, before, sentence):
        assert margin_sentence(ballot, votes, before) == sentence

    def test_of_a_certified_race_has_no_leader(self):
        for ballot in (PEOPLE, TWO_SEATS):
            said = margin_sentence(ballot, {1: 6, 2: 3, 3: 1}, None, state=RaceState.CERTIFIED)
            assert "lead" not in said
            assert "hold" not in said

    def test_of_a_tie_says_so_where_the_state_does(self):
        votes = {1: 6, 2: 3, 3: 3}
        said = [
            margin_sentence(TWO_SEATS, votes, None, state=state)
            for state in (RaceState.TIED, RaceState.CALLED)
        ]
        assert said == [
            "There is a tie for the last place.",
            "There are equal votes for the last place.",
        ]

    def test_of_too_few_votes_has_no_leader(self):
        for ballot in (PEOPLE, MEASURE):
            said = margin_sentence(ballot, {1: 6, 2: 3}, None, state=RaceState.COUNTING)
            assert said == "That is too few to say who leads."

    def test_of_a_primary_is_about_the_last_place(self):
        primary = Ballot(names=PEOPLE.names, rule=Rule(1, 2))
        assert margin_sentence(primary, {1: 6, 2: 3, 3: 1}, None) == (
            "Bo holds the last of 2 places by 2 votes (20.0 points), ahead of Cy."
        )

    def test_where_write_ins_are_in_front_is_silent(self):
        for votes in ({3: 20}, {1: 4, 2: 3, 3: 9}):
            race = replace(PEOPLE, pooled=frozenset({3}))
            assert margin_sentence(race, votes, None, state=RaceState.COUNTING) == ""

    def test_names_an_answer_as_one_in_spanish(self):
        question = Ballot(names={1: "Sí", 2: "No"}, yes=1, no=2)
        with override("es"):
            said = margin_sentence(question, {1: 40, 2: 60}, {1: 6, 2: 5})
        assert said.startswith("“No” lleva la delantera por 20 votos")
        assert said.endswith("Antes iba al frente “Sí” por 1 voto.")
