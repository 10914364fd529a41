"""A feed's way through the one door to the network (``newsroom.network.http``).

What keeps the door shut becomes a FeedError, whose message says what readers have meanwhile.
"""

from __future__ import annotations

from typing import Any

from elections.feeds.contract import FeedError, Response
from newsroom.network import http
from newsroom.network.addresses import get_targets, look_up, read_address
from newsroom.network.answers import NetworkError

MAX_BYTES = http.MAX_BYTES


def get(url: str, **limits: Any) -> Response:
    """Fetch a document, unless the server says that it has not changed.

    Takes what ``newsroom.network.http.get`` takes.

    :raises FeedError: with the same codes.
    """
    try:
        return http.get(url, **limits)
    except NetworkError as error:
        raise as_feed_error(error) from error


def check_address(url: str, *, allow_private: bool, timeout: float) -> None:
    """Find out whether the door would open for an address, without asking its server.

    ``timeout`` is how many seconds the name may take to be found.

    :raises FeedError: it would not.
    """
    try:
        get_targets(
            read_address(url), resolve=look_up, allow_private=allow_private, timeout=timeout
        )
    except NetworkError as error:
        raise as_feed_error(error) from error


def as_feed_error(error: NetworkError) -> FeedError:
    return FeedError(
        f"{error.fault} Readers keep the last good count. {error.advice}",
        code=error.code,
        status=error.status,
        retry_after=error.retry_after,
    )
