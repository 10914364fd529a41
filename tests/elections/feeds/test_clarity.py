from __future__ import annotations

import base64
import gzip
import io
import json
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from elections.counting.results import ContestType, Report
from elections.feeds import clarity, get_provider
from elections.feeds.contract import FeedError, Response
from tests.elections.feeds.mutations import change_bytes, read_or_refuse
from tests.elections.feeds.samples import SAMPLES

GOLDEN = Path(__file__).parent / "golden" / "clarity"
COUNTY = (GOLDEN / "county.xml").read_bytes()
STATE = (GOLDEN / "state-without-turnout.xml").read_bytes()

BASE = "https://results.enr.clarityelections.com/GA/105369"
VERSION = f"{BASE}/current_ver.txt"
SETTINGS = f"{BASE}/271927/json/en/electionsettings.json"
DETAIL = f"{BASE}/271927/reports/detailxml.zip"


def pack(body: bytes, name: str = "detail.xml") -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(name, body)
    return archive.getvalue()


def make_settings(mode: object = False) -> bytes:
    return json.dumps({"settings": {"electiondetails": {"istestmode": mode}}}).encode()


class Site:
    """A Clarity site: documents by address, and the ETag of the version."""

    def __init__(self, **changes: bytes) -> None:
        self.documents = {
            VERSION: changes.get("version", b"271927"),
            SETTINGS: changes.get("settings", make_settings()),
            DETAIL: changes.get("detail", pack(STATE)),
        }
        self.known_etag = ""
        self.asked: list[str] = []

    def get(self, url: str) -> Response:
        self.asked.append(url)
        if url == VERSION and self.known_etag == '"5fb8291d-6"':
            return Response(status=304, body=b"", etag=self.known_etag, url=url)
        if url not in self.documents:
            raise FeedError("There is no such document.", code="http-status", status=404)
        etag = '"5fb8291d-6"' if url == VERSION else '"of the file"'
        modified = "Fri, 20 Nov 2020 20:37:49 GMT"
        return Response(
            status=200, body=self.documents[url], etag=etag, last_modified=modified, url=url
        )


def refuse_site(site: Site) -> FeedError:
    with pytest.raises(FeedError) as caught:
        clarity.retrieve(BASE, site.get)
    return caught.value


class TestRetrieve:
    def test_keeps_the_count_as_it_lay_in_the_archive(self) -> None:
        site = Site()
        response = clarity.retrieve(f"{BASE}/", site.get)
        assert response.body == STATE
        assert response.url == DETAIL
        assert site.asked == [VERSION, SETTINGS, DETAIL]

    def test_gives_the_validators_of_the_version(self) -> None:
        response = clarity.retrieve(BASE, Site().get)
        assert response.etag == '"5fb8291d-6"'
        assert response.last_modified == "Fri, 20 Nov 2020 20:37:49 GMT"

    def test_asks_for_nothing_else_while_the_version_stands(self) -> None:
        site = Site()
        site.known_etag = clarity.retrieve(BASE, site.get).etag
        site.asked.clear()
        response = clarity.retrieve(BASE, site.get)
        assert response.is_unchanged
        assert response.body == b""
        assert site.asked == [VERSION]

    @pytest.mark.parametrize(
        "after", ["/", "//", "/web.264614/#/summary", "/#/", "/current_ver.txt"]
    )
    def test_takes_the_address_that_a_browser_shows(self, after: str) -> None:
        assert clarity.retrieve(BASE + after, Site().get).body == STATE

    def test_finds_a_county_too(self) -> None:
        asked: list[str] = []

        def get(url: str) -> Response:
            asked.append(url)
            return Response(status=304, body=b"")

        clarity.retrieve("https://results.enr.clarityelections.com/KY/Greenup/51386/", get)
        assert asked == [
            "https://results.enr.clarityelections.com/KY/Greenup/51386/current_ver.txt"
        ]

    @pytest.mark.parametrize("mode", [True, "true", "True", "1", 1, "yes"])
    def test_refuses_a_rehearsal_before_fetching_its_count(self, mode: object) -> None:
        site = Site(settings=make_settings(mode))
        error = refuse_site(site)
        assert error.code == "test-mode"
        assert error.may_recover
        assert error.message.endswith(".")
        assert DETAIL not in site.asked

    @pytest.mark.parametrize("mode", [False, "false", "False", "0", 0, ""])
    def test_reads_what_is_no_rehearsal(self, mode: object) -> None:
        assert clarity.retrieve(BASE, Site(settings=make_settings(mode)).get).body == STATE

    @pytest.mark.parametrize("sent", [b"", b"{}", b'{"settings": {"electiondetails": {}}}'])
    def test_reads_nothing_where_the_test_mode_is_unknown(self, sent: bytes) -> None:
        site = Site(settings=sent)
        assert refuse_site(site).code in {"empty", "schema-drift"}
        assert DETAIL not in site.asked

    def test_reads_nothing_without_settings(self) -> None:
        site = Site()
        del site.documents[SETTINGS]
        assert refuse_site(site).status == 404

    @pytest.mark.parametrize("version", [b"", b"<html>", b"../../x", b"27 1", b"1" * 30, b"-1"])
    def test_follows_nothing_but_a_number(self, version: bytes) -> None:
        site = Site(version=version)
        assert refuse_site(site).code == "bad-version"
        assert site.asked == [VERSION]

    def test_takes_a_version_with_a_mark_and_a_line_end(self) -> None:
        site = Site(version=b"\xef\xbb\xbf271927\r\n")
        assert clarity.retrieve(BASE, site.get).body == STATE

    def test_takes_no_other_file_of_the_archive(self) -> None:
        assert refuse_site(Site(detail=pack(STATE, "../detail.xml"))).code == "zip-members"

    def test_does_not_believe_that_a_new_file_is_unchanged(self) -> None:
        def get(url: str) -> Response:
            if url == VERSION:
                return Response(status=200, body=b"271927")
            return Response(status=304, body=b"")

        with pytest.raises(FeedError) as caught:
            clarity.retrieve(BASE, get)
        assert caught.value.code == "unasked-304"


class TestParse:
    def test_reads_a_state(self) -> None:
        report = clarity.parse(STATE)
        assert report.counted_at == datetime(2020, 11, 20, 20, 37, 6, tzinfo=UTC)
        assert report.counted_at.tzinfo is UTC
        assert report.election_date == date(2020, 11, 3)
        votes = {one.key: one.votes for one in report.contests[0].selections}
        assert votes == {"1": 2461837, "2": 2474507, "3": 62138}

    def test_knows_contests_and_selections_by_their_keys(self) -> None:
        report = clarity.parse(COUNTY)
        assert [contest.key for contest in report.contests] == ["4"]
        assert [one.key for one in report.contests[0].selections] == ["1", "2", "3", "4", "5"]

    def test_knows_the_answers_of_a_question_by_their_names(self) -> None:
        contest = clarity.parse((GOLDEN / "question.xml").read_bytes()).contests[0]
        assert contest.contest_type is ContestType.BALLOT_MEASURE
        assert [one.key for one in contest.selections] == ["YES", "NO"]

    def test_keeps_no_undervotes(self) -> None:
        report = clarity.parse((GOLDEN / "undervotes-as-choice.xml").read_bytes())
        assert sum(one.votes for one in report.contests[0].selections) == 2060

    def test_does_not_follow_an_entity(self) -> None:
        error = refuse((GOLDEN / "external-entity.xml").read_bytes())
        assert error.code == "doctype"

    def test_reads_100000_elements_inside_each_other(self) -> None:
        deep = COUNTY.replace(b"</ElectionResult>", b"<a>" * 100_000)
        assert refuse(deep).code == "cut-off"
        whole = COUNTY.replace(
            b"</ElectionResult>", b"<a>" * 100_000 + b"</a>" * 100_000 + b"</ElectionResult>"
        )
        assert clarity.parse(whole) == clarity.parse(COUNTY)

    def test_keeps_no_rows_in_memory(self) -> None:
        row = b'<Precinct name="A" votes="1" />'
        body = COUNTY.replace(row, b"").replace(
            b'<VoteType name="Election" votes="820">',
            b'<VoteType name="Election" votes="820">' + row * 400_000,
        )
        assert len(body) > 11 * 2**20
        tracemalloc.start()
        try:
            report = clarity.parse(body)
            assert tracemalloc.get_traced_memory()[1] < 2**20
        finally:
            tracemalloc.stop()
        assert report == clarity.parse(COUNTY)


def refuse(body: bytes) -> FeedError:
    with pytest.raises(FeedError) as caught:
        clarity.parse(body)
    return caught.value


class TestProposals:
    @pytest.mark.parametrize(
        ("sent", "proposed"),
        [
            ("Donald J. Trump (I) (Rep)", "Donald J. Trump"),
            ("JOSEPH R. BIDEN (DEM)", "Joseph R. Biden"),
            ("William (Bill) Doe", "William (Bill) Doe"),
            ("DOE (BILL)", "Doe (Bill)"),
            ("(Rep)", "(Rep)"),
        ],
    )
    def test_take_party_and_incumbency_from_a_name(self, sent: str, proposed: str) -> None:
        assert clarity.propose_selection_name(sent) == proposed

    @pytest.mark.parametrize(
        ("sent", "proposed"),
        [
            ("SHERIFF (Vote For 1)", "Sheriff"),
            ("US Senator - REPUBLICAN", "US Senator - REPUBLICAN"),
            ("CITY COUNCIL (VOTE FOR 2)", "City Council"),
        ],
    )
    def test_take_the_number_of_votes_from_a_title(self, sent: str, proposed: str) -> None:
        assert clarity.propose_contest_name(sent) == proposed

    @pytest.mark.parametrize(
        ("sent", "proposed"),
        [("Rep", "Republican"), ("DEM", "Democratic"), ("NP", ""), ("Rent Is Too High",) * 2],
    )
    def test_spell_a_party_out(self, sent: str, proposed: str) -> None:
        assert clarity.propose_party(sent) == proposed


# --- only FeedError leaves parse ---


check = partial(read_or_refuse, clarity.parse)


PIECES = [
    *(b"<", b"/>", b'"', b"&amp;", b"&#55296;", b"<!DOCTYPE a>", b"<![CDATA[", b"<?xml ?>", b"-1"),
    *(b"<Choice>", b"</Choice>", b"<Contest>", b"<VoteType/>", b"<Timestamp>", b"\xff", b"\0"),
]


class TestOnlyFeedErrorLeaves:
    @given(st.data())
    def test_when_bytes_are_changed(self, data: st.DataObject) -> None:
        check(change_bytes(COUNTY, data))

    @given(st.integers(0, len(COUNTY)), st.integers(0, len(COUNTY)))
    def test_when_a_part_is_deleted_or_doubled(self, start: int, end: int) -> None:
        check(COUNTY[:start] + COUNTY[end:])

    @given(st.integers(0, len(COUNTY)), st.sampled_from(PIECES))
    def test_when_a_piece_is_put_in(self, at: int, piece: bytes) -> None:
        check(COUNTY[:at] + piece + COUNTY[at:])

    @given(
        st.sampled_from([b'"820"', b'"1"', b'"4"', b"8:19:21 PM", b"5/20/2014", b"EDT", b"Matt"]),
        st.text(st.characters(exclude_characters='<>&"', exclude_categories=["Cs", "Cc"])),
    )
    @example(b"5/20/2014", "9/9/9999")
    @example(b'"820"', "¹")
    def test_when_a_value_is_another(self, old: bytes, new: str) -> None:
        quote = b'"' if old.startswith(b'"') else b""
        check(COUNTY.replace(old, quote + new.encode() + quote))

    @given(st.sampled_from(["utf-7", "hex", "utf_8_sig", "idna", "cp037", "utf-32", "undefined"]))
    def test_when_the_encoding_is_odd(self, encoding: str) -> None:
        check(COUNTY.replace(b'"1.0"', f'"1.0" encoding="{encoding}"'.encode()))

    @given(st.binary(max_size=200))
    def test_when_it_is_any_bytes(self, body: bytes) -> None:
        check(body)


# --- real documents ---


def read_sample(name: str) -> Report:
    path = SAMPLES / "clarity" / name
    if not path.exists():
        pytest.skip(f"There is no {path}. Set NEWSROOM_SAMPLE_DATA.")
    return clarity.parse(path.read_bytes())


class TestRealDocuments:
    def test_of_georgia_by_county(self) -> None:
        report = read_sample("ga-2020-counties.xml")
        assert report.election_title == "November 3,2020-General Election"
        president, senate = report.contests
        assert {one.name: one.votes for one in president.selections} == {
            "Donald J. Trump (I) (Rep)": 2461837,
            "Joseph R. Biden (Dem)": 2474507,
            "Jo Jorgensen (Lib)": 62138,
        }
        assert (president.note, senate.note) == ("", "")
        assert senate.selections[0].key == "35"

    def test_of_arkansas_whose_kinds_of_vote_are_not_all_listed(self) -> None:
        contest = read_sample("ky-greenup-2014-county.xml").contests[0]
        assert contest.selections[0].votes == 477734
        assert "462,123" in contest.note

    def test_of_a_county_by_precinct(self) -> None:
        report = read_sample("precinct.xml")
        assert report.counted_at == datetime(2014, 5, 21, 0, 19, 21, tzinfo=UTC)
        votes = [one.votes for one in report.contests[0].selections]
        assert votes == [820, 11, 1135, 48, 46]

    def test_of_recorded_answers(self) -> None:
        path = SAMPLES / "clarity" / "ga-2020-settings-cassette.json"
        if not path.exists():
            pytest.skip(f"There is no {path}. Set NEWSROOM_SAMPLE_DATA.")
        answers = {DETAIL: pack(STATE)}
        for exchange in json.loads(path.read_text())["http_interactions"]:
            body = exchange["response"]["body"]
            sent = body.get("string", "").encode()
            if "base64_string" in body:
                sent = gzip.decompress(base64.b64decode(body["base64_string"]))
            answers[exchange["request"]["uri"].replace(".com//", ".com/")] = sent
        response = clarity.retrieve(BASE, lambda url: Response(status=200, body=answers[url]))
        assert response.body == STATE


def test_is_registered() -> None:
    assert get_provider("clarity") is clarity
