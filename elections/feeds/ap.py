"""The Associated Press: its Elections API, version 3.

``https://api.ap.org/v3/elections/2024-11-05?statePostal=CA&resultsType=l&level=state``, paid,
with a key. The address of a source holds the query and no key. Written from descriptions of the
API and from public code that reads it: the licence does not let a newsroom pass documents on,
so that no real one was seen and the samples are invented.

What there is to know:

- The key is a header (``secret``). It goes to ``api.ap.org`` alone, whatever the address says.
- A full quota is answered with 403, as a wrong key is elsewhere; it is over after seconds.
- ``nextrequest`` asks for what has changed since, which is half a document. It is laid over the
  whole one (``ap_changes``), and the whole is asked for again now and then.
- ``timestamp`` is when the answer was made; when it counted is the latest ``lastUpdated``.
- A race has a reporting unit for the whole and, if asked for, for its parts: ``national`` or
  ``state`` is the whole, ``FIPSCode``, ``subunit`` and ``district`` are parts.
- ``candidateID`` differs from place to place. A person is ``polID``, and where that is ``0``
  or missing ``polNum``; a race is its state and ``raceID``.
- ``winner`` is ``X`` (won), ``R`` (in the runoff), or not there. It is AP's call, and no count:
  the desk sees it (``reported_call``), readers do not before the desk makes it.
- ``eevp``, the share of the expected vote, stays at 99 at most until a race is certified.
- Rehearsals come from the same address (``test``, ``resultsType`` t) and are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from elections.counting.details import Details
from elections.counting.results import Report
from elections.feeds import ap_changes, ap_races, ap_units
from elections.feeds.contract import FeedError, Get, Response, Secret, as_sent

name = "ap"
label = "Associated Press Elections API"
secret = Secret(setting="AP_API_KEY", header="x-api-key")

HOST: Final = "api.ap.org"
QUOTA_SECONDS: Final = 10

_PARTIES: Final = {
    "Dem": "Democratic",
    "GOP": "Republican",
    "Grn": "Green",
    "Ind": "Independent",
    "Lib": "Libertarian",
    "NP": "",
    "NPP": "No party preference",
}


def retrieve(address: str, get: Get) -> Response:
    """Ask for the whole, at AP's own host.

    :raises FeedError: as ``get`` does; bad-address; quota, with the seconds to wait.
    """
    _check_address(address)
    try:
        return get(address.strip())
    except FeedError as error:
        raise _explain_refusal(error) from error


def retrieve_changes(address: str, body: bytes, get: Get) -> Response | None:
    """Ask for what has changed since ``body``, and return it whole, as status 206.

    None where AP does not say how to ask for changes, or what it sent cannot be laid over
    ``body``: then ask for the whole.

    :raises FeedError: bad-address; quota, with the seconds to wait.
    """
    _check_address(address)
    changes_address = ap_changes.next_address(address.strip(), body)
    if changes_address is None:
        return None
    try:
        answer = get(changes_address)
        return Response(206, ap_changes.add(body, answer.body), url=answer.url)
    except FeedError as error:
        if error.status in (401, 403):
            raise _explain_refusal(error) from error
        return None


def parse(body: bytes) -> Report:
    """Read the document.

    :raises FeedError: code empty, html, encoding, cut-off, not-json or too-deep when it is not
        JSON; test-mode; schema-drift, bad-value or duplicate with a path.
    """
    return ap_races.read_report(ap_changes.whole_of(body))


def read_details(body: bytes, wanted: Collection[str]) -> Iterator[Details]:
    """Read the wanted races by county or town, and round by round.

    :raises FeedError: as ``parse``.
    """
    return ap_units.read_details(ap_changes.whole_of(body), wanted)


propose_contest_name = as_sent
propose_selection_name = as_sent


def propose_party(party: str) -> str:
    """``GOP`` as ``Republican``; what we do not know as it is."""
    return _PARTIES.get(party, party)


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address.strip())
        is_ours = (parts.scheme, parts.netloc.lower()) == ("https", HOST)
        has_key = any("key" in key.lower() for key, _value in parse_qsl(parts.query))
    except ValueError:
        is_ours = has_key = False
    if has_key:
        raise FeedError(
            "The address holds a key, which anybody who sees the address could use. Take it out "
            f"of the address, and ask whoever runs the site to set ELECTIONS_{secret.setting}.",
            code="bad-address",
        )
    if not is_ours:
        raise FeedError(
            f"AP's key is sent to nobody but AP. Enter an address that begins with https://{HOST}/.",
            code="bad-address",
        )


def _explain_refusal(error: FeedError) -> FeedError:
    if error.status == 403:
        return FeedError(
            "AP says that this minute's quota is used up. Readers keep the last good count. The "
            "next check tries again by itself; if this goes on, check fewer sources or less "
            "often, and make sure that the key covers this election.",
            code="quota",
            status=403,
            retry_after=error.retry_after or QUOTA_SECONDS,
        )
    if error.status == 401:
        return FeedError(
            "AP does not know the site's key. Readers keep the last good count. Ask whoever runs "
            f"the site to check ELECTIONS_{secret.setting}.",
            code="http-status",
            status=401,
        )
    return error
