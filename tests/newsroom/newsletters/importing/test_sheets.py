import pytest

from newsroom.newsletters.importing import sheets
from newsroom.newsletters.importing.sheets import SheetRefusedError, look_through, read_rows
from tests.newsroom.newsletters.importing.files import as_csv, as_xlsx, bomb


class TestLookThrough:
    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    def test_tells_columns_rows_and_a_sample(self, mark):
        body = f"name{mark}email\nAna{mark}ana@example.com\n\nBo{mark}bo@example.com\n".encode()
        sheet = look_through(body)
        assert sheet.columns == ["name", "email"]
        assert sheet.sample == [["Ana", "ana@example.com"], ["Bo", "bo@example.com"]]
        assert sheet.row_count == 2

    def test_reads_a_workbook_alike(self):
        body = as_xlsx([["name", "email"], ["Ana", "ana@example.com"], [None, None], [3, 4.5]])
        sheet = look_through(body)
        assert sheet.sample == [["Ana", "ana@example.com"], ["3", "4.5"]]

    def test_takes_the_mark_of_utf_8(self):
        assert look_through("\ufeffémail\na@b.cd\n".encode()).columns == ["émail"]

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            (b"", "no rows"),
            (b"email\n", "no rows"),
            ("email\nánà@example.com\n".encode("latin-1"), "not in UTF-8"),
            ("email\na@example.com\n".encode("utf-16"), "not in UTF-8"),
            (b"email\na\0@example.com\n", "neither"),
            (b"<!doctype html><p>Log in", "web page"),
            (b"\xd0\xcf\x11\xe0" + b"\0" * 99, "old or a locked"),
            (b"PK\x03\x04 and so on", "damaged"),
            (as_csv("x" * 501), "more than 500 characters"),
            (b'email\n"a@example.com\n' + b"x" * 200_000, "cannot be read"),
            (as_csv(",".join("x" * 41)), "more than 40 columns"),
            (as_xlsx([["email"], ["=HYPERLINK(1)"]]), "is a formula"),
            (bomb(), "unpacks to far more"),
            (bomb("xl/sharedStrings.xml", 30), "unpacks to far more"),
            (bomb("nothing/of/a/workbook.xml", 1), "cannot be read"),
        ],
    )
    def test_refuses_in_words(self, body, words):
        with pytest.raises(SheetRefusedError, match=words):
            look_through(body)

    def test_has_an_end(self, monkeypatch):
        monkeypatch.setattr(sheets, "MAX_ROWS", 2)
        with pytest.raises(SheetRefusedError, match="more than 2 rows"):
            look_through(as_csv("a", "b", "c"))

    def test_reads_no_file_that_is_too_large(self, monkeypatch):
        monkeypatch.setattr(sheets, "MAX_BYTES", 10)
        with pytest.raises(SheetRefusedError, match="larger"):
            next(read_rows(as_csv("ana@example.com")))

    @pytest.mark.parametrize("body", [b"PK" + bytes([n]) * 400 for n in range(0, 256, 15)])
    def test_refuses_whatever_else_begins_like_a_workbook(self, body):
        with pytest.raises(SheetRefusedError):
            look_through(body)
