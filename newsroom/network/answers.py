"""What comes through the door: an answer, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass


class NetworkError(Exception):
    """There is no whole answer.

    ``fault`` and ``advice`` are whole sentences: what happened, and what to do. Whoever asked puts
    between them what still stands. ``code`` is stable and names the kind of failure. ``status``
    and ``retry_after`` (seconds) are set when the server refused by an HTTP status.
    """

    def __init__(
        self,
        fault: str,
        *,
        advice: str,
        code: str,
        status: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{fault} {advice}")
        self.fault = fault
        self.advice = advice
        self.code = code
        self.status = status
        self.retry_after = retry_after

    @property
    def may_recover(self) -> bool:
        """False when a person has to act first: a wrong address, a refused network."""
        return may_recover(self.code, self.status)


def may_recover(code: str, status: int | None) -> bool:
    """Answer whether asking again later can help without anybody changing a setting."""
    if code == "http-status":
        return status not in {401, 403, 404, 410}
    return code not in {"bad-address", "bad-scheme", "private-network", "redirect"}


@dataclass(frozen=True, slots=True)
class Response:
    """What the server answered: a success with a body, or 304 with none.

    ``body`` is decompressed. ``etag`` and ``last_modified`` go back to the server
    with the next request. ``url`` is where the answer came from, after redirects.
    ``retry_after`` is the server's own wish for the next request, in seconds.
    """

    status: int
    body: bytes
    etag: str = ""
    last_modified: str = ""
    url: str = ""
    retry_after: int | None = None
    content_type: str = ""

    @property
    def is_unchanged(self) -> bool:
        """The server says that we already have this document."""
        return self.status == 304
