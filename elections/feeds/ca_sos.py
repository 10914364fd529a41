"""California's Secretary of State: the returns of one election, read as one cycle.

``https://api.sos.ca.gov/returns/`` with a document for each statewide office and for each kind
of district. Read from samples of October to December 2022. Which documents there are differs
between elections: an editor lists them after a ``#`` at the address
(``…/returns/#governor,ballot-measures``); without a list it is those of November 2022. A
document that is missing fails the cycle: half a state is not a count.

What surprised us:

- The same addresses are written over for every election, and no document says which election
  it speaks of. Rehearsals with millions of votes come from the same addresses for weeks.
- ``ReportingTime`` is Sacramento wall time to the minute, and every contest is stamped anew at
  each publication, changed or not: in all sampled cycles but one the 174 races carry one stamp.
  That one is *torn*: four documents still had the stamp of the day before. So where
  stamps differ the older documents are asked for once more, and if they still differ the
  cycle is refused: the next check finds it whole. Stamps one minute apart are one publication.
  The report takes the oldest of them: no part of it is older than it says, and a later cycle
  with the same stamps is not shut out. In the hour that comes twice in autumn we take the first.
- Votes are strings, with commas for candidates (``"6,317,310"``), without for measures.
- ``Reporting`` states a percentage that can contradict the two counts beside it: only the
  counts are read. ``incumbent`` is false for every member of the House: it is not read.
- There are no ids: a contest is its title less ``- Statewide Results``, a measure its number,
  a judge the office and the name. All are unique over the documents of an election.
- Measures and judges need a majority of the votes cast on them (Constitution of California,
  article II section 10 and article VI section 16); the documents do not say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from elections.counting.results import ContestCount, ContestType, Report, SelectionCount
from elections.counting.thresholds import MAJORITY
from elections.feeds import cycles, unreadable
from elections.feeds.ca_returns import (
    Candidate,
    Documents,
    Race,
    decode,
    get_path,
    read_time,
    read_votes,
)
from elections.feeds.contract import FeedError, Get, Response, as_sent

name = "ca_sos"
label = "California Secretary of State (JSON)"

propose_contest_name = as_sent
propose_selection_name = as_sent

SLUGS: Final = (
    *("governor", "lieutenant-governor", "secretary-of-state", "controller", "treasurer"),
    *("attorney-general", "insurance-commissioner", "superintendent-of-public-instruction"),
    *("us-senate", "us-senate-unexpired-term", "board-of-equalization/district/all"),
    *("us-rep/district/all", "state-senate/district/all", "state-assembly/district/all"),
    *("supreme-court", "courts-of-appeal/district/all", "ballot-measures"),
)
"""The documents of November 2022."""

ONE_PUBLICATION: Final = timedelta(minutes=1)

_SLUG = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")
_STAMP = re.compile(rb'"ReportingTime"\s*:\s*"([^"\\]{1,60})"')
_STATEWIDE, _DISTRICTWIDE = " - Statewide Results", " - Districtwide Results"

_PARTIES = {
    "Dem": "Democratic",
    "Rep": "Republican",
    "AI": "American Independent",
    "Grn": "Green",
    "Lib": "Libertarian",
    "P&F": "Peace and Freedom",
    "NPP": "No Party Preference",
    "Non": "",
}


# --- fetching ---


def retrieve(address: str, get: Get) -> Response:
    """Fetch every document of the cycle, and once more those that are older than others.

    There are no validators for several documents: every cycle is fetched whole.

    :raises FeedError: any of them could not be fetched; or bad-address.
    """
    start, slugs = _read_address(address)
    documents = _fetch(start, slugs, get)
    if older := _get_older(documents):
        documents |= _fetch(start, older, get)
    return Response(status=200, body=cycles.pack(documents), url=start)


def _read_address(address: str) -> tuple[str, tuple[str, ...]]:
    """Where the documents begin, and their names."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise _bad_address(address) from error
    slugs = tuple(parts.fragment.split(",")) if parts.fragment else SLUGS
    is_list = all(_SLUG.fullmatch(slug) for slug in slugs) and len(set(slugs)) == len(slugs)
    if parts.query or not is_list:
        raise _bad_address(address)
    path = parts.path.rstrip("/") + "/"
    return urlunsplit((parts.scheme, parts.netloc, path, "", "")), slugs


def _bad_address(address: str) -> FeedError:
    return FeedError(
        f"The address “{address[:200]}” cannot be used. Readers keep the last good count. "
        "Write the documents of this election after a #, each once, with commas between "
        "them: https://api.sos.ca.gov/returns/#governor,ballot-measures.",
        code="bad-address",
    )


def _fetch(start: str, slugs: tuple[str, ...], get: Get) -> dict[str, bytes]:
    def get_named(url: str) -> Response:
        try:
            return get(url)
        except FeedError as error:
            if error.status not in {404, 410}:
                raise
            raise FeedError(
                f"There is no document “{url.removeprefix(start)}” at {start} (HTTP "
                f"{error.status}). Readers keep the last good count. If this election has none, "
                "write the documents that it has after a # at the address of the source: "
                f"{start}#governor,ballot-measures.",
                code=error.code,
                status=error.status,
            ) from error

    return cycles.fetch_together({slug: start + slug for slug in slugs}, get_named)


def _get_older(documents: Mapping[str, bytes]) -> tuple[str, ...]:
    """The documents that a publication had not reached; what cannot be read is left to parse."""
    oldest: dict[str, datetime] = {}
    newest = datetime.min.replace(tzinfo=UTC)
    for slug, body in documents.items():
        stamps = {found.decode("latin-1") for found in _STAMP.findall(body)}
        times = [time for stamp in stamps if (time := read_time(stamp))]
        if times:
            oldest[slug] = min(times)
            newest = max(newest, *times)
    return tuple(slug for slug, time in oldest.items() if newest - time > ONE_PUBLICATION)


# --- reading ---


def parse(body: bytes) -> Report:
    """Read a cycle as ``retrieve`` packs it.

    :raises FeedError: code empty, html, encoding, cut-off, not-json or too-deep when one of
        the documents is not JSON; schema-drift, bad-value or duplicate with a path that
        begins with the document; no-contests; torn-cycle.
    """
    documents = decode(body)
    return Report(counted_at=_get_time(documents), contests=_read_contests(documents))


def _get_time(documents: Documents) -> datetime:
    """The oldest stamp, where all are of one publication."""
    stamps = {race.stamp for races in documents.values() for race in races}
    times: dict[str, datetime] = {}
    for stamp in stamps:
        time = read_time(stamp)
        if time is None:
            raise unreadable.refuse_part(
                f"“{stamp[:100]}” is not a time as this source writes it.",
                code="bad-value",
                path=f"{_find_stamp(documents, stamp)}.ReportingTime",
            )
        times[stamp] = time
    if not times:
        raise unreadable.refuse_whole("The documents name no contest.", code="no-contests")
    oldest, newest = min(times, key=times.__getitem__), max(times, key=times.__getitem__)
    if times[newest] - times[oldest] > ONE_PUBLICATION:
        raise _torn(_find_stamp(documents, oldest), oldest, newest)
    return times[oldest]


def _find_stamp(documents: Documents, stamp: str) -> str:
    races = (race for each in documents.values() for race in each)
    return get_path(documents, next(race for race in races if race.stamp == stamp))


def _torn(path: str, oldest: str, newest: str) -> FeedError:
    return FeedError(
        f"“{path}” is from {oldest}, others of the same cycle are from {newest}: they were read "
        "in the middle of a publication. Readers keep the last good count. The next check tries "
        "again by itself; if this goes on, list the documents of this election after a # at the "
        "address of the source, and leave out those that stay behind.",
        code="torn-cycle",
        path=path,
    )


def _read_contests(documents: Documents) -> tuple[ContestCount, ...]:
    """Number the contests in the order of the documents.

    This runs for every contest of every release: it does no more than it must.
    """
    contests: list[ContestCount] = []
    votes = iter(read_votes(documents))
    next_votes = votes.__next__
    order = 0
    for races in documents.values():
        group = _get_group(races)
        for race in races:
            office = race.title.removesuffix(_DISTRICTWIDE).removesuffix(_STATEWIDE)
            if race.candidates is None:
                if race.measures is race.justices is race.judges is None:
                    raise _no_list(documents, race)
                contests += _read_questions(race, office, group, votes, order)
                order = len(contests)
                continue
            selections = tuple(
                [SelectionCount(one.name, next_votes(), one.party) for one in race.candidates]
            )
            contests.append(ContestCount(office, selections, group=group, order=order))
            order += 1
            if _has_repeated_name(race.candidates):
                raise _repeated(documents, race, office)
    if len({one.title for one in contests}) < order:
        raise _repeated_title(documents, contests)
    return tuple(contests)


def _read_questions(
    race: Race, office: str, group: str, votes: Iterator[int], order: int
) -> list[ContestCount]:
    is_measure = race.measures is not None
    return [
        ContestCount(
            f"Proposition {one.number.lstrip('0')}" if is_measure else f"{office}: {one.name}",
            (SelectionCount("Yes", next(votes)), SelectionCount("No", next(votes))),
            ContestType.BALLOT_MEASURE if is_measure else ContestType.RETENTION,
            threshold=MAJORITY,
            question=one.name if is_measure else "",
            group=group,
            order=number,
        )
        for number, one in enumerate(race.questions, start=order)
    ]


def _get_group(races: tuple[Race, ...]) -> str:
    """What a document's races stand under: their house, their court, or “Statewide”."""
    first = races[0] if races else None
    if first is None or (first.candidates is not None and _STATEWIDE in first.title):
        return "Statewide"
    return first.title.removesuffix(_STATEWIDE).partition(" District ")[0]


def _has_repeated_name(people: tuple[Candidate, ...]) -> bool:
    if len(people) == 2:
        return people[0].name == people[1].name
    return len({one.name for one in people}) < len(people)


def _no_list(documents: Documents, race: Race) -> FeedError:
    return unreadable.refuse_part(
        f"“{race.title}” has neither candidates nor questions.",
        code="schema-drift",
        path=get_path(documents, race),
    )


def _repeated_title(documents: Documents, contests: list[ContestCount]) -> FeedError:
    titles = [one.title for one in contests]
    second = next(n for n, title in enumerate(titles) if title in titles[:n])
    owners = [
        race
        for races in documents.values()
        for race in races
        for _contest in (race.questions if race.candidates is None else [race])
    ]
    return _repeated(documents, owners[second], titles[second])


def _repeated(documents: Documents, race: Race, title: str) -> FeedError:
    return unreadable.refuse_part(
        f"“{title}” is listed twice, or names somebody twice; counts could not be told apart.",
        code="duplicate",
        path=get_path(documents, race),
    )


def propose_party(party: str) -> str:
    """Return the party in full; "" where the office has none."""
    return _PARTIES.get(party.strip(), party.strip())
