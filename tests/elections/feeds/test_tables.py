"""Sheets that people send: read as rows, or refused in words and in bounded memory."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from elections.feeds import tables
from elections.feeds.contract import FeedError
from elections.feeds.tables import read_table

HEAD = "race,candidate,votes"
ROW = "Mayor,Nikki Peña,1204"


def workbook(*rows: list[object], title: str = "Counts") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(body: bytes, changes: dict[str, bytes]) -> bytes:
    """Return a workbook with parts replaced or added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename not in changes:
                new.writestr(part.filename, old.read(part))
        for name, content in changes.items():
            new.writestr(name, content)
    return stream.getvalue()


PLAIN = workbook(["race", "candidate", "votes"], ["Mayor", "Nikki Peña", 1204])
SHEET = "xl/worksheets/sheet1.xml"
MAIN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


class TestText:
    @pytest.mark.parametrize(
        ("encoding", "found"),
        [
            ("utf-8", "UTF-8"),
            ("utf-8-sig", "UTF-8"),
            ("utf-16", "UTF-16"),
            ("utf-16-le", "UTF-16"),
            ("latin-1", "Windows-1252"),
        ],
    )
    def test_is_read_in_every_encoding(self, encoding: str, found: str) -> None:
        table = read_table(f"{HEAD}\n{ROW}\n".encode(encoding))
        assert table.head == ("race", "candidate", "votes")
        assert table.rows == ((2, ("Mayor", "Nikki Peña", "1204")),)
        assert table.written_in == found

    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    def test_is_read_whatever_stands_between_cells(self, mark: str) -> None:
        text = "\n".join(line.replace(",", mark) for line in (HEAD, ROW))
        assert read_table(text.encode()).rows[0][1] == ("Mayor", "Nikki Peña", "1204")

    def test_keeps_the_lines_through_quotes_blanks_and_titles(self) -> None:
        text = (
            f'# counted_at: 2024-11-05T21:30-08:00\nUnofficial\n{HEAD}\n\n"Mayor,\nB",Ana,"1,2"\n'
        )
        table = read_table(text.encode())
        assert table.rows == ((6, ("Mayor, B", "Ana", "1,2")),)
        assert table.said_at == "2024-11-05T21:30-08:00"

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "empty"),
            (b" \n \n", "empty"),
            (b"<html><p>race,candidate</p>", "html"),
            (b"race,candidate,votes\n", "empty"),
            (b"just words\nand more\n", "empty"),
            (b'race,candidate,votes\n"Mayor"x,Ana,5\n', "not-csv"),
            (b"race,candidate\0,votes\nMayor,Ana,5\n", "encoding"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not-a-workbook"),
            (",".join("abcdefg" * 10).encode() + b"\n1,2\n", "too-large"),
        ],
    )
    def test_is_refused_in_words(self, body: bytes, code: str) -> None:
        with pytest.raises(FeedError) as caught:
            read_table(body)
        assert caught.value.code == code
        assert caught.value.message.endswith(".")

    def test_is_refused_beyond_its_bounds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tables, "MAX_ROWS", 2)
        with pytest.raises(FeedError, match="more than 2 rows"):
            read_table(f"{HEAD}\n{ROW}\n{ROW}\n{ROW}\n".encode())
        monkeypatch.setattr(tables, "MAX_BYTES", 10)
        with pytest.raises(FeedError, match="larger than"):
            read_table(f"{HEAD}\n{ROW}\n".encode())


class TestWorkbook:
    def test_is_read_as_text(self) -> None:
        body = workbook(
            ["Unofficial results"],
            ["race", "candidate", "votes", "share"],
            [],
            ["Mayor", "Nikki Peña", 1204, 0.5],
            ["Mayor", "Ana", 1204.0, "=C4/2"],
            ["Mayor", "Bo", 12.5, None],
        )
        table = read_table(body)
        assert table.head == ("race", "candidate", "votes", "share")
        assert table.rows == (
            (4, ("Mayor", "Nikki Peña", "1204", "0.5")),
            (5, ("Mayor", "Ana", "1204", "=C4/2")),
            (6, ("Mayor", "Bo", "12.5", "")),
        )

    def test_offers_the_sheets_that_are_seen(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(PLAIN))
        book.create_sheet("Secret").sheet_state = "hidden"
        other = book.create_sheet("Measures")
        other.append(["race", "candidate", "votes"])
        other.append(["Measure A", "yes", 7])
        stream = io.BytesIO()
        book.save(stream)
        assert read_table(stream.getvalue()).worksheets == ("Counts", "Measures")
        table = read_table(stream.getvalue(), "Measures")
        assert table.rows[0][1] == ("Measure A", "yes", "7")

    def test_does_not_believe_a_claimed_size(self) -> None:
        claimed = (
            MAIN
            + b'<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c t="inlineStr"><is><t>race'
            b'</t></is></c><c t="inlineStr"><is><t>votes</t></is></c></row><row r="1048576">'
            b"<c><v>5</v></c></row></sheetData></worksheet>"
        )
        with pytest.raises(FeedError, match="no rows below"):
            read_table(rewritten(PLAIN, {SHEET: claimed}))

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}, "foreign-parts"),
            ({"xl/connections.xml": b"<connections/>"}, "foreign-parts"),
            ({"xl/vbaProject.bin": b"\0"}, "foreign-parts"),
            (
                {SHEET: b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet>&a;</worksheet>'},
                "not-a-workbook",
            ),
            ({SHEET: "<worksheet/>".encode("utf-16")}, "not-a-workbook"),
            ({SHEET: b"<worksheet><row>"}, "not-a-workbook"),
            ({"xl/workbook.xml": b"nothing"}, "not-a-workbook"),
            ({f"xl/media/{number}.png": b"" for number in range(600)}, "too-large"),
        ],
        ids=lambda value: value if isinstance(value, str) else next(iter(value)),
    )
    def test_is_refused_when_it_is_hostile(self, changes: dict[str, bytes], code: str) -> None:
        with pytest.raises(FeedError) as caught:
            read_table(rewritten(PLAIN, changes))
        assert caught.value.code == code

    @pytest.mark.parametrize("cut", [10, 200, -30])
    def test_is_refused_when_it_is_cut(self, cut: int) -> None:
        with pytest.raises(FeedError) as caught:
            read_table(PLAIN[:cut])
        assert caught.value.code == "not-a-workbook"

    @pytest.mark.parametrize(
        "filler",
        [b" " * (200 * 2**20), b"<c/>" * 5_000_000, b'<c a="" b="" d="" e=""/>' * 900_000],
        ids=["blanks", "cells", "attributes"],
    )
    def test_that_is_a_bomb_is_refused_in_bounded_memory(
        self, filler: bytes, tmp_path: Path
    ) -> None:
        bomb = tmp_path / "bomb.xlsx"
        sheet = MAIN + b"<sheetData><row>" + filler + b"</row></sheetData></worksheet>"
        bomb.write_bytes(rewritten(PLAIN, {SHEET: sheet}))
        assert bomb.stat().st_size < 2**20
        script = (
            "import sys, resource\n"
            "from elections.feeds.contract import FeedError\n"
            "from elections.feeds.tables import read_table\n"
            "body = open(sys.argv[1], 'rb').read()\n"
            "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "try:\n"
            "    read_table(body)\n"
            "except FeedError as error:\n"
            "    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
            "    print(error.code, after - before)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, bomb], capture_output=True, text=True, check=True
        )
        code, kilobytes = done.stdout.split()
        assert code == "too-large"
        assert int(kilobytes) < 20_000

    def test_may_have_ten_thousands_of_rows(self) -> None:
        rows = [["Mayor", f"Candidate {number}", number] for number in range(20_000)]
        table = read_table(workbook(["race", "candidate", "votes"], *rows))
        assert len(table.rows) == 20_000
