"""May this count be shown? Two judges: one for a document, one for a contest.

The rules come from accidents measured in real archives. In November 2024 Los
Angeles County's feed went back in time in 16 of its 58 changes; in October 2022
California's served test votes for 17 days, once at "100 %"; after that election
it took votes away from a candidate in 12 real corrections.

Nothing here fetches, stores or knows what time it is: ``now`` comes in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Generic

from elections.counting.fingerprints import fingerprint
from elections.counting.places import ONE_SEAT, Rule, cut_line
from elections.counting.results import Report
from elections.counting.tally import K, threshold_standing
from elections.counting.thresholds import Threshold

LONGEST_AHEAD_OF_CLOCK: Final = timedelta(minutes=10)
"""A source's clock may be this far ahead of ours; beyond it the stamp is wrong."""

FEWEST_CONTESTS_PERCENT: Final = 90
"""A document with fewer of the latest one's contests than this is not whole."""


class Verdict(StrEnum):
    """What becomes of a document.

    ACCEPTED: its contests may be shown, each judged by itself.
    STALE: older than what we have; kept for the timeline, never shown as current.
    HELD: waits for a person at the desk.
    EMBARGOED: has votes from before the polls close; no part of it is public, ever.
    REJECTED: not a count of this election; the bytes are kept, nothing else.
    """

    ACCEPTED = "accepted"
    STALE = "stale"
    HELD = "held"
    EMBARGOED = "embargoed"
    REJECTED = "rejected"


class Reason(StrEnum):
    """What was noticed about a document. The codes are stored: never rename one."""

    NO_CONTESTS = "no-contests"
    OTHER_ELECTION = "other-election"
    BEFORE_POLLS_CLOSE = "before-polls-close"
    SOURCE_TIME_WENT_BACK = "source-time-went-back"
    TOO_FEW_CONTESTS = "too-few-contests"
    SOURCE_TIME_AHEAD = "source-time-ahead"
    SAME_TIME_NEW_CONTENT = "same-time-new-content"
    SAME_TIME_COSMETIC = "same-time-cosmetic"

    @property
    def verdict(self) -> Verdict:
        """What this reason by itself leads to. The two of the same time only inform."""
        return _VERDICTS[self]


# Strictest first: where several reasons apply, the first of these decides. Test
# votes under an older or a future stamp are test votes first, so that neither
# the public timeline nor a click on "release" can show them; and a document that
# is both odd and old is old, so that no release can take readers back.
_VERDICTS: Final = {
    Reason.NO_CONTESTS: Verdict.REJECTED,
    Reason.OTHER_ELECTION: Verdict.REJECTED,
    Reason.BEFORE_POLLS_CLOSE: Verdict.EMBARGOED,
    Reason.SOURCE_TIME_WENT_BACK: Verdict.STALE,
    Reason.TOO_FEW_CONTESTS: Verdict.HELD,
    Reason.SOURCE_TIME_AHEAD: Verdict.HELD,
    Reason.SAME_TIME_NEW_CONTENT: Verdict.ACCEPTED,
    Reason.SAME_TIME_COSMETIC: Verdict.ACCEPTED,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with everything that was noticed, the deciding reason first."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()

    def without(self, waived: Collection[Reason]) -> Judgement:
        """Return the judgement as it would be if ``waived`` had not been noticed."""
        reasons = tuple(reason for reason in self.reasons if reason not in waived)
        return Judgement(reasons[0].verdict, reasons) if reasons else Judgement(Verdict.ACCEPTED)


def judge_report(
    report: Report,
    *,
    now: datetime,
    polls_close_at: datetime,
    latest_counted_at: datetime | None,
    latest_contest_count: int | None,
    election_date: date | None,
    latest_fingerprint: str | None = None,
) -> Judgement:
    """Decide what becomes of a document whose bytes differ from the latest one's.

    ``latest_counted_at``, ``latest_contest_count`` and ``latest_fingerprint`` are those of
    the latest document accepted from this same source; None before the first. The
    fingerprint is asked for only where the times are equal. An
    ``election_date`` of None, ours or the report's, is not compared. All times
    are aware.

    A judgement can get out of date without new bytes: a document that is HELD
    for a time ahead of the clock, or EMBARGOED minutes before the polls close,
    must be judged again when the same bytes are seen again.
    """
    reasons = tuple(
        _reasons(
            report,
            now=now,
            polls_close_at=polls_close_at,
            latest_counted_at=latest_counted_at,
            latest_contest_count=latest_contest_count,
            election_date=election_date,
            latest_fingerprint=latest_fingerprint,
        )
    )
    return Judgement(reasons[0].verdict, reasons) if reasons else _ACCEPTED


_ACCEPTED: Final = Judgement(Verdict.ACCEPTED)


def _reasons(
    report: Report,
    *,
    now: datetime,
    polls_close_at: datetime,
    latest_counted_at: datetime | None,
    latest_contest_count: int | None,
    election_date: date | None,
    latest_fingerprint: str | None,
) -> Iterator[Reason]:
    """Yield what applies to the report, strictest first, as in ``_VERDICTS``."""
    counted_at = report.counted_at
    if not report.contests:
        yield Reason.NO_CONTESTS
    if None not in (election_date, report.election_date) and report.election_date != election_date:
        yield Reason.OTHER_ELECTION
    # The earlier of the two times: a lagging server may hand out the afternoon's
    # test document after the polls have closed.
    if min(now, counted_at) < polls_close_at and _has_votes(report):
        yield Reason.BEFORE_POLLS_CLOSE
    if latest_counted_at is not None and counted_at < latest_counted_at:
        yield Reason.SOURCE_TIME_WENT_BACK
    if report.contests and _has_too_few_contests(report, latest_contest_count):
        yield Reason.TOO_FEW_CONTESTS
    if counted_at > now + LONGEST_AHEAD_OF_CLOCK:
        yield Reason.SOURCE_TIME_AHEAD
    if counted_at == latest_counted_at:
        is_cosmetic = latest_fingerprint is not None and fingerprint(report) == latest_fingerprint
        yield Reason.SAME_TIME_COSMETIC if is_cosmetic else Reason.SAME_TIME_NEW_CONTENT


def _has_votes(report: Report) -> bool:
    return any(selection.votes for contest in report.contests for selection in contest.selections)


def _has_too_few_contests(report: Report, latest_contest_count: int | None) -> bool:
    if latest_contest_count is None:
        return False
    return len(report.contests) * 100 < latest_contest_count * FEWEST_CONTESTS_PERCENT


class ContestVerdict(StrEnum):
    """What becomes of one contest of an accepted document."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Drop(Generic[K]):
    """A selection that has fewer votes than before, or vanished (``after`` is 0)."""

    key: K
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ContestJudgement(Generic[K]):
    """A verdict on one contest.

    ``changes_winners`` is true when the count would put others ahead than were
    ahead before: in the first place, in any seat, in a place of a second round, or, for a
    measure, between passing and failing. So it is where somebody reaches or loses a majority
    that ends a race. A tie puts nobody ahead. It never blocks a count without drops; a person
    is asked only where votes were taken away.
    """

    verdict: ContestVerdict
    drops: tuple[Drop[K], ...]
    changes_winners: bool


_UNCHANGED: Final[ContestJudgement[Any]] = ContestJudgement(
    ContestVerdict.UNCHANGED, (), changes_winners=False
)


def get_verdict(previous: Mapping[K, int] | None, incoming: Mapping[K, int]) -> ContestVerdict:
    """Return the verdict of ``judge_contest`` alone, at a small part of its price.

    Who is ahead is worked out for a count only where somebody is to be told.
    """
    if previous == incoming:
        return ContestVerdict.UNCHANGED
    is_held = previous is not None and bool(_find_drops(previous, incoming))
    return ContestVerdict.HELD if is_held else ContestVerdict.CHANGED


def judge_contest(
    previous: Mapping[K, int] | None,
    incoming: Mapping[K, int],
    *,
    rule: Rule = ONE_SEAT,
    pooled: Collection[K] = (),
    yes: K | None = None,
    thresholds: Collection[Threshold] = (),
) -> ContestJudgement[K]:
    """Compare a contest with the count that readers have, selection by selection.

    Any selection that loses votes holds the contest: the contest's total alone
    would have missed 10 of 12 real cases. Give only votes for selections, never
    over- or undervotes, which fall legitimately. ``previous`` is None when
    readers have no count yet.

    ``rule`` says which places there are, ``pooled`` are lines that count several people
    together. For a measure, ``yes`` is the key of its yes and ``thresholds`` what it needs, two
    where that hangs on another measure; then a drop that turns passing into failing changes the
    winner, too.
    """
    verdict = get_verdict(previous, incoming)
    if verdict is ContestVerdict.UNCHANGED:
        return _UNCHANGED
    if previous is None:
        return ContestJudgement(verdict, (), changes_winners=False)
    return ContestJudgement(
        verdict=verdict,
        drops=_find_drops(previous, incoming),
        changes_winners=_changes_ahead(previous, incoming, rule, pooled)
        or _changes_passage(previous, incoming, yes, thresholds),
    )


def _find_drops(before: Mapping[K, int], after: Mapping[K, int]) -> tuple[Drop[K], ...]:
    return tuple(
        [
            Drop(key, votes, after.get(key, 0))
            for key, votes in before.items()
            if after.get(key, 0) < votes
        ]
    )


def _changes_ahead(
    before: Mapping[K, int], after: Mapping[K, int], rule: Rule, pooled: Collection[K]
) -> bool:
    """Answer whether other selections are ahead; the first votes put nobody aside."""
    if not any(before.values()):
        return False
    was, now = cut_line(before, rule, pooled), cut_line(after, rule, pooled)
    if (was.ahead, was.majority_of) != (now.ahead, now.majority_of):
        return True
    if max(was.places, now.places) == 1:
        return False
    return cut_line(before, ONE_SEAT, pooled).ahead != cut_line(after, ONE_SEAT, pooled).ahead


def _changes_passage(
    before: Mapping[K, int],
    after: Mapping[K, int],
    yes: K | None,
    thresholds: Collection[Threshold],
) -> bool:
    if yes is None or not any(before.values()):
        return False
    return any(
        _passes(before, yes, threshold) is not _passes(after, yes, threshold)
        for threshold in thresholds
    )


def _passes(votes: Mapping[K, int], yes: K, threshold: Threshold) -> bool | None:
    yes_votes = votes.get(yes, 0)
    standing = threshold_standing(yes_votes, sum(votes.values()) - yes_votes, threshold)
    return None if standing is None else standing.is_met


def may_release_by_itself(
    *,
    sightings: int,
    first_seen_at: datetime,
    now: datetime,
    changes_winners: bool,
    needed_sightings: int = 3,
    needed_minutes: int = 10,
) -> bool:
    """Answer whether a held drop may go out without a person, with an automatic note.

    The source must have confirmed it: the same or a newer statement in
    ``needed_sightings`` fetches over ``needed_minutes``. One that changes who
    leads or wins always waits for a person.
    """
    if changes_winners:
        return False
    is_old_enough = now - first_seen_at >= timedelta(minutes=needed_minutes)
    return is_old_enough and sightings >= needed_sightings
