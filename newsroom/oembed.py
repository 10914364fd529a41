"""Asking a provider what stands behind a page's address, through the one door to the network.

Only providers on Wagtail's list are asked, at the address that the list gives. Whatever comes back
is untrusted: text is cut to size, and of its HTML only a frame's address is ever used.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from wagtail.embeds.finders.oembed import OEmbedFinder

from newsroom.frames import Frame, frame_of, read_frame
from newsroom.network import http
from newsroom.network.answers import NetworkError

MOST_BYTES = 256 * 1024
MOST_PICTURE_BYTES = 4 * 2**20
SECONDS = 8.0


@dataclass(frozen=True)
class Behind:
    """What stands behind an address. ``picture_url`` is the provider's still picture, or ""."""

    title: str = ""
    picture_url: str = ""
    frame: Frame | None = None


@cache
def _finder() -> OEmbedFinder:
    return OEmbedFinder()


def ask(url: str, **limits: Any) -> Behind:
    """Find out whether a page is still there and what it shows.

    A provider with an interface is asked there; any other page is opened itself.

    :raises NetworkError: it is not there, or nobody answers.
    """
    limits = {"max_bytes": MOST_BYTES, "total_deadline": SECONDS, **limits}
    endpoint = _finder()._get_endpoint(url)
    if endpoint is None:
        frame = frame_of(url)
        http.get(frame.src if frame else url, **{**limits, "max_bytes": MOST_PICTURE_BYTES})
        return Behind(frame=frame)
    answer = http.get(f"{endpoint}?{urlencode({'url': url, 'format': 'json'})}", **limits)
    return _read(url, answer.body)


def _read(url: str, body: bytes) -> Behind:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise NetworkError(
            "The provider's answer could not be read.",
            advice="The next try comes by itself.",
            code="unreadable",
        )
    return Behind(
        title=_text(told.get("title"), 200),
        picture_url=_text(told.get("thumbnail_url"), 1000),
        frame=frame_of(url) or read_frame(_text(told.get("html"), 20_000)),
    )


def _text(value: object, longest: int) -> str:
    """Return what a row can keep: PostgreSQL takes no NUL."""
    return value[:longest].replace("\0", "") if isinstance(value, str) else ""
