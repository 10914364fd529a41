"""NIST SP 1500-100, version 2: the standard form of election results, as JSON.

The address of a source is the document's own. Written from the specification's schema; no
instance of it is public, so that the samples are ours, and the export (``nist_export``) is held
against the same rules.

How we read it:

- A count is a ``VoteCounts`` for the whole: without a unit, or of the contest's district or the
  election's scope. Where there are only parts they are added up, and refused if one part
  contains another. In one place ``total`` counts, or else all kinds together.
- A contest or candidate is known by its ``ExternalIdentifier``, or else by its name: an ``@id``
  holds within one document only.
- ``GeneratedDate`` is when the issuer said it; there is no other time in a report.
- ``IsTest`` is a rehearsal and is refused.
- A recall is a ballot measure of ``Type`` recall, or of another type that says so in words.
- Several candidates of one selection are a ticket: ``Example / Sample``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from elections.counting.details import Details
from elections.counting.results import Report
from elections.feeds import capitals, nist_report, nist_units
from elections.feeds.contract import Get, Response, as_sent

name = "nist_erd"
label = "NIST SP 1500-100 election results (JSON)"

_NO_PARTY: Final = frozenset({"non partisan", "nonpartisan", "no party preference", ""})


def retrieve(address: str, get: Get) -> Response:
    """One document holds a whole election, at one address."""
    return get(address)


def parse(body: bytes) -> Report:
    """Read the document.

    :raises FeedError: code empty, html, encoding, cut-off, not-json or too-deep when it is not
        JSON; test-mode; schema-drift, bad-value or duplicate with a path.
    """
    return nist_report.read_report(body)


def read_details(body: bytes, wanted: Collection[str]) -> Iterator[Details]:
    """Read the wanted contests by their units, and by kind of vote.

    :raises FeedError: as ``parse``.
    """
    return nist_units.read_details(body, wanted)


propose_contest_name = as_sent
propose_selection_name = capitals.propose_selection_name


def propose_party(party: str) -> str:
    """As it is; "" for a nonpartisan race."""
    return "" if party.casefold() in _NO_PARTY else party
