from decimal import Decimal

import pytest
from django.utils import translation
from wagtail.blocks.struct_block import StructBlockValidationError

from newsroom.blocks.charts import ChartBlock, spread, top_of_scale

ROWS = "How,Ballots\nBy mail,2732752\nIn person,1060354"
LINES = "Release,Schmerelson,Chang\n8:36 p.m.,54.9,45.1\n3:46 a.m.,51.9,48.1\nFinal,51.6,48.4"


@pytest.fixture
def block() -> ChartBlock:
    block = ChartBlock()
    block.set_name("chart")
    return block


def chart(block: ChartBlock, **changes):
    facts = {"title": "Ballots", "kind": "bar", "unit": "number", "rows": ROWS, "source": "County"}
    return block.to_python({**facts, **changes})


class TestBars:
    def test_are_as_long_as_their_numbers(self, block):
        assert [row["length"] for row in chart(block).table] == ["100.00", "38.80"]

    def test_are_a_table_with_the_numbers_in_words(self, block):
        html = block.render(chart(block), {})
        assert "<caption>Ballots</caption>" in html
        assert "2,732,752" in html
        assert "style=" not in html

    def test_keep_a_point_in_coordinates_in_any_language(self, block):
        with translation.override("de"):
            html = block.render(chart(block), {})
        assert 'width="38.80%"' in html


class TestColumns:
    def test_stand_side_by_side_and_end_at_their_numbers(self, block):
        first, second = chart(block, kind="column").columns
        assert (first["x"], second["x"]) == ("7.50", "57.50")
        assert first["height"] == "182.2"  # of 200 for 3,000,000


class TestLines:
    def test_run_from_the_first_row_to_the_last(self, block):
        first, _second = chart(block, kind="line", rows=LINES).lines
        assert first["path"].startswith("M0.00 ")
        assert "L100.00 " in first["path"]
        assert (first["name"], first["text"]) == ("Schmerelson", "51.6")

    def test_are_told_in_words(self, block):
        summary = chart(block, kind="line", unit="percent", rows=LINES).summary
        assert "Schmerelson: 54.9% in 8:36 p.m., 51.6% in Final." in summary


class TestClean:
    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"rows": "How,Ballots\nBy mail,many"}, "Row 1, column “Ballots”"),
            ({"rows": "How\nBy mail"}, "second column"),
            ({"rows": LINES}, "Choose lines"),
            ({"kind": "line", "rows": "a,b\nc,1"}, "at least two rows"),
            ({"rows": "a,b\nc,-1\nd,2"}, "starts at 0"),
            ({"rows": "a,b\nc,0"}, "starts at 0"),
            ({"kind": "column", "rows": "a,b\n" + "c,1\n" * 15}, "too many rows"),
        ],
    )
    def test_says_why_it_cannot_be_drawn(self, block, changes, words):
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(chart(block, **changes))
        assert words in str(caught.value.block_errors["rows"])

    def test_takes_what_can_be_drawn(self, block):
        assert block.clean(chart(block, kind="line", rows=LINES))["kind"] == "line"


class TestTopOfScale:
    @pytest.mark.parametrize(
        ("largest", "top"), [("54.9", 60), ("2732752", 3000000), ("100", 100), ("0.07", "0.08")]
    )
    def test_is_a_round_number_above(self, largest, top):
        assert top_of_scale(Decimal(largest)) == Decimal(top)


class TestSpread:
    def test_moves_labels_apart_in_their_order(self):
        assert spread([10, 12, 100], gap=17) == [10, 27, 100]
