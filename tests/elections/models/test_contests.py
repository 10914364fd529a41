import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from elections.models import Contest, ExternalIdentifier, Selection, Source


def errors_of(instance) -> dict[str, list[str]]:
    try:
        instance.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


class TestThreshold:
    @pytest.mark.parametrize(
        ("numerator", "denominator", "comparator", "field"),
        [
            (3, 2, "at-least", "passage_numerator"),
            (1, 1, "more-than", "passage_numerator"),
            (0, 2, "at-least", "passage_numerator"),
            (1, 0, "at-least", "passage_denominator"),
            (1, None, "at-least", "passage_denominator"),
            (None, 2, "at-least", "passage_numerator"),
        ],
    )
    def test_that_no_vote_can_decide_is_refused_on_its_field(
        self, election, numerator, denominator, comparator, field
    ):
        contest = Contest(
            election=election,
            name="Measure A",
            contest_type=Contest.Type.BALLOT_MEASURE,
            passage_numerator=numerator,
            passage_denominator=denominator,
            passage_comparator=comparator,
        )
        assert field in errors_of(contest)

    @pytest.mark.parametrize(("numerator", "denominator"), [(55, 100), (2, 3), (1, 2), (1, 1)])
    def test_that_can_be_reached_is_taken(self, election, numerator, denominator):
        contest = Contest(
            election=election,
            name="Measure A",
            contest_type=Contest.Type.BALLOT_MEASURE,
            passage_numerator=numerator,
            passage_denominator=denominator,
            passage_comparator="at-least",
        )
        assert errors_of(contest) == {}

    def test_of_candidates_is_refused(self, election):
        contest = Contest(
            election=election, name="Mayor", passage_numerator=1, passage_denominator=2
        )
        assert "passage_numerator" in errors_of(contest)

    def test_out_of_range_is_refused_by_the_database_too(self, election):
        with pytest.raises(IntegrityError):
            Contest.objects.create(
                election=election, name="M", passage_numerator=3, passage_denominator=2
            )


class TestSource:
    @pytest.mark.parametrize("address", ["", "results.lavote.gov", "ftp://example.org/x", "x y"])
    def test_refuses_what_is_no_web_address(self, election, address):
        source = Source(election=election, name="County", provider="lac_json", address=address)
        assert "address" in errors_of(source)

    def test_refuses_a_second_one_with_the_same_address(self, source):
        source.pk = None
        source._state.adding = True
        assert "already" in str(errors_of(source))


class TestExternalIdentifier:
    @pytest.fixture
    def link(self, election) -> ExternalIdentifier:
        contest = Contest.objects.create(election=election, name="Mayor")
        return ExternalIdentifier.objects.create(
            election=election,
            provider="lac_json",
            contest=contest,
            reported_contest="MAYOR",
            value="MAYOR",
        )

    def test_refuses_a_name_that_is_taken(self, election, link):
        other = Contest.objects.create(election=election, name="Other")
        twin = ExternalIdentifier(
            election=election,
            provider="lac_json",
            contest=other,
            reported_contest="MAYOR",
            value="MAYOR",
        )
        assert "belongs to “Mayor” already" in str(errors_of(twin)["value"])

    def test_refuses_a_candidate_of_another_race(self, election, link):
        other = Contest.objects.create(election=election, name="Other")
        link.selection = Selection.objects.create(contest=other, name="A")
        assert "selection" in errors_of(link)


class TestConditionalThreshold:
    @pytest.fixture
    def prop(self, election) -> Contest:
        return Contest.objects.create(
            election=election, name="Proposition 5", contest_type="ballot-measure"
        )

    def bond(self, election, **fields) -> Contest:
        facts = {
            "name": "Bond",
            "contest_type": "ballot-measure",
            "passage_numerator": 2,
            "passage_denominator": 3,
            "conditional_numerator": 55,
            "conditional_denominator": 100,
        }
        return Contest(election=election, **{**facts, **fields})

    def test_with_the_measure_it_hangs_on_is_taken(self, election, prop):
        bond = self.bond(election, depends_on=prop)
        assert errors_of(bond) == {}
        assert str(bond.conditional_threshold.share) == "11/20"

    def test_without_that_measure_is_refused(self, election):
        assert "depends_on" in errors_of(self.bond(election))

    def test_without_the_one_that_holds_otherwise_is_refused(self, election, prop):
        bond = self.bond(
            election, depends_on=prop, passage_numerator=None, passage_denominator=None
        )
        assert "passage_numerator" in errors_of(bond)

    def test_cannot_hang_on_candidates(self, election):
        board = Contest.objects.create(election=election, name="Board")
        assert "depends_on" in errors_of(self.bond(election, depends_on=board))

    def test_cannot_hang_on_itself(self, prop):
        prop.depends_on = prop
        assert "depends_on" in errors_of(prop)


class TestRule:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, (1, 0, False)),
            ({"number_elected": 3}, (3, 0, False)),
            ({"vote_variation": "majority"}, (1, 2, True)),
            ({"number_runoff": 3}, (1, 3, True)),
            ({"vote_variation": "top-two"}, (1, 2, False)),
            ({"vote_variation": "top-two", "number_runoff": 4}, (1, 4, False)),
            ({"vote_variation": "majority", "contest_type": "retention"}, (1, 0, False)),
        ],
    )
    def test_says_how_many_places_there_are(self, fields, expected):
        rule = Contest(**fields).rule
        assert (rule.seats, rule.runoff, rule.majority_wins) == expected
