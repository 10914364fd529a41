"""What they sent, what we read besides the totals: every file under ``golden_details/PROVIDER/``.

The document lies under the same name in ``golden/PROVIDER/``.
"""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elections.counting.details import MOST_UNITS, Details, Problem
from elections.feeds import PROVIDERS, csv_feed, get_details_reader, get_provider
from elections.feeds.contract import FeedError
from tests.benchmarks.bench_parse_clarity import make_clarity_document
from tests.elections.feeds.mutations import change_bytes

HERE = Path(__file__).parent
EXPECTED = sorted(HERE.glob("golden_details/*/*.json"))
READERS = [name for name in PROVIDERS if get_details_reader(name)]
DOCUMENTS = [
    path
    for provider in READERS
    for path in sorted(HERE.glob(f"golden/{provider}/*"))
    if not path.name.endswith((".expected.json", ".md")) and path.stat().st_size
]


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def find_document(expected: Path) -> bytes:
    folder = HERE / "golden" / expected.parent.name
    (found,) = (
        path
        for path in folder.glob(f"{expected.stem}.*")
        if not path.name.endswith(".expected.json")
    )
    return found.read_bytes()


def read_all(provider: str, body: bytes) -> list[Details]:
    keys = {contest.key for contest in get_provider(provider).parse(body).contests}
    return list(get_details_reader(provider)(body, keys))


def as_plain(provider: str, body: bytes) -> Any:
    try:
        details = read_all(provider, body)
    except FeedError as error:
        return {"error": {"code": error.code, "path": error.path}}
    return json.loads(msgspec.json.encode([{"details": one, "gaps": one.gaps} for one in details]))


@pytest.mark.parametrize("expected", EXPECTED, ids=name)
def test_is_read_as_expected(expected: Path) -> None:
    body = find_document(expected)
    assert as_plain(expected.parent.name, body) == json.loads(expected.read_text("utf-8"))


def test_every_reader_has_pairs() -> None:
    assert {path.parent.name for path in EXPECTED} == set(READERS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_tells_the_same_totals_as_the_whole(document: Path) -> None:
    provider = get_provider(document.parent.name)
    try:
        report = provider.parse(document.read_bytes())
        found = read_all(provider.name, document.read_bytes())
    except FeedError:
        return
    totals = {
        contest.key: {one.key: one.votes for one in contest.selections}
        for contest in report.contests
    }
    for details in found:
        told = dict(zip(details.selections, details.totals, strict=True))
        assert told == totals[details.contest]
        for part in (*details.units, *details.kinds, *details.rounds):
            assert len(part.votes) == len(details.selections)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_reads_nothing_that_nobody_wants(document: Path) -> None:
    try:
        assert list(get_details_reader(document.parent.name)(document.read_bytes(), set())) == []
    except FeedError:
        return


@pytest.mark.parametrize("provider", READERS)
@settings(deadline=None)
@given(data=st.data())
def test_raises_nothing_but_a_feed_error(provider: str, data: st.DataObject) -> None:
    document = data.draw(st.sampled_from([d for d in DOCUMENTS if d.parent.name == provider]))
    body = change_bytes(document.read_bytes(), data)
    try:
        read_all(provider, body)
    except FeedError:
        return


class TestManyPlaces:
    def test_are_kept_for_the_contest_at_hand_alone(self) -> None:
        body = make_clarity_document()
        reader = get_details_reader("clarity")
        tracemalloc.start()
        places = sum(len(one.units) for one in reader(body, {str(n) for n in range(25)}))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert places == 25 * 57
        assert peak < 2 * 2**20

    def test_are_left_out_beyond_what_a_page_is_for(self) -> None:
        rows = "".join(f"Council,{n},A,1\n" for n in range(MOST_UNITS + 1))
        sheet = f"# counted_at: 2024-11-06T03:46-08:00\nrace,precinct,candidate,votes\n{rows}"
        (details,) = csv_feed.read_details(sheet.encode(), {"Council"})
        assert (details.problem, details.units) == (Problem.TOO_MANY, ())
        assert details.totals == (MOST_UNITS + 1,)
