"""What they sent, what we read: every pair of files under ``golden/PROVIDER/``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from elections.feeds import get_provider
from elections.feeds.contract import FeedError

GOLDEN = Path(__file__).parent / "golden"
EXPECTED = ".expected.json"
SENT = sorted(
    path
    for path in GOLDEN.glob("*/*")
    if not path.name.endswith(EXPECTED) and path.name != "README.md"
)


def load_expected(sent: Path) -> dict[str, Any]:
    expected: dict[str, Any] = json.loads(
        sent.with_name(sent.stem + EXPECTED).read_text(encoding="utf-8")
    )
    return expected


FEW_SAY = {
    "ballots_cast",
    "ballots_left",
    "has_rounds",
    "overvotes",
    "registered_voters",
    "reported_call",
    "undervotes",
}
REFUSED = [path for path in SENT if "error" in load_expected(path)]


def name(sent: Path) -> str:
    return f"{sent.parent.name}/{sent.stem}"


def read(provider: str, body: bytes) -> dict[str, Any]:
    """What the provider reads, or the code and path of its refusal, as plain data."""
    try:
        report = get_provider(provider).parse(body)
    except FeedError as error:
        return {"error": {"code": error.code, "path": error.path}}
    plain: dict[str, Any] = json.loads(msgspec.json.encode(report))
    leave_out_unsaid(plain)
    for contest in plain["contests"]:
        contest["selections"] = [
            {key.lower(): value for key, value in one.items()} for one in contest["selections"]
        ]
        leave_out_unsaid(contest)
    return plain


def leave_out_unsaid(said: dict[str, Any]) -> None:
    """Take out what few sources say and this one does not: an expectation need not deny it."""
    for key in FEW_SAY & said.keys():
        if said[key] is None:
            del said[key]


@pytest.mark.parametrize("sent", SENT, ids=name)
def test_is_read_as_expected(sent: Path) -> None:
    assert read(sent.parent.name, sent.read_bytes()) == load_expected(sent)


@pytest.mark.parametrize("sent", REFUSED, ids=name)
def test_is_refused_in_whole_sentences_that_say_what_stands(sent: Path) -> None:
    with pytest.raises(FeedError) as caught:
        get_provider(sent.parent.name).parse(sent.read_bytes())
    assert caught.value.message.endswith(".")
    assert "Readers keep the last good count." in caught.value.message


def test_every_expectation_has_its_document() -> None:
    expected = {path.name.removesuffix(EXPECTED) for path in GOLDEN.glob(f"*/*{EXPECTED}")}
    assert expected == {path.stem for path in SENT}
    assert len(SENT) > 60
