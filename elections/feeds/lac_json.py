"""Los Angeles County: the public results JSON.

Registrar-Recorder/County Clerk, ``https://results.lavote.gov/electionresults/json?electionid=N``.
The same shape in 2022 and 2024; an election has one document of some 430 contests.
Read from samples of the election nights of November 2022 and 2024 and of March 2024.

What surprised us:

- There are no ids: a contest is its title, a selection its name. Both are unique and
  steady within one election, and differ between elections. A contest may change its group.
- ``Timestamp`` is Los Angeles wall time without an offset, and loses trailing zeros of its
  fraction: ``…34.57``, ``…28.3``, and none at all is possible. We give it in UTC. In the hour
  that comes twice when summer time ends we take the first: the second hour's releases then
  look as old as the first's, and for one hour the last good count stands. The other choice
  would place a release an hour ahead of the clock.
- Error bodies come as results: ``{"Message": "An error has occurred."}``, or no byte at all.
- ``VoteFor`` is words: nothing for one, ``Vote for no more than two``. Words we do not know
  leave ``votes_allowed`` at 1 and stand in ``note``, so that an editor sees them.
- ``MeasurePassRate`` may be conditional: ``2/3 votes, 55% if prop 5 passes``. That is no
  threshold yet: ``threshold`` stays None, ``threshold_text`` keeps the words.
- A judge who stands for retention is a ``Judicial`` contest between YES and NO. A recall is a
  ``Measure`` with the question that the Elections Code prescribes (section 11320).
- A contest without candidates is listed, and is kept.
- Candidates stand in the order of the ballot, names in capitals with accents.
"""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime

import msgspec

from elections.counting.results import ContestCount, ContestType, Report, SelectionCount
from elections.feeds import unreadable
from elections.feeds.capitals import propose_contest_name as propose_contest_name
from elections.feeds.capitals import propose_selection_name as propose_selection_name
from elections.feeds.contract import FeedError, Get, Response
from elections.feeds.lac_terms import (
    LOS_ANGELES,
    THRESHOLDS,
    VOTES_ALLOWED,
    YEARS,
    Name,
    Number,
    Text,
    Title,
    Type,
    Votes,
    Words,
    bad_time,
    get_contest_type,
    get_error_body,
    read_date,
)
from elections.feeds.lac_terms import propose_party as propose_party

name = "lac_json"
label = "Los Angeles County results (JSON)"


class _Candidate(
    SelectionCount,
    frozen=True,
    gc=False,
    rename={"name": "Name", "votes": "Votes", "party": "Party"},
):
    name: Name
    votes: Votes
    party: Words


class _Contest(msgspec.Struct, frozen=True, gc=False):
    Title: Title
    Type: Type
    AdditionalText: Text
    MeasureText: Text
    MeasurePassRate: Words
    VoteFor: Words
    Candidates: tuple[_Candidate, ...]


class _ContestGroup(msgspec.Struct, frozen=True, gc=False):
    Name: Words
    Contests: tuple[_Contest, ...]


class _Election(msgspec.Struct, frozen=True, gc=False):
    ID: Number
    Date: str
    Title: Words
    ContestGroups: tuple[_ContestGroup, ...]


class _Document(msgspec.Struct, frozen=True, gc=False):
    Election: _Election
    Timestamp: str


_decoder = msgspec.json.Decoder(_Document)

# An enum's member costs more to look up than all else we do with it.
_PEOPLE, _CANDIDATE = Type.CANDIDATE, ContestType.CANDIDATE

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", re.ASCII)


def retrieve(address: str, get: Get) -> Response:
    """One document holds a whole election, at one address."""
    return get(address)


def parse(body: bytes) -> Report:
    """Read the document.

    :raises FeedError: code empty, html, encoding, cut-off, not-json or too-deep when it
        is not JSON; error-body; schema-drift, bad-value or duplicate with a path.
    """
    document = _decode(body)
    election = document.Election
    return Report(
        counted_at=_read_timestamp(document.Timestamp),
        contests=_read_contests(document),
        election_date=read_date(election.Date, "Election.Date"),
        election_title=election.Title,
        election_key=str(election.ID),
    )


def _decode(body: bytes) -> _Document:
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        document = _decoder.decode(body)
    except unreadable.ERRORS as error:
        raise get_error_body(body) or unreadable.explain(body, error) from error
    if unreadable.has_escaped_nul(body):
        raise unreadable.refuse_whole(
            "The document has NUL characters in its text.", code="encoding"
        )
    return document


def _read_contests(document: _Document) -> tuple[ContestCount, ...]:
    """Lift the contests out of their groups, numbered in the order of the page.

    This runs for every contest of every release: it does no more than it must.
    """
    contests: list[ContestCount] = []
    order = 0
    for group in document.Election.ContestGroups:
        group_name = group.Name
        for contest in group.Contests:
            selections = contest.Candidates
            pass_rate = contest.MeasurePassRate
            note = contest.AdditionalText
            votes_allowed = 1
            if contest.VoteFor and not (votes_allowed := VOTES_ALLOWED.get(contest.VoteFor, 0)):
                note = f"{note} {contest.VoteFor}".strip()
                votes_allowed = 1
            contests.append(
                ContestCount(
                    contest.Title,
                    selections,
                    _CANDIDATE
                    if contest.Type is _PEOPLE
                    else get_contest_type(
                        contest.Type, contest.Title, contest.MeasureText, contest.Candidates
                    ),
                    votes_allowed,
                    THRESHOLDS.get(pass_rate) if pass_rate else None,
                    pass_rate,
                    contest.MeasureText,
                    note,
                    group_name,
                    order,
                )
            )
            order += 1
            count = len(selections)
            if count == 2:
                first, second = selections
                if first.name == second.name:
                    raise _repeated_name(document, contest)
            elif count > 2 and _has_repeated_name(selections):
                raise _repeated_name(document, contest)
    if len({contest.title for contest in contests}) < order:
        raise _repeated_title(document)
    return tuple(contests)


def _has_repeated_name(selections: tuple[_Candidate, ...]) -> bool:
    """The county lists people by the alphabet: then a comparison with the neighbour is enough."""
    before = ""
    for one in selections:
        if one.name <= before:
            return len({one.name for one in selections}) < len(selections)
        before = one.name
    return False


def _read_timestamp(text: str) -> datetime:
    try:
        local = datetime.fromisoformat(text) if _TIMESTAMP.fullmatch(text) else None
    except ValueError:
        local = None
    if local is None or local.year not in YEARS:
        raise bad_time("Timestamp", text)
    return local.replace(tzinfo=LOS_ANGELES).astimezone(UTC)


def _repeated_name(document: _Document, contest: _Contest) -> FeedError:
    names = [one.name for one in contest.Candidates]
    second = next(n for n, name in enumerate(names) if name in names[:n])
    return unreadable.refuse_part(
        f"“{names[second]}” stands twice in “{contest.Title}”; votes could not be told apart.",
        code="duplicate",
        path=f"{_get_path(document, contest)}.Candidates[{second}].Name",
    )


def _repeated_title(document: _Document) -> FeedError:
    contests = [one for group in document.Election.ContestGroups for one in group.Contests]
    titles = [one.Title for one in contests]
    second = next(n for n, title in enumerate(titles) if title in titles[:n])
    return unreadable.refuse_part(
        f"“{titles[second]}” is listed twice; counts could not be told apart.",
        code="duplicate",
        path=f"{_get_path(document, contests[second])}.Title",
    )


def _get_path(document: _Document, contest: _Contest) -> str:
    return next(
        f"Election.ContestGroups[{i}].Contests[{j}]"
        for i, group in enumerate(document.Election.ContestGroups)
        for j, one in enumerate(group.Contests)
        if one is contest
    )
