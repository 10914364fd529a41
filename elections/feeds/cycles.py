"""Several documents that are one count: fetched together, kept as one body.

The body is a JSON object of the documents by their names, each exactly as it was sent, spaces
and all. What is not a JSON object or array (a web page, half a document, nothing) stands in it
as a string, each byte one character of it. So nothing is lost, the same documents always give
the same body, and a person can read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import msgspec

from elections.feeds import http, unreadable
from elections.feeds.contract import FeedError, Get

AT_ONCE: Final = 6
"""Requests at a time: the shorter a cycle takes, the rarer a release falls into it."""


def fetch_together(addresses: Mapping[str, str], get: Get) -> dict[str, bytes]:
    """Fetch a document from each address, all of them or none.

    :raises FeedError: as ``get`` does for any of them; unasked-304; too-large.
    """
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="feeds-cycle") as pool:
        coming = [pool.submit(get, address) for address in addresses.values()]
        try:
            answers = [one.result() for one in coming]
        finally:
            for one in coming:
                one.cancel()
    if any(answer.is_unchanged for answer in answers):
        raise unreadable.refuse_whole(
            "The server says of a document that it has not changed, which was not asked.",
            code="unasked-304",
        )
    if sum(len(answer.body) for answer in answers) > http.MAX_BYTES:
        raise FeedError(
            f"The documents of this source are together larger than {http.MAX_BYTES // 2**20} MB "
            "and were not kept. Readers keep the last good count. Check the address of the source.",
            code="too-large",
        )
    return {name: answer.body for name, answer in zip(addresses, answers, strict=True)}


def pack(documents: Mapping[str, bytes]) -> bytes:
    """Return the documents as one body, in their order."""
    return b"{" + b",\n".join(_entry(name, body) for name, body in documents.items()) + b"}"


def unpack_text(text: str) -> bytes:
    """Return the bytes of a document that stands in a body as a string."""
    return text.encode("latin-1", errors="replace")


def _entry(name: str, body: bytes) -> bytes:
    kept = body if _is_structured(body) else json.dumps(body.decode("latin-1")).encode()
    return json.dumps(name).encode() + b":" + kept


def _is_structured(body: bytes) -> bool:
    if body.lstrip()[:1] not in {b"{", b"["}:
        return False
    try:
        msgspec.json.decode(body)
    except unreadable.ERRORS:
        return False
    return True
