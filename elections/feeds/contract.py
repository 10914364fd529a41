"""What every provider offers, and how a feed fails.

A provider is one module. It knows one publisher's documents: where they are
(``retrieve``), what they say (``parse``), and how their names read in a story.
It reads no database, no clock and no setting; the network comes in as ``get``. One whose
publisher asks for a key also has a ``secret``. One whose documents tell a count by place or by
round also has ``read_details``; one that only knows ranked choice ``counts_ranked_choice``; one
whose publisher can be asked for what has changed ``retrieve_changes``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from elections.counting.details import Details
from elections.counting.results import Report
from newsroom.network.answers import Response as Response
from newsroom.network.answers import may_recover


class FeedError(Exception):
    """A document could not be fetched, or was not what its provider sends.

    ``message`` is for the desk: whole sentences that say what happened, what
    still stands and what to do. ``code`` is stable and names the kind of failure.
    ``path`` is where in the document the trouble is ("" when it is all of it).
    ``status`` and ``retry_after`` (seconds) are set when the server refused by an
    HTTP status. ``may_recover`` says whether asking again later can help without
    anybody changing a setting.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        path: str = "",
        status: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.path = path
        self.status = status
        self.retry_after = retry_after

    @property
    def may_recover(self) -> bool:
        """False when a person has to act first: a wrong address, a refused network."""
        return self.code != "no-key" and may_recover(self.code, self.status)


Get = Callable[[str], Response]
"""``get(url)``, already bound to a source's validators, limits and rights."""


ReadDetails = Callable[[bytes, Collection[str]], Iterator[Details]]
"""``read_details(body, wanted)``: a second look at a document that ``parse`` has read.

It yields what the document says of the contests whose keys are ``wanted``, besides their totals,
and keeps one contest at a time; it may yield nothing for a contest. Raises ``FeedError`` only.
"""


RetrieveChanges = Callable[[str, bytes, Get], Response | None]
"""``retrieve_changes(address, body, get)``: the document of ``body`` as it is now, whole.

None when the whole has to be asked for. ``get`` sends no validators. Raises ``FeedError`` only.
"""


@dataclass(frozen=True, slots=True)
class Secret:
    """A key that a publisher asks for: a provider that needs one has it as its ``secret``.

    The provider never sees the key. ``setting`` is the site's setting without its ``ELECTIONS_``;
    whoever binds ``get`` sends what stands there as ``header``. So it is in no row, in no
    address and in no log. The provider's ``retrieve`` asks no other host than the publisher's.
    """

    setting: str
    header: str

    def as_headers(self, key: str) -> dict[str, str]:
        """Return what ``http.get`` is to send along.

        :raises FeedError: the site has no key, or one that no header can carry.
        """
        key = key.strip()
        if not (key and key.isascii() and key.isprintable()):
            raise FeedError(
                "This source needs a key, and the site has none that can be sent. Readers keep the "
                f"last good count. Ask whoever runs the site to set ELECTIONS_{self.setting}.",
                code="no-key",
            )
        return {self.header: key}


class Provider(Protocol):
    """The contract; a module with these names fulfils it."""

    name: str
    """What a source's row stores, such as ``lac_json``. Never renamed."""

    label: str
    """What an editor chooses."""

    def retrieve(self, address: str, get: Get) -> Response:
        """Fetch the document of a source whose address an editor entered.

        :raises FeedError: it could not be fetched.
        """

    def parse(self, body: bytes) -> Report:
        """Read a whole document.

        :raises FeedError: it is not what this provider sends. Nothing else is raised.
        """

    def propose_contest_name(self, title: str) -> str:
        """How a new contest may be called in a story; an editor overwrites it."""

    def propose_selection_name(self, name: str) -> str:
        """How a new candidate may be called in a story; an editor overwrites it."""

    def propose_party(self, party: str) -> str:
        """How a new candidate's party may be called; "" for none, or a nonpartisan race."""


def as_sent(text: str) -> str:
    """For a provider whose source already writes names as we print them."""
    return text
