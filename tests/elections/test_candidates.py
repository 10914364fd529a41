import pytest
from wagtail.blocks.struct_block import StructBlockValidationError

from elections.candidates import CandidateBlock, NeededShareBlock
from elections.models import BallotsRemaining, Published
from elections.widgets.publish import publish_stale
from tests.elections.documents import at, board, document


def render(block, **facts: object) -> str:
    return block.render(block.to_python(facts))


class TestCandidate:
    def test_shows_the_votes_live(self, night):
        html = render(CandidateBlock(), contest=night.contest.pk, name="dan  chang")
        assert "<b>Dan Chang</b>" in html
        assert ">50,310 votes</live-figure> (" in html
        assert ">45.1%</live-figure>" in html

    def test_follows_the_count(self, night):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        html = render(CandidateBlock(), contest=night.contest.pk, name="Dan Chang")
        assert "83,256 votes" in html

    def test_escapes_what_an_editor_wrote(self, night):
        facts = {"contest": night.contest.pk, "name": "Dan Chang", "money": "<b>1</b>"}
        assert "Money: &lt;b&gt;1&lt;/b&gt;" in render(CandidateBlock(), **facts)

    @pytest.mark.parametrize("name", ["Nobody", ""])
    def test_of_somebody_else_is_nothing(self, night, name):
        assert render(CandidateBlock(), contest=night.contest.pk, name=name).strip() == ""

    def test_of_a_deleted_race_is_nothing(self, db):
        assert render(CandidateBlock(), contest=999, name="Dan Chang").strip() == ""

    def test_of_somebody_who_does_not_stand_is_refused(self, night):
        block = CandidateBlock()
        with pytest.raises(StructBlockValidationError) as error:
            block.clean(block.to_python({"contest": night.contest.pk, "name": "Chung"}))
        assert "Dan Chang" in str(error.value.block_errors["name"])

    def test_in_the_picker_needs_no_result(self, db):
        block = CandidateBlock()
        assert block.render(block.get_preview_value()).strip() == ""

    def test_in_the_picker_is_somebody_of_the_newest_result(self, night):
        block = CandidateBlock()
        assert "Scott Schmerelson" in block.render(block.get_preview_value())


class TestNeededShare:
    @pytest.fixture
    def estimate(self, night) -> None:
        BallotsRemaining.objects.create(
            election=night.source.election,
            contest=night.contest,
            estimate=60_000,
            as_of=at("21:00"),
            source_name="LA County Registrar",
        )
        publish_stale()

    def test_says_what_it_would_take(self, night, estimate):
        html = render(NeededShareBlock(), contest=night.contest.pk)
        assert "To catch up, Dan Chang would need" in html
        assert 'data-figure="catching_up"' in html

    def test_is_nothing_where_nobody_knows_what_is_left(self, night):
        assert render(NeededShareBlock(), contest=night.contest.pk).strip() == ""

    def test_is_nothing_before_the_first_result(self, night):
        Published.objects.all().delete()
        assert render(NeededShareBlock(), contest=night.contest.pk).strip() == ""
