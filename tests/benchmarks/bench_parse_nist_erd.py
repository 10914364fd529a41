"""Reading the standard form, against a decode of the same bytes into plain objects.

The floor is untyped: the standard nests a name three objects deep, and a plain struct for each
of its forty kinds would be a second copy of the provider's.
"""

from __future__ import annotations

import msgspec

from elections.feeds import lac_json, nist_erd
from elections.feeds.nist_export import Issue, export_report
from tests.benchmarks.county import CONTESTS, make_county_document
from tests.benchmarks.figures import Figure
from tests.benchmarks.reading import compare


def make_document() -> bytes:
    """A whole county of 430 races, as we export it."""
    issue = Issue(issuer="Example", issuer_abbreviation="E", application="b", jurisdiction="County")
    return export_report(lac_json.parse(make_county_document()), issue)


def measure(rounds: int = 60) -> list[Figure]:
    body = make_document()
    assert len(nist_erd.parse(body).contests) == CONTESTS
    decode = msgspec.json.Decoder().decode
    return [compare("parse the standard form", body, nist_erd.parse, decode, rounds=rounds)]
