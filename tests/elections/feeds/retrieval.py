"""What a provider asks for."""

from __future__ import annotations

from collections.abc import Callable

from elections.feeds.contract import Get, Response


def ask(
    retrieve: Callable[[str, Get], Response], address: str, body: bytes
) -> tuple[bytes, list[str]]:
    """What is retrieved where every address answers with ``body``, and the addresses asked."""
    asked: list[str] = []

    def get(url: str) -> Response:
        asked.append(url)
        return Response(status=200, body=body)

    return retrieve(address, get).body, asked
