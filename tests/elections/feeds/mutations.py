"""Documents that nobody meant to send, and what a provider may make of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

from hypothesis import strategies as st

from elections.counting.results import Report
from elections.feeds.contract import FeedError


def read_or_refuse(parse: Callable[[bytes], Report], body: bytes) -> Report | None:
    """A whole report with sound values, or None after a FeedError; nothing else."""
    try:
        report = parse(body)
    except FeedError:
        return None
    keys = [one.key for one in report.contests]
    assert len(set(keys)) == len(keys)
    assert report.counted_at.tzinfo is UTC
    for contest in report.contests:
        names = [one.key for one in contest.selections]
        assert len(set(names)) == len(names)
        assert all(type(one.votes) is int and 0 <= one.votes <= 10**9 for one in contest.selections)
        assert contest.votes_allowed >= 1
        assert "\0" not in "".join([contest.title, contest.note, contest.question, *names])
    return report


def change_bytes(sent: bytes, data: st.DataObject) -> bytes:
    """``sent`` with up to four of its bytes replaced by any others."""
    body = bytearray(sent)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] = data.draw(st.integers(0, 255))
    return bytes(body)


def any_json(*words: Any) -> st.SearchStrategy[Any]:
    """Any small JSON value, now and then one of the provider's own ``words``."""
    values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    return st.recursive(
        values | st.sampled_from(words) if words else values,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=5,
    )


def list_paths(sent: bytes) -> list[tuple[Any, ...]]:
    """The keys and places that lead to each value of the document, in its order."""

    def walk(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if isinstance(node, dict | list):
            for key, child in node.items() if isinstance(node, dict) else enumerate(node):
                yield (*path, key)
                yield from walk(child, (*path, key))

    return list(walk(json.loads(sent), ()))


def swap(sent: bytes, path: tuple[Any, ...], value: Any) -> bytes:
    """The document with ``value`` in the place of what it has at ``path``."""
    tree = json.loads(sent)
    node = tree
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value
    return json.dumps(tree).encode()
