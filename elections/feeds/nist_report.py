"""A NIST election report, read as who got how many votes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import msgspec

from elections.counting.results import BallotsLeft, ContestType, Report
from elections.counting.thresholds import Threshold
from elections.feeds import nist_parts as parts
from elections.feeds import unreadable
from elections.feeds.contract import FeedError
from elections.feeds.keyed import KeyedContest, KeyedSelection
from elections.feeds.nist_terms import (
    GROUP,
    RECALL,
    SOURCE_KEY,
    describe_threshold,
    read_threshold,
)

_YEARS: Final = range(2000, 2100)
_MAX_NAME: Final = 255
# An enum's member costs more to look up than all else we do with it.
_CANDIDATE, _BALLOT_MEASURE = ContestType.CANDIDATE, ContestType.BALLOT_MEASURE

Identity = tuple[str, str, str]
"""A selection's name, its party and its key."""

_decoder = msgspec.json.Decoder(parts.Report)


def read_report(body: bytes) -> Report:
    """Read the whole document.

    :raises FeedError: it is a rehearsal, or not what the standard describes.
    """
    document = open_report(body)
    if document.is_test:
        raise FeedError(
            "The source sent a test report: its numbers are a rehearsal, and none were taken. "
            "Readers keep the last good count. Counts are read by themselves once the elections "
            "office has ended its test; if it should have, call them.",
            code="test-mode",
            path="IsTest",
        )
    if len(document.election) > 1:
        raise _drift("The document is about more than one election.", "Election[1]")
    return ReportReader(document).read()


def open_report(body: bytes) -> parts.Report:
    """Return the objects of a document, whatever they say.

    :raises FeedError: it is not what the standard describes.
    """
    try:
        document = _decoder.decode(body.removeprefix(codecs.BOM_UTF8))
    except unreadable.ERRORS as error:
        raise _explain(body, error) from error
    if unreadable.has_escaped_nul(body):
        raise unreadable.refuse_whole(
            "The document has NUL characters in its text.", code="encoding"
        )
    return document


class ReportReader:
    """Follows the references of one document."""

    def __init__(self, document: parts.Report) -> None:
        self.document = document
        self.election = document.election[0]
        self.candidates = {one.at_id: one for one in self.election.candidate}
        self.parties = {one.at_id: one.name.words[:_MAX_NAME] for one in document.party}
        self.inside = {unit.at_id: set(unit.composing_gp_unit_ids) for unit in document.gp_unit}
        self.plain = {"", *(unit for unit, parts in self.inside.items() if unit not in parts)}
        self.people = dict(self._list_people())

    def _list_people(self) -> Iterator[tuple[str, Identity]]:
        """Everybody whose party is in the document, or who has none."""
        get_party = self.parties.get
        for one in self.election.candidate:
            party = get_party(one.party_id) if one.party_id else ""
            if party is not None:
                yield one.at_id, (one.ballot_name.words, party, get_key(one.external_identifier))

    def read(self) -> Report:
        contests = [self._read_contest(*one) for one in enumerate(self.election.contest)]
        keys = [one.id or one.title for one in contests]
        if len(set(keys)) < len(keys):
            again = next(n for n, key in enumerate(keys) if key in keys[:n])
            raise unreadable.refuse_part(
                f"“{contests[again].title}” is listed twice; counts could not be told apart.",
                code="duplicate",
                path=f"Election[0].Contest[{again}]",
            )
        counted_at = _read_time(self.document.generated_date)
        left = self.count_ballots("ballots_outstanding")
        return Report(
            counted_at=counted_at,
            contests=tuple(contests),
            election_date=self.election.start_date,
            election_title=self.election.name.words[:_MAX_NAME],
            election_key=get_key(self.election.external_identifier),
            ballots_cast=self.count_ballots("ballots_cast"),
            ballots_left=None if left is None else BallotsLeft(left, as_of=counted_at),
        )

    def count_ballots(self, which: str) -> int | None:
        """Return a number of ballots of the whole election: its total, or else all its kinds.

        None where it is said only of places, or not in whole ballots: then nobody knows it.
        """
        for whole in ("", self.election.election_scope_id):
            said = [
                (one.type, number)
                for one in self.election.ballot_counts
                if one.gp_unit_id == whole and (number := getattr(one, which)) is not None
            ]
            if said:
                numbers = [number for kind, number in said if kind == "total"]
                total = sum(numbers or (number for _kind, number in said))
                is_sure = len(numbers) <= 1 and total == int(total) and total <= parts.MAX_VOTES
                return int(total) if is_sure else None
        return None

    def _read_contest(self, place: int, contest: parts.AnyContest) -> KeyedContest:
        group = key = question = threshold_text = ""
        threshold, votes_allowed = None, 1
        if isinstance(contest, parts.CandidateContest):
            votes_allowed = contest.votes_allowed
        elif isinstance(contest, parts.MeasureContest):
            text = contest.summary_text or contest.full_text
            question = text.words if text else ""
            if contest.passage_threshold is not None:
                passage = contest.passage_threshold
                threshold, threshold_text = _read_threshold(
                    passage.label, passage.words[:_MAX_NAME]
                )
        for one in contest.external_identifier:
            if one.other_type == GROUP:
                group = group or one.value
            else:
                key = key or get_key(contest.external_identifier)
        order = contest.sequence_order
        return KeyedContest(
            contest.name,
            self._read_selections(contest, place),
            _get_contest_type(contest),
            votes_allowed,
            threshold,
            threshold_text,
            question,
            contest.ballot_sub_title.words if contest.ballot_sub_title else "",
            group,
            place if order is None else order,
            id=key,
        )

    def _read_selections(self, contest: parts.AnyContest, at: int) -> tuple[KeyedSelection, ...]:
        """This runs for every contest of every release: a path is made where it is needed."""
        selections: list[KeyedSelection] = []
        for place, selection in enumerate(contest.ballot_selection):
            counts = selection.vote_counts
            known = self._recognize(selection)
            votes = counts[0].count if len(counts) == 1 else None
            if known is None or type(votes) is not int or counts[0].gp_unit_id not in self.plain:
                here = _get_path(at, place)
                known = self.identify(selection, here)
                votes = self.add_up(counts, self.wholes(contest), f"{here}.VoteCounts")
            name, party, key = known
            if not 0 < len(name) <= _MAX_NAME:
                here = _get_path(at, place)
                raise _bad_value(f"“{name[:100]}” is not a name of a selection.", here)
            selections.append(KeyedSelection(name, votes, party, key))
        keys = [one.id or one.name for one in selections]
        if len(set(keys)) < len(keys):
            again = next(n for n, key in enumerate(keys) if key in keys[:n])
            raise unreadable.refuse_part(
                f"“{selections[again].name}” stands twice in “{contest.name}”; votes could not be "
                "told apart.",
                code="duplicate",
                path=_get_path(at, again),
            )
        return tuple(selections)

    def _recognize(self, selection: parts.AnySelection) -> Identity | None:
        """Return what ``identify`` does where that is simple, as it nearly always is."""
        if type(selection) is parts.CandidateSelection:
            ids = selection.candidate_ids
            return self.people.get(ids[0]) if len(ids) == 1 else None
        if type(selection) is parts.MeasureSelection:
            return selection.selection.words, "", selection.selection.label
        return None

    def wholes(self, contest: parts.AnyContest) -> tuple[str, ...]:
        """Return the units that stand for all of a contest, "" for a count without a unit."""
        return ("", contest.electoral_district_id, self.election.election_scope_id)

    def identify(self, selection: parts.AnySelection, path: str) -> Identity:
        if isinstance(selection, parts.MeasureSelection):
            return selection.selection.words, "", selection.selection.label
        if isinstance(selection, parts.PartySelection):
            names = [self._get_party(one, f"{path}.PartyIds") for one in selection.party_ids]
            return " / ".join(names), "", ""
        people = []
        for n, at_id in enumerate(selection.candidate_ids):
            if at_id not in self.candidates:
                raise _dangling(at_id, f"{path}.CandidateIds[{n}]")
            people.append(self.candidates[at_id])
        first = people[0]
        party = self._get_party(first.party_id, f"{path}.CandidateIds[0]") if first.party_id else ""
        name = " / ".join(one.ballot_name.words for one in people)
        return name, party, get_key(first.external_identifier)

    def _get_party(self, at_id: str, path: str) -> str:
        if at_id not in self.parties:
            raise _dangling(at_id, path)
        return self.parties[at_id]

    def add_up(
        self, counts: tuple[parts.VoteCounts, ...], wholes: tuple[str, ...], path: str
    ) -> int:
        """Return the votes of the first whole that has any, or of all parts."""
        if not counts and self.document.status != "pre-election":
            raise _drift("“VoteCounts” is missing.", path)
        by_unit: dict[str, list[parts.VoteCounts]] = {}
        for n, count in enumerate(counts):
            if count.gp_unit_id and count.gp_unit_id not in self.inside:
                raise _dangling(count.gp_unit_id, f"{path}[{n}].GpUnitId")
            by_unit.setdefault(count.gp_unit_id, []).append(count)
        whole = next((whole for whole in wholes if whole in by_unit), None)
        units = list(by_unit) if whole is None else [whole]
        if any(self.inside[unit] & set(units) for unit in units if unit):
            raise _drift("The votes of a place and of its parts cannot be told apart.", path)
        votes = sum(get_total(by_unit[unit], path) for unit in units)
        if votes > parts.MAX_VOTES:
            raise _bad_value(f"{votes} is not a number of votes.", path)
        return votes


def _explain(body: bytes, error: Exception) -> FeedError:
    if body.lstrip().startswith(b"<?xml"):
        return unreadable.refuse_whole(
            "The source sent XML, and this provider reads the standard's JSON.", code="not-json"
        )
    return unreadable.explain(body, error)


def get_total(counts: list[parts.VoteCounts], path: str) -> int:
    """Return the votes in one place: its total, or else all kinds of vote together."""
    totals = [one.count for one in counts if one.type == "total"]
    if len(totals) > 1:
        raise unreadable.refuse_part(
            "There are two totals for one place.", code="duplicate", path=path
        )
    votes = totals[0] if totals else sum(one.count for one in counts)
    if votes != int(votes):
        raise _bad_value(f"{votes} is not a number of votes.", path)
    return int(votes)


def _get_contest_type(contest: parts.AnyContest) -> ContestType:
    if type(contest) is parts.CandidateContest:
        return _CANDIDATE
    if isinstance(contest, parts.RetentionContest):
        return ContestType.RETENTION
    if not isinstance(contest, parts.MeasureContest):
        return _CANDIDATE
    is_recall = RECALL in {contest.type.casefold(), contest.other_type.casefold()}
    return ContestType.RECALL if is_recall else _BALLOT_MEASURE


@lru_cache(maxsize=256)
def _read_threshold(label: str, words: str) -> tuple[Threshold | None, str]:
    """Return the threshold, and the source's own words where they say something else."""
    threshold = read_threshold(label)
    if threshold is not None and words == describe_threshold(threshold):
        words = ""
    return threshold, words


def get_key(identifiers: tuple[parts.Identifier, ...]) -> str:
    """The issuer's own key, or else the most local public one; "" where there is none."""
    if not identifiers:
        return ""
    for kind in (SOURCE_KEY, "local-level", "state-level", "national-level"):
        for one in identifiers:
            if one.type == kind or one.other_type == kind:
                return one.value
    return ""


def _get_path(contest: int, selection: int) -> str:
    return f"Election[0].Contest[{contest}].BallotSelection[{selection}]"


def _read_time(moment: datetime) -> datetime:
    if moment.year not in _YEARS:
        raise _bad_value(f"“{moment}” is not a time of this century.", "GeneratedDate")
    return moment.astimezone(UTC)


def _dangling(at_id: str, path: str) -> FeedError:
    return _drift(f"“{at_id[:100]}” is referred to, and is not in the document.", path)


def _drift(what: str, path: str) -> FeedError:
    return unreadable.refuse_part(what, code="schema-drift", path=path)


def _bad_value(what: str, path: str) -> FeedError:
    return unreadable.refuse_part(what, code="bad-value", path=path)
