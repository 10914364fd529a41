import pytest

from elections.counting.calls import RaceState
from elections.counting.status_words import RaceFacts, find_status_words, wrong_words

BOARD = ("Scott Schmerelson", "Dan Chang")


def race(state: str, names=BOARD, **facts: object) -> RaceFacts:
    return RaceFacts(id=1, state=RaceState(state), names=names, year=2024, **facts)


SAYS_SO = [
    ("Schmerelson wins a third term", "wins"),
    ("Schmerelson won on Tuesday.", "won"),
    ("Voters re-elected Schmerelson.", "re-elected"),
    ("Schmerelson defeated Chang by 7 points.", "defeated"),
    ("It was a victory for the union.", "victory"),
    ("Schmerelson is the apparent winner.", "apparent winner"),
    ("With 100% of precincts reporting, he leads.", "100% of precincts"),
    ("All votes are counted.", "All votes"),
    ("The count is over: 100 percent of the vote is in.", "100 percent of the vote"),
    ("Schmerelson gana la elección", "gana"),
    ("Schmerelson derrotó a Chang.", "derrotó"),
    ("Fue electo el martes.", "electo"),
    ("Es el presunto ganador.", "presunto ganador"),
    ("Con el 100 por ciento de los votos.", "el 100 por ciento de los votos"),
]
SAYS_NOTHING = [
    "Schmerelson has not won.",
    "Nobody has won yet.",
    "Neither has been elected.",
    "If Schmerelson wins, the union keeps its majority.",
    "Who won?",
    "Chang could have won.",
    "“We won,” Schmerelson said.",
    '"We won," she said.',
    "Elected officials met on Tuesday.".replace("Elected", "The elected"),
    "The winner will serve four years.",
    "Schmerelson declared victory.",
    "She lives on Victory Boulevard.",
    "Nadie ganó todavía.",
    "Si gana Chang, el sindicato pierde.",
    "¿Quién ganó?",
    "He leads by 7 points.",
]
WRONG = [
    ("Schmerelson wins", "leading"),
    ("Schmerelson wins", "conceded"),
    ("Schmerelson won", "apparent-winner"),
    ("Schmerelson is the apparent winner", "leading"),
    ("Schmerelson is the apparent winner", "certified"),
    ("All votes are counted.", "called"),
    ("Schmerelson won", "runoff"),
]
RIGHT = [
    ("Schmerelson wins", "called"),
    ("Schmerelson won", "certified"),
    ("Schmerelson is the apparent winner", "apparent-winner"),
    ("Schmerelson is the apparent winner", "called"),
    ("All votes are counted.", "certified"),
    ("Schmerelson won in 2020.", "leading"),
    ("Chang won the primary by a nose.", "leading"),
    ("Schmerelson leads", "leading"),
]


class TestFindStatusWords:
    @pytest.mark.parametrize(("text", "word"), SAYS_SO)
    def test_finds_what_is_said(self, text, word):
        assert [found.text for found in find_status_words(text)] == [word]

    @pytest.mark.parametrize("text", SAYS_NOTHING)
    def test_leaves_what_is_not_said(self, text):
        assert list(find_status_words(text)) == []

    def test_gives_the_sentence(self):
        (word,) = find_status_words("It is late. Schmerelson won on Nov. 5. The count goes on.")
        assert word.sentence == "Schmerelson won on Nov. 5."


class TestWrongWords:
    @pytest.mark.parametrize(("text", "state"), WRONG)
    def test_are_those_that_the_state_forbids(self, text, state):
        assert len(list(wrong_words(text, [race(state)]))) == 1

    @pytest.mark.parametrize(("text", "state"), RIGHT)
    def test_are_not_those_that_it_allows(self, text, state):
        assert list(wrong_words(text, [race(state)])) == []

    def test_of_a_sentence_with_a_name_are_about_that_race(self):
        other = race("called", ("Sherlett Newbill", "Khallid Al-Alim"))
        races = [race("leading"), other]
        assert list(wrong_words("Newbill wins", races)) == []
        assert [found.id for _, found in wrong_words("Chang wins", races)] == [1]

    def test_of_a_sentence_without_a_name_may_be_about_any_race(self):
        races = [race("leading"), race("called", ("Sherlett Newbill",))]
        assert list(wrong_words("The incumbent wins", races)) == []

    def test_of_a_measure_are_other_words(self):
        measure = race("leading", ("Yes", "No"), is_measure=True)
        assert len(list(wrong_words("Measure US passes", [measure]))) == 1
        assert list(wrong_words("The mayor won", [measure])) == []

    def test_are_none_in_a_story_without_races(self):
        assert list(wrong_words("Schmerelson wins", [])) == []
