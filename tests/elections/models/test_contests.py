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
