from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from elections.feeds import oc_enr
from elections.feeds.contract import FeedError
from tests.elections.feeds.retrieval import ask

GOLDEN = Path(__file__).parent / "golden" / "oc_enr"
SUMMARY = (GOLDEN / "summary.xml").read_bytes()
MAYOR = (GOLDEN / "mayor.xml").read_bytes()

ADDRESS = "https://www.livevoterturnout.com/ENR/orangecaenr/18/summary_18.xml"


def make_row(race: str, name: str, votes: int) -> str:
    return (
        f"<Table><RaceName>{race}</RaceName><ContestantName>{name}</ContestantName>"
        f"<TotalVotes>{votes}</TotalVotes></Table>"
    )


def make_document(rows: str) -> bytes:
    head = "<NewDataSet><GeneratedDate>11/5/2030 8:05:00 PM</GeneratedDate>"
    return f"{head}{rows}</NewDataSet>".encode()


def test_says_that_it_is_experimental() -> None:
    assert "experimental" in oc_enr.label


class TestRetrieve:
    def test_asks_for_the_address_as_it_is(self) -> None:
        assert ask(oc_enr.retrieve, ADDRESS, SUMMARY) == (SUMMARY, [ADDRESS])


class TestParse:
    def test_numbers_races_in_the_order_of_the_file(self) -> None:
        assert [one.order for one in oc_enr.parse(SUMMARY).contests] == [0, 1, 2, 3]

    def test_takes_the_star_off_a_name(self) -> None:
        names = [one.name for race in oc_enr.parse(SUMMARY).contests for one in race.selections]
        assert {"ANA SAMPLE", "ELI FORM"} < set(names)

    def test_says_how_many_ballots_were_left_blank(self) -> None:
        mayor = oc_enr.parse(MAYOR).contests[0]
        assert (mayor.ballots_cast, mayor.overvotes, mayor.undervotes) == (2900, 7, 93)

    def test_tells_apart_races_of_one_name_by_their_ids(self) -> None:
        races = oc_enr.parse((GOLDEN / "form-of-2018.xml").read_bytes()).contests
        assert [(one.key, one.title) for one in races if "Board" in one.title] == [
            ("11", "Member, Example Board"),
            ("13", "Member, Example Board"),
        ]

    def test_refuses_entities_before_it_follows_them(self) -> None:
        levels = "".join(
            f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "lol">'
            for n in range(30)
        )
        bomb = f"<!DOCTYPE x [{levels}]><NewDataSet><Table>&e29;</Table></NewDataSet>"
        with pytest.raises(FeedError) as caught:
            oc_enr.parse(bomb.encode())
        assert caught.value.code == "doctype"

    def test_keeps_no_row_but_its_votes(self) -> None:
        start, end = MAYOR.index(b"  <Table>"), MAYOR.index(b"</NewDataSet>")
        rows = MAYOR[start:end].replace(b"</Table>", b"<Note>" + b"x" * 2000 + b"</Note></Table>")
        many = b"".join(rows.replace(b"Mayor", b"Mayor %d" % n) for n in range(2000))
        body = MAYOR[:start] + many + MAYOR[end:]
        tracemalloc.start()
        report = oc_enr.parse(body)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(report.contests) == 2000
        assert peak < len(body) / 2

    def test_keeps_no_cell_of_a_row_that_does_not_end(self) -> None:
        body = b"<NewDataSet><Table>" + b"<RaceName>Mayor</RaceName>" * 400_000
        tracemalloc.start()
        with pytest.raises(FeedError):
            oc_enr.parse(body)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 3 * 2**20

    def test_reads_rows_that_stand_across_two_pieces(self) -> None:
        rows = "".join(make_row(f"Seat {n}", f"Somebody {n}", n) for n in range(6000))
        report = oc_enr.parse(make_document(rows))
        read = [
            (one.title, one.selections[0].name, one.selections[0].votes) for one in report.contests
        ]
        assert read == [(f"Seat {n}", f"Somebody {n}", n) for n in range(6000)]

    def test_reads_elements_with_attributes(self) -> None:
        row = make_row("Mayor", "A", 7).replace("<Table>", '<Table diffgr:id="Table1">')
        row = row.replace("<TotalVotes>", '<TotalVotes xml:space="preserve">')
        assert oc_enr.parse(make_document(row)).contests[0].selections[0].votes == 7

    def test_reads_markup_that_is_part_of_a_name(self) -> None:
        row = make_row("&lt;RaceName&gt; &amp; more", "A", 7)
        assert oc_enr.parse(make_document(row)).contests[0].title == "<RaceName> & more"

    def test_passes_over_comments_and_takes_text_that_is_quoted_whole(self) -> None:
        row = make_row("<![CDATA[A & B]]><!-- sic -->", "<?x y?>A", 7)
        race = oc_enr.parse(make_document(row)).contests[0]
        assert (race.title, race.selections[0].name) == ("A & B", "A")

    def test_passes_over_cells_outside_of_any_row(self) -> None:
        stray = "<RaceName>Stray</RaceName><TotalVotes>9</TotalVotes>"
        report = oc_enr.parse(make_document(stray + make_row("Mayor", "A", 7) + stray))
        assert [one.title for one in report.contests] == ["Mayor"]

    @pytest.mark.parametrize(
        "cell",
        [
            "<TotalVotes/>",
            "<TotalVotes></TotalVotes>",
            "<TotalVotes>1<b/>2</TotalVotes>",
            "<TotalVotes>1<b>2</b></TotalVotes>",
            "<TotalVotes>1<RaceName/>2</TotalVotes>",
            "<TotalVotes>1<RaceName>Mayor</RaceName>2</TotalVotes>",
            "<TotalVotes><!-- 2 --></TotalVotes>",
            "9<TotalVotes/>",
            "",
        ],
    )
    def test_refuses_votes_that_are_more_or_less_than_a_number(self, cell: str) -> None:
        row = make_row("Mayor", "A", 7).replace("<TotalVotes>7</TotalVotes>", cell)
        with pytest.raises(FeedError) as caught:
            oc_enr.parse(make_document(row))
        assert caught.value.path.startswith("/NewDataSet/Table[1]/")

    @pytest.mark.parametrize("rows", ["<Table/>", "<Table><RaceName/></Table>"])
    def test_refuses_a_row_of_nothing(self, rows: str) -> None:
        with pytest.raises(FeedError):
            oc_enr.parse(make_document(rows))


class TestProposals:
    def test_write_parties_in_full(self) -> None:
        parties = [oc_enr.propose_party(party) for party in ("DEM", "NON", "New")]
        assert parties == ["Democratic", "", "New"]
