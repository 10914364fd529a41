"""Clarity Election Night Reporting: a county's or a state's ``detail.xml``.

Some thousand US counties and several states publish on
``https://results.enr.clarityelections.com/ST[/County]/ID/``; that is the address of a source.
Read from samples of Kentucky (one county, May 2014), Arkansas (2014) and Georgia (2020).

An election has one small file that changes, ``current_ver.txt``; everything else lies below the
version that it names and never changes. So only the version is asked for, on the condition that
it is new, and its ETag stands for the whole: as long as the server says "not modified" nothing
else is fetched. What is kept is ``detail.xml``, byte for byte as it lay in ``detailxml.zip``.

What surprised us:

- A rehearsal looks like an election. ``istestmode`` in ``electionsettings.json`` tells them
  apart; where that file is missing nothing is read.
- ``Timestamp`` names its zone by an abbreviation (``11/20/2020 3:37:06 PM EST``).
- Undervotes and overvotes are ``VoteType`` elements beside the choices, and no selections.
- A party may be an attribute (``party="REP"``), or stand in the name while the attribute says
  ``NP``: ``Donald J. Trump (I) (Rep)``. The ``(I)`` is the incumbent.
- State files have counties in place of precincts and no ``VoterTurnout``.
- ``percentReporting`` of a precinct is a number of kinds of vote, not a percentage.
- ``totalVotes`` can be more than the kinds of vote that are listed (by 15,611 in Arkansas'
  sample). The total counts, as on Clarity's own page, and the contest's note names both.
- Contests and choices have keys of their own. Titles repeat, keys do not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import msgspec

from elections.counting.details import Details
from elections.counting.results import Report
from elections.feeds import archives, capitals, clarity_detail, clarity_units, unreadable
from elections.feeds.clarity_detail import IN_PARENTHESES, PARTIES, VOTE_FOR
from elections.feeds.contract import FeedError, Get, Response

name = "clarity"
label = "Clarity Election Night Reporting"

_VERSION = re.compile(rb"\d{1,12}")
# What a browser shows after the base: ``/web.264614/#/summary``.
_AFTER_BASE = re.compile(r"/*(/web\.\d+.*|/current_ver\.txt|/?#.*)?$", re.ASCII)


class _Details(msgspec.Struct, frozen=True):
    istestmode: bool | int | str


class _InnerSettings(msgspec.Struct, frozen=True):
    electiondetails: _Details


class _Settings(msgspec.Struct, frozen=True):
    settings: _InnerSettings


_settings_decoder = msgspec.json.Decoder(_Settings)


def retrieve(address: str, get: Get) -> Response:
    """Ask for the version; fetch the count only when that is a new one.

    :raises FeedError: as ``get`` does; test-mode; bad-version; not-zip, zip-members, too-large.
    """
    base = _AFTER_BASE.sub("", address.strip(), count=1)
    latest = get(f"{base}/current_ver.txt")
    if latest.is_unchanged:
        return latest
    version = _read_version(latest.body)
    _refuse_rehearsal(_fetch(f"{base}/{version}/json/en/electionsettings.json", get).body)
    archive = _fetch(f"{base}/{version}/reports/detailxml.zip", get)
    return Response(
        status=200,
        body=archives.read_member(archive.body, "detail.xml"),
        etag=latest.etag,
        last_modified=latest.last_modified,
        url=archive.url,
        retry_after=latest.retry_after,
    )


def parse(body: bytes) -> Report:
    """Read the document.

    :raises FeedError: as ``markup.feed``; schema-drift, bad-value or duplicate with a path.
    """
    return clarity_detail.read_report(body)


def read_details(body: bytes, wanted: Collection[str]) -> Iterator[Details]:
    """Read the wanted contests by precinct or county, and by kind of vote.

    :raises FeedError: as ``parse``.
    """
    return clarity_units.read_details(body, wanted)


def propose_contest_name(title: str) -> str:
    """``SHERIFF (Vote For 1)`` as ``Sheriff``; what is in mixed case keeps its capitals."""
    title = VOTE_FOR.sub("", title)
    return capitals.propose_contest_name(title) if title.isupper() else title


def propose_selection_name(name: str) -> str:
    """``Donald J. Trump (I) (Rep)`` as ``Donald J. Trump``."""
    while (found := IN_PARENTHESES.search(name)) and found.start() > 0:
        if found["words"] != "I" and found["words"].casefold() not in PARTIES:
            break
        name = name[: found.start()]
    return capitals.propose_selection_name(name)


def propose_party(party: str) -> str:
    """``Rep`` as ``Republican``; what we do not know as it is."""
    return PARTIES.get(party.casefold(), party)


def _fetch(url: str, get: Get) -> Response:
    answer = get(url)
    if answer.is_unchanged:
        raise unreadable.refuse_whole(
            "The server says of a new document that it has not changed.", code="unasked-304"
        )
    return answer


def _read_version(body: bytes) -> str:
    found = _VERSION.fullmatch(body.removeprefix(b"\xef\xbb\xbf").strip())
    if found is None:
        raise unreadable.refuse_whole(
            "The source's “current_ver.txt” holds no version number.", code="bad-version"
        )
    return found[0].decode()


def _refuse_rehearsal(body: bytes) -> None:
    try:
        mode = _settings_decoder.decode(body).settings.electiondetails.istestmode
    except unreadable.ERRORS as error:
        raise unreadable.explain(body, error) from error
    if str(mode).strip().casefold() in {"false", "0", ""}:
        return
    raise FeedError(
        "The source is in test mode: its numbers are a rehearsal, and none were taken. Readers "
        "keep the last good count. Counts are read by themselves once the elections office has "
        "ended its test; if it should have, call them.",
        code="test-mode",
    )
