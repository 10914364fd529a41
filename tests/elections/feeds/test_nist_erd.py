from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from elections.feeds import get_provider, nist_erd
from elections.feeds.contract import FeedError, Response

GOLDEN = Path(__file__).parent / "golden" / "nist_erd"
NIGHT = (GOLDEN / "election-night.json").read_bytes()
SMALL = (GOLDEN / "district-3.json").read_bytes()
REFUSED = sorted(
    path.with_name(path.name.replace(".expected", ""))
    for path in GOLDEN.glob("*.expected.json")
    if "error" in json.loads(path.read_text(encoding="utf-8"))
)


def refuse(body: bytes) -> FeedError:
    with pytest.raises(FeedError) as caught:
        nist_erd.parse(body)
    return caught.value


class TestRetrieve:
    def test_asks_for_the_address_as_it_is(self) -> None:
        asked: list[str] = []

        def get(url: str) -> Response:
            asked.append(url)
            return Response(status=200, body=NIGHT)

        assert nist_erd.retrieve("https://example.org/erd.json", get).body == NIGHT
        assert asked == ["https://example.org/erd.json"]


class TestParse:
    def test_says_which_election_and_when(self) -> None:
        report = nist_erd.parse(NIGHT)
        assert report.counted_at == datetime(2024, 11, 6, 4, 36, 34, 570000, UTC)
        assert report.counted_at.tzinfo is UTC
        assert report.election_date == date(2024, 11, 5)
        assert (report.election_key, report.election_title) == ("4324", "General Election")

    def test_reads_the_votes(self) -> None:
        contest = nist_erd.parse(SMALL).contests[0]
        votes = {one.name: one.votes for one in contest.selections}
        assert votes == {"DAN CHANG": 50310, "SCOTT MARK SCHMERELSON": 61168}

    def test_prefers_the_whole_to_its_parts(self) -> None:
        contest = nist_erd.parse((GOLDEN / "parts-beside-the-whole.json").read_bytes()).contests[0]
        assert [one.votes for one in contest.selections] == [99, 99]

    def test_counts_a_place_and_its_district_once(self) -> None:
        sent = (GOLDEN / "district-within-the-scope.json").read_bytes()
        assert [one.votes for one in nist_erd.parse(sent).contests[0].selections] == [50310, 61168]

    @pytest.mark.parametrize("sent", REFUSED, ids=lambda path: path.stem)
    def test_refuses_in_whole_sentences_that_say_what_stands(self, sent: Path) -> None:
        message = refuse(sent.read_bytes()).message
        assert message.endswith(".")
        assert "Readers keep the last good count." in message

    def test_refuses_a_document_nested_100000_deep(self) -> None:
        assert refuse(b'{"New":' + b"[" * 100_000).code == "too-deep"


class TestProposals:
    def test_are_readable(self) -> None:
        assert nist_erd.propose_selection_name("DAN CHANG") == "Dan Chang"
        assert nist_erd.propose_party("Non Partisan") == ""
        assert nist_erd.propose_party("Green") == "Green"


def test_is_registered() -> None:
    assert get_provider("nist_erd") is nist_erd


# --- only FeedError leaves parse ---


def leaves(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(node, dict | list):
        for key, child in node.items() if isinstance(node, dict) else enumerate(node):
            yield from leaves(child, (*path, key))


PATHS = [path for path in leaves(json.loads(NIGHT)) if path]
COUNT = next(path for path in PATHS if path[-1] == "Count")
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["total", "unit-1", "ElectionResults.PartySelection", "\0", "1e3"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


def swap(path: tuple[Any, ...], value: Any) -> Any:
    tree = json.loads(NIGHT)
    node = tree
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return tree


def check(body: bytes) -> None:
    """A whole report with sound values, or a FeedError; nothing else."""
    try:
        report = nist_erd.parse(body)
    except FeedError:
        return
    keys = [one.key for one in report.contests]
    assert len(set(keys)) == len(keys)
    assert report.counted_at.tzinfo is UTC
    for contest in report.contests:
        names = [one.key for one in contest.selections]
        assert len(set(names)) == len(names)
        assert all(type(one.votes) is int and 0 <= one.votes <= 10**9 for one in contest.selections)
        assert contest.votes_allowed >= 1
        assert "\0" not in "".join([contest.title, contest.note, contest.question, *names])


class TestOnlyFeedErrorLeaves:
    @given(st.data())
    def test_when_bytes_are_changed(self, data: st.DataObject) -> None:
        body = bytearray(NIGHT)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(body) - 1))
            body[at] = data.draw(st.integers(0, 255))
        check(bytes(body))

    @given(st.sampled_from(PATHS), ANYTHING)
    @example(("GeneratedDate",), "9999-12-31T23:59:59-23:59")
    @example(COUNT, 1e300)
    @example(COUNT, 10**400)
    def test_when_a_value_is_of_another_kind(self, path: tuple[Any, ...], value: Any) -> None:
        check(json.dumps(swap(path, value)).encode())

    @given(ANYTHING)
    def test_when_it_is_any_json(self, value: Any) -> None:
        check(json.dumps(value).encode())
