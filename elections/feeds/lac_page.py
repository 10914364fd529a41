"""Los Angeles County: the two documents behind the county's results page, read as one count.

Registrar-Recorder/County Clerk, ``https://results.lavote.gov/ElectionResults/``:
``GetElectionData?electionID=N`` says what is on the ballot, ``GetCounterData?electionID=N`` what
has been counted. A source has the address of one of them. Read from samples of the general
election of November 2024: before it, during its night, in the canvass, after certification.

What they mean, and what surprised us:

- Contests and candidates have numbers that keep through an election: they are the keys.
- Votes stand in the counters alone (``CAND``); beside every candidate's name they are always 0.
- Of each contest the counters say on how many ballots it stands (``CBLT``), and on how many of
  those it was left blank (``CUV``) or marked too often (``COV``). In two contests of 373 the
  parts do not add up to the whole: none is worked out from the others. ``COV`` fell from 337 to
  132 in one day of the canvass, rightly. ``EBLT`` are the ballots of the whole election; the
  President stood on 10,000 more than that.
- Only the counters carry a time, ``12/2/2024 2:55:01 PM``: Los Angeles wall time in whole
  seconds. It is the time of the count; the public results JSON gives the same release with
  fractions of a second. In the hour that comes twice in autumn we take the first.
- Both are cached apart from each other, releases out of step. The ballot hardly changes, so that
  an older one fits newer counters. Where the numbers of the two differ (a candidate without a
  counter, or a counter without its candidate) they are of different moments and are refused
  together; the next check may find two that fit.
- ``Locked`` and ``Winner`` flap between the county's servers, from fetch to fetch. They are no
  count and are not read; and since a flag that flaps is no news, they are kept as ``null``. All
  else is kept as it was sent.
- The words are those of the public results JSON, letter by letter: titles, names, pass rates.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

from elections.counting.results import ContestCount, ContestType, Report
from elections.feeds import cycles, unreadable
from elections.feeds.capitals import propose_contest_name as propose_contest_name
from elections.feeds.capitals import propose_selection_name as propose_selection_name
from elections.feeds.contract import FeedError, Get, Response
from elections.feeds.keyed import KeyedContest, KeyedSelection
from elections.feeds.lac_documents import (
    BALLOT,
    COUNTERS,
    Contest,
    Counted,
    Election,
    Values,
    decode,
    sort_counters,
)
from elections.feeds.lac_terms import (
    LOS_ANGELES,
    THRESHOLDS,
    VOTES_ALLOWED,
    YEARS,
    Type,
    bad_time,
    get_contest_type,
    read_date,
)
from elections.feeds.lac_terms import propose_party as propose_party

name = "lac_page"
label = "Los Angeles County results page (ballots cast, left blank)"

# An enum's member costs more to look up than all else we do with it.
_PEOPLE, _CANDIDATE = Type.CANDIDATE, ContestType.CANDIDATE

_FLAPPING = re.compile(rb'("(?:Locked|Winner)"\s*:\s*)(?:true|false)')
_TIME = re.compile(
    r"(1[0-2]|0?[1-9])/(\d\d?)/(\d{4}) (1[0-2]|0?[1-9]):([0-5]\d):([0-5]\d) ([AP])M", re.ASCII
)


# --- fetching ---


def retrieve(address: str, get: Get) -> Response:
    """Fetch both documents. There are no validators for two: they are fetched whole.

    :raises FeedError: any of them could not be fetched; or bad-address.
    """
    documents = cycles.fetch_together(_find_both(address), get)
    documents[BALLOT] = _FLAPPING.sub(rb"\1null", documents[BALLOT])
    return Response(status=200, body=cycles.pack(documents), url=address)


def _find_both(address: str) -> dict[str, str]:
    """The addresses of the two documents, from that of either."""
    try:
        parts = urlsplit(address.strip())
    except ValueError as error:
        raise _bad_address(address) from error
    folder, _slash, document = parts.path.rpartition("/")
    if document.casefold() not in {BALLOT.casefold(), COUNTERS.casefold()} or not parts.query:
        raise _bad_address(address)
    return {
        one: urlunsplit((parts.scheme, parts.netloc, f"{folder}/{one}", parts.query, ""))
        for one in (BALLOT, COUNTERS)
    }


def _bad_address(address: str) -> FeedError:
    return FeedError(
        f"The address “{address[:200]}” cannot be used. Readers keep the last good count. Write "
        "the one with this election's number at its end: "
        f"https://results.lavote.gov/ElectionResults/{BALLOT}?electionID=4324.",
        code="bad-address",
    )


# --- reading ---


def parse(body: bytes) -> Report:
    """Read the two documents as ``retrieve`` packs them.

    :raises FeedError: code empty, html, encoding, cut-off, not-json or too-deep when one of them
        is not JSON; error-body; schema-drift, bad-value or duplicate with a path that begins with
        the document; torn-cycle when they are not of one moment.
    """
    election, counters = decode(body)
    counted = sort_counters(counters)
    cast = counted["EBLT"]
    if others := cast.keys() - {election.ID}:
        raise _torn(f"They count election {min(others)}, the ballot is of {election.ID}.")
    return Report(
        counted_at=_read_time(counters.TimeStamp),
        contests=_read_contests(election, counted),
        election_date=read_date(election.Date, f"{BALLOT}.Data.Date"),
        election_title=election.Title,
        election_key=str(election.ID),
        ballots_cast=cast.get(election.ID),
        registered_voters=election.RegistrationCount,
    )


def _read_contests(election: Election, counted: Counted) -> tuple[ContestCount, ...]:
    """Lift the contests out of their groups, numbered in the order of the page.

    Each counter is taken once: then what is listed twice has none the second time, and what is
    left counts something that is not on the ballot. This runs for every contest of every
    release: it does no more than it must.
    """
    everybody = _read_selections(election, counted["CAND"])
    take_cast = counted["CBLT"].pop
    get_overvotes, get_blank = counted["COV"].get, counted["CUV"].get
    contests: list[KeyedContest] = []
    order = start = 0
    for group in election.ContestGroups:
        for contest in group.Contests:
            kind, number, pass_rate = contest.Type, contest.ID, contest.MeasurePassRate
            end = start + len(contest.Candidates)
            selections = everybody[start:end]
            note, votes_allowed = contest.AdditionalText, 1
            if contest.VoteFor:
                note, votes_allowed = _read_votes_allowed(contest)
            contests.append(
                KeyedContest(
                    contest.Title,
                    selections,
                    _CANDIDATE
                    if kind is _PEOPLE
                    else get_contest_type(kind, contest.Title, contest.MeasureText, selections),
                    votes_allowed,
                    THRESHOLDS.get(pass_rate) if pass_rate else None,
                    pass_rate,
                    contest.MeasureText,
                    note,
                    group.Name,
                    order,
                    take_cast(number, None),
                    get_overvotes(number),
                    get_blank(number),
                    None,
                    None,
                    str(number),
                )
            )
            order += 1
            start = end
    if counted["CBLT"]:
        raise _torn(f"They count contest {min(counted['CBLT'])}, which is not on the ballot.")
    if len({one.id for one in contests}) < order:
        numbers = [one.ID for group in election.ContestGroups for one in group.Contests]
        raise _repeated(next(one for n, one in enumerate(numbers) if one in numbers[:n]))
    return tuple(contests)


def _read_selections(election: Election, votes: Values) -> tuple[KeyedSelection, ...]:
    """Everybody on the ballot in the order of the page; each takes his or her votes."""
    take_votes = votes.pop
    try:
        everybody = tuple(
            [
                KeyedSelection(one.Name, take_votes(id := one.ID), one.Party, str(id))
                for group in election.ContestGroups
                for contest in group.Contests
                for one in contest.Candidates
            ]
        )
    except KeyError as error:
        raise _without_counter(election, error.args[0]) from error
    if votes:
        raise _torn(f"They count candidate {min(votes)}, who is not on the ballot.")
    return everybody


def _read_votes_allowed(contest: Contest) -> tuple[str, int]:
    """The note and the number; words that we do not know stand in the note."""
    if known := VOTES_ALLOWED.get(contest.VoteFor):
        return contest.AdditionalText, known
    return f"{contest.AdditionalText} {contest.VoteFor}".strip(), 1


def _read_time(text: str) -> datetime:
    """``12/2/2024 2:55:01 PM`` in UTC."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise bad_time(f"{COUNTERS}.TimeStamp", text)
    month, day, year, hour, minute, second = map(int, found.groups()[:6])
    hour = hour % 12 + (12 if found[7] == "P" else 0)
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=LOS_ANGELES)
    except ValueError:
        local = None
    if local is None or local.year not in YEARS:
        raise bad_time(f"{COUNTERS}.TimeStamp", text)
    return local.astimezone(UTC)


def _without_counter(election: Election, number: int) -> FeedError:
    contests = [contest for group in election.ContestGroups for contest in group.Contests]
    if [one.ID for contest in contests for one in contest.Candidates].count(number) > 1:
        return _repeated(number)
    return _torn(f"Candidate {number} of the ballot has no counter.")


def _torn(what: str) -> FeedError:
    return FeedError(
        f"The ballot and the counters are not of one moment. {what} Readers keep the last good "
        "count. The next check tries again by itself; if this goes on, open the county's results "
        "page and see whether it shows this election.",
        code="torn-cycle",
        path=COUNTERS,
    )


def _repeated(number: int) -> FeedError:
    return unreadable.refuse_part(
        f"The number {number} stands twice on the ballot; counts could not be told apart.",
        code="duplicate",
        path=f"{BALLOT}.Data",
    )
