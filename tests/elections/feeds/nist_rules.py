"""What NIST SP 1500-100, version 2, asks of a JSON document, as far as we write it.

Taken from the specification's schema: for each kind of object the fields that it must have, the
fields that it may have with what they hold, and what a reference may point to. A field that is
not listed is not allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

PREFIX = "ElectionResults."

TEXT = {"Text": "[LanguageString]", "Label": "string"}
CONTEST = {
    "@id": "string",
    "Name": "string",
    "ElectoralDistrictId": "->ReportingUnit",
    "ExternalIdentifier": "[ExternalIdentifier]",
    "BallotSubTitle": "InternationalizedText",
    "SequenceOrder": "integer",
    "BallotSelection": "[CandidateSelection|PartySelection|BallotMeasureSelection]",
}
MEASURE = {
    **CONTEST,
    "OtherType": "string",
    "PassageThreshold": "InternationalizedText",
    "SummaryText": "InternationalizedText",
    "Type": {"ballot-measure", "initiative", "other", "referendum"},
}
SELECTION = {"@id": "string", "SequenceOrder": "integer", "VoteCounts": "[VoteCounts]"}
COUNT_TYPES = {
    *("absentee", "absentee-fwab", "absentee-in-person", "absentee-mail", "early"),
    *("election-day", "other", "provisional", "total", "uocava", "write-in"),
}
UNIT_TYPES = {
    *("ballot-batch", "ballot-style-area", "borough", "city", "city-council", "water"),
    *("combined-precinct", "congressional", "country", "county", "county-council", "drop-box"),
    *("judicial", "municipality", "other", "polling-place", "precinct", "school", "special"),
    *("split-precinct", "state", "state-house", "state-senate", "town", "township", "utility"),
    *("village", "vote-center", "ward"),
}

FIELDS: dict[str, dict[str, Any]] = {
    "ElectionReport": {
        "Election": "[Election]",
        "Format": {"precinct-level", "summary-contest"},
        "GeneratedDate": "date-time",
        "GpUnit": "[ReportingUnit]",
        "IsTest": "boolean",
        "Issuer": "string",
        "IssuerAbbreviation": "string",
        "Party": "[Party]",
        "SequenceEnd": "integer",
        "SequenceStart": "integer",
        "Status": {
            *("certified", "correction", "pre-election", "recount"),
            *("unofficial-complete", "unofficial-partial"),
        },
        "VendorApplicationId": "string",
    },
    "Election": {
        "Candidate": "[Candidate]",
        "Contest": "[CandidateContest|BallotMeasureContest|RetentionContest]",
        "ElectionScopeId": "->ReportingUnit",
        "EndDate": "date",
        "ExternalIdentifier": "[ExternalIdentifier]",
        "Name": "InternationalizedText",
        "StartDate": "date",
        "Type": {
            *("general", "other", "partisan-primary-closed", "partisan-primary-open"),
            *("primary", "runoff", "special"),
        },
    },
    "ReportingUnit": {"@id": "string", "Name": "string", "Type": UNIT_TYPES},
    "Party": {"@id": "string", "Name": "InternationalizedText"},
    "Candidate": {
        "@id": "string",
        "BallotName": "InternationalizedText",
        "ExternalIdentifier": "[ExternalIdentifier]",
        "PartyId": "->Party",
    },
    "CandidateContest": {**CONTEST, "VotesAllowed": "integer"},
    "BallotMeasureContest": MEASURE,
    "RetentionContest": MEASURE,
    "CandidateSelection": {**SELECTION, "CandidateIds": "[->Candidate]"},
    "BallotMeasureSelection": {**SELECTION, "Selection": "InternationalizedText"},
    "VoteCounts": {"Count": "number", "GpUnitId": "->ReportingUnit", "Type": COUNT_TYPES},
    "ExternalIdentifier": {
        "OtherType": "string",
        "Type": {"fips", "local-level", "national-level", "ocd-id", "other", "state-level"},
        "Value": "string",
    },
    "InternationalizedText": TEXT,
    "LanguageString": {"Content": "string", "Language": "string"},
}
REQUIRED: dict[str, set[str]] = {
    "ElectionReport": {
        *("Format", "GeneratedDate", "Issuer", "IssuerAbbreviation", "SequenceEnd"),
        *("SequenceStart", "Status", "VendorApplicationId"),
    },
    "Election": {"ElectionScopeId", "EndDate", "Name", "StartDate", "Type"},
    "ReportingUnit": {"@id", "Type"},
    "Party": {"@id", "Name"},
    "Candidate": {"@id", "BallotName"},
    "CandidateContest": {"@id", "ElectoralDistrictId", "Name", "VotesAllowed"},
    "BallotMeasureContest": {"@id", "ElectoralDistrictId", "Name"},
    "RetentionContest": {"@id", "ElectoralDistrictId", "Name"},
    "CandidateSelection": {"@id", "CandidateIds"},
    "BallotMeasureSelection": {"@id", "Selection"},
    "VoteCounts": {"Count", "Type"},
    "ExternalIdentifier": {"Type", "Value"},
    "InternationalizedText": {"Text"},
    "LanguageString": {"Content", "Language"},
}
NOT_EMPTY = {("InternationalizedText", "Text"), ("CandidateSelection", "CandidateIds")}
SHAPES = {
    "string": lambda value: type(value) is str,
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in {int, float},
    "boolean": lambda value: type(value) is bool,
    "date": lambda value: bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)),
    "date-time": lambda value: bool(
        re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value)
    ),
}


def find_faults(document: Any) -> list[str]:
    """Return every breach of the rules, with its place."""
    ids: dict[str, str] = {}
    references: list[tuple[str, str, str]] = []
    faults = list(_walk(document, "ElectionReport", "$", ids, references))
    for path, at_id, kind in references:
        if ids.get(at_id) != kind:
            faults.append(f"{path}: “{at_id}” is no {kind} of this document")
    return faults


def _walk(
    value: Any, kinds: str, path: str, ids: dict[str, str], references: list[tuple[str, str, str]]
) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: not an object"
        return
    kind = str(value.get("@type", "")).removeprefix(PREFIX)
    if kind not in kinds.split("|") or not str(value["@type"]).startswith(PREFIX):
        yield f"{path}: “{value.get('@type')}” is not one of {kinds}"
        return
    yield from (f"{path}: {field} is missing" for field in REQUIRED[kind] - value.keys())
    if "@id" in value:
        if value["@id"] in ids:
            yield f"{path}: @id “{value['@id']}” stands twice"
        ids[value["@id"]] = kind
    for field, held in value.items():
        if field == "@type":
            continue
        here = f"{path}.{field}"
        if field not in FIELDS[kind]:
            yield f"{here} is not allowed in {kind}"
            continue
        rule = FIELDS[kind][field]
        if (kind, field) in NOT_EMPTY and not held:
            yield f"{here} is empty"
        yield from _check(held, rule, here, ids, references)


def _check(
    held: Any, rule: Any, path: str, ids: dict[str, str], references: list[tuple[str, str, str]]
) -> Iterator[str]:
    if isinstance(rule, set):
        if held not in rule:
            yield f"{path}: “{held}” is not one of the standard's words"
    elif rule.startswith("["):
        for n, one in enumerate(held):
            yield from _check(one, rule[1:-1], f"{path}[{n}]", ids, references)
    elif rule.startswith("->"):
        references.append((path, held, rule[2:]))
    elif rule in SHAPES:
        if not SHAPES[rule](held):
            yield f"{path}: “{held}” is not a {rule}"
    else:
        yield from _walk(held, rule, path, ids, references)
