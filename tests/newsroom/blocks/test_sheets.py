from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from newsroom.blocks.sheets import SheetBlock, SheetError, read_number, read_sheet


class TestReadSheet:
    @pytest.mark.parametrize(
        "text",
        [
            "Who\tVotes\nYes\t10",
            "Who,Votes\nYes,10",
            "Who;Votes\r\nYes;10\r\n",
            '\n"Who","Votes"\n\n Yes ,10\n',
        ],
    )
    def test_reads_tabs_commas_and_semicolons(self, text):
        sheet = read_sheet(text)
        assert sheet.header == ("Who", "Votes")
        assert sheet.rows == (("Yes", "10"),)

    def test_keeps_a_comma_inside_quotation_marks(self):
        assert read_sheet('Who,Votes\n"Chang, Dan","83,256"').rows == (("Chang, Dan", "83,256"),)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "at least one row"),
            ("Who,Votes", "at least one row"),
            ("Who,Votes\nYes", "Line 2 has 1 cells"),
            ("Who,Votes\nYes,1\nNo,2,3", "Line 3 has 3 cells"),
            ('Who,Votes\n"Yes,1', "quotation mark"),
            (",".join("abcdefghijklmn") + "\n" + ",".join("abcdefghijklmn"), "columns"),
            ("Who,Votes\n" + "x" * 501 + ",1", "too long"),
        ],
    )
    def test_says_where_it_is_wrong(self, text, words):
        with pytest.raises(SheetError, match=words):
            read_sheet(text)

    def test_takes_no_more_rows_than_it_may(self):
        rows = "\n".join(f"a,{n}" for n in range(6))
        assert len(read_sheet(f"n,v\n{rows}", most_rows=6).rows) == 6
        with pytest.raises(SheetError, match="more than 5 rows"):
            read_sheet(f"n,v\n{rows}", most_rows=5)


class TestReadNumber:
    @pytest.mark.parametrize(
        ("cell", "number"),
        [("1,234", 1234), ("$6,300,000", 6300000), ("54.9 %", Decimal("54.9")), ("−3", -3)],
    )
    def test_reads_what_people_write(self, cell, number):
        assert read_number(cell) == number

    @pytest.mark.parametrize("cell", ["", "many", "1e999", "NaN", "Infinity", "1.2.3"])
    def test_refuses_what_is_none(self, cell):
        with pytest.raises(SheetError):
            read_number(cell)


class TestSheetBlock:
    def test_refuses_rows_that_cannot_be_read(self):
        with pytest.raises(ValidationError, match="Line 2"):
            SheetBlock().clean("Who,Votes\nYes")

    def test_may_be_empty_where_it_is_not_needed(self):
        assert SheetBlock(required=False).clean("") == ""
