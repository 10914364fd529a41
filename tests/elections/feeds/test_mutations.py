"""Whatever a server sends in place of a count, a provider reads it whole or refuses it.

Every provider of the registry is tried with documents made from its own golden pairs: a new one
is tried as soon as it is registered, and fails here until it has a pair that is read.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from elections.feeds import PROVIDERS
from tests.elections.feeds.mutations import any_json, change_bytes, list_paths, read_or_refuse, swap
from tests.elections.feeds.test_golden import REFUSED, SENT

EXAMPLES = 40
VALUES = re.compile(rb"(?<=[>\"',;\t=: ])[^<>\"',;\t\r\n=]{1,60}(?=[<\"',;\t\r\n])")
SPOILED = (
    *("", " ", "-1", "1.5", "1,024", "1e3", "99999999999", "NaN", "\x00", "é", "١٢", "null"),
    *("0001-01-01T00:00:00", "9999-12-31T23:59:59", "2/30/2024 8:36:34 PM", "x" * 30_000),
    *("Yes", "No", "true", "<!DOCTYPE x>", "]]>", "&amp;", "&nope;", '"', "\ud7ff", "\n"),
)
OPENINGS = (b"[", b'{"Data":', b'{"a":[', b"<a>", b"<Contest>", b'"', b"&#0;", b"\x1f\x8b")

provider = pytest.mark.parametrize("name", sorted(PROVIDERS))
often = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def samples(name: str) -> tuple[bytes, ...]:
    """The smallest and the largest document of the provider's that is read."""
    read = {path for path in SENT if path.parent.name == name} - set(REFUSED)
    bodies = sorted((path.read_bytes() for path in read), key=len)
    assert bodies, f"{name} has no golden pair of a document that is read."
    return bodies[0], bodies[-1]


def is_json(body: bytes) -> bool:
    return body.lstrip()[:1] in {b"{", b"["}


@cache
def paths(name: str, which: int) -> list[tuple[Any, ...]]:
    return list_paths(samples(name)[which])


def check(name: str, body: bytes) -> None:
    read_or_refuse(PROVIDERS[name].parse, body)


@provider
class TestOnlyFeedErrorLeaves:
    def test_when_nothing_is_changed(self, name: str) -> None:
        for body in samples(name):
            assert read_or_refuse(PROVIDERS[name].parse, body) is not None

    @often
    @given(st.data())
    def test_when_bytes_are_changed(self, name: str, data: st.DataObject) -> None:
        check(name, change_bytes(data.draw(st.sampled_from(samples(name))), data))

    @often
    @given(st.data())
    def test_when_a_part_is_lost_or_comes_twice(self, name: str, data: st.DataObject) -> None:
        body = data.draw(st.sampled_from(samples(name)))
        start, end = (data.draw(st.integers(0, len(body))) for _ in range(2))
        check(name, body[:start] + body[end:])

    @often
    @given(st.data())
    def test_when_a_value_is_spoiled(self, name: str, data: st.DataObject) -> None:
        body = data.draw(st.sampled_from(samples(name)))
        found = data.draw(st.sampled_from(list(VALUES.finditer(body))))
        spoiled = data.draw(st.sampled_from(SPOILED) | st.text(max_size=20))
        value = spoiled.encode(errors="replace")
        check(name, body[: found.start()] + value + body[found.end() :])

    @often
    @given(st.data())
    def test_when_a_value_is_of_another_kind(self, name: str, data: st.DataObject) -> None:
        which = data.draw(st.integers(0, 1))
        body = samples(name)[which]
        if is_json(body):
            path = data.draw(st.sampled_from(paths(name, which)))
            value = data.draw(any_json(*SPOILED, 10**30, -1, [], {}, None))
            check(name, swap(body, path, value))
        else:
            lines = body.splitlines(keepends=True)
            order = data.draw(st.permutations(range(min(len(lines), 6))))
            check(name, b"".join([lines[n] for n in order] + lines[len(order) :]))

    @often
    @given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
    def test_when_it_is_anything(self, name: str, body: bytes) -> None:
        check(name, body)

    @often
    @given(any_json())
    def test_when_it_is_any_json(self, name: str, value: Any) -> None:
        check(name, json.dumps(value).encode())

    @pytest.mark.parametrize("opening", OPENINGS)
    def test_when_it_is_nested_100000_deep(self, name: str, opening: bytes) -> None:
        check(name, opening * 100_000)

    @pytest.mark.parametrize("codec", ["utf-16", "utf-32", "latin-1", "cp037"])
    def test_when_it_is_in_another_encoding(self, name: str, codec: str) -> None:
        for body in samples(name):
            check(name, body.decode(errors="replace").encode(codec, errors="replace"))
