import pytest
from wagtail.blocks.struct_block import StructBlockValidationError

from newsroom.blocks.money import MoneyBlock, dollars, read_spending
from newsroom.blocks.sheets import SheetError

ROWS = [
    {"committee": "Charter school advocates and allies", "position": "against",
     "whom": "Schmerelson", "precision": "more", "amount": 6_300_000, "negative": 2_900_000},
    {"committee": "United Teachers Los Angeles", "position": "for", "whom": "Schmerelson",
     "precision": "just_over", "amount": 1_100_000},
]  # fmt: skip
PASTED = (
    "Who\tFor or against\tWhom\tDollars\n"
    "Allies\tagainst\tSchmerelson\t$6,300,000\n"
    "UTLA\tfor\tSchmerelson\t1,100,000"
)


@pytest.fixture
def block() -> MoneyBlock:
    block = MoneyBlock()
    block.set_name("money")
    return block


def money(block: MoneyBlock, **changes):
    facts = {"heading": "Money", "rows": ROWS, "as_of": "2020-11-06", "source": "Filings"}
    return block.to_python({**facts, **changes})


class TestDollars:
    @pytest.mark.parametrize(
        ("amount", "text"),
        [(6_300_000, "$6.3 million"), (1_000_000, "$1 million"), (940_000, "$940,000")],
    )
    def test_reads_as_in_a_story(self, amount, text):
        assert dollars(amount) == text


class TestSides:
    def test_are_summed_and_drawn_to_scale(self, block):
        largest, other = money(block).sides
        assert (largest.name, largest.text, largest.length) == (
            "Against Schmerelson", "more than $6.3 million", "100.00",
        )  # fmt: skip
        assert largest.negative_text == "$2.9 million"
        assert largest.negative_length == "46.03"
        assert other.length == "17.46"

    def test_add_up_several_committees(self, block):
        rows = [*ROWS, {**ROWS[1], "committee": "Friends", "amount": 900_000}]
        assert [side.amount for side in money(block, rows=rows).sides] == [6_300_000, 2_000_000]


class TestClean:
    def test_takes_a_claim_that_the_amounts_bear_out(self, block):
        assert block.clean(money(block, claim="nearly 6 to 1"))["claim"] == "nearly 6 to 1"

    @pytest.mark.parametrize("claim", ["nearly 7 to 1", "a fortune"])
    def test_says_what_the_amounts_give_instead(self, block, claim):
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(money(block, claim=claim))
        assert "5.7 to 1" in str(caught.value.block_errors["claim"])

    def test_has_nothing_to_compare_with_one_side(self, block):
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(money(block, rows=ROWS[:1], claim="6 to 1"))
        assert list(caught.value.block_errors) == ["claim"]

    def test_turns_pasted_rows_into_rows(self, block):
        cleaned = block.clean(money(block, rows=[], pasted=PASTED, claim="nearly 6 to 1"))
        assert [row["amount"] for row in cleaned["rows"]] == [6_300_000, 1_100_000]
        assert cleaned["pasted"] == ""

    def test_wants_rows(self, block):
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(money(block, rows=[]))
        assert list(caught.value.block_errors) == ["pasted"]

    def test_wants_no_more_negative_advertising_than_money(self, block):
        rows = [{**ROWS[0], "negative": 7_000_000}]
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(money(block, rows=rows))
        assert list(caught.value.block_errors) == ["rows"]


class TestReadSpending:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("Who,Whom\nA,B", "no column named position, dollars"),
            (PASTED.replace("against\tS", "versus\tS"), "Row 1: write"),
            (PASTED.replace("1,100,000", "a lot"), "Row 2:"),
            (PASTED.replace("1,100,000", ""), "Row 2 has no amount"),
        ],
    )
    def test_says_which_row_is_wrong(self, text, words):
        with pytest.raises(SheetError, match=words):
            read_spending(text)


class TestRender:
    def test_shows_the_claim_and_what_the_amounts_give(self, block):
        html = block.render(money(block, claim="nearly 6 to 1"), {})
        assert "nearly 6 to 1" in html
        assert "The amounts give 5.7 to 1." in html
        assert "more than $6.3 million" in html
        assert "As of Nov. 6, 2020." in html
        assert "style=" not in html

    def test_computes_the_ratio_where_nobody_put_it_in_words(self, block):
        html = block.render(money(block), {})
        assert "5.7 to 1" in html
        assert "The amounts give" not in html

    def test_shows_twenty_one_rows(self, block):
        rows = [{**ROWS[1], "committee": f"Committee {n}"} for n in range(21)]
        html = block.render(money(block, rows=rows), {})
        assert all(f"Committee {n}<" in html for n in range(21))
