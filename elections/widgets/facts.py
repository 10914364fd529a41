"""Everything that a published result is built from, read for many contests at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import F, Prefetch, Q
from django.utils import timezone
from django.utils.functional import cached_property

from elections.counting.details import Details
from elections.counting.tally import ThresholdStanding, threshold_standing
from elections.models import (
    BallotsRemaining,
    Call,
    Contest,
    CountDetails,
    CurrentCount,
    Hold,
    Override,
    Selection,
)
from elections.widgets.interventions import NOTHING, Interventions, load_interventions


@dataclass(frozen=True)
class ContestFacts:
    """The rows behind one result. ``current`` is None before the first count.

    ``current`` is what readers see, ``counted`` the source's own latest; they are
    two where the desk has paused a race or pinned an earlier count.
    ``counted_details`` are read for ranked choice alone.
    """

    contest: Contest
    selections: tuple[Selection, ...]
    current: CurrentCount | None
    calls: tuple[Call, ...]
    open_hold: Hold | None
    correction: Hold | None
    ballots_remaining: BallotsRemaining | None
    url: str = ""
    counted: CurrentCount | None = None
    desk: Interventions = NOTHING
    counted_details: CountDetails | None = None

    @cached_property
    def details(self) -> Details | None:
        """The parts of the very votes that are shown; None where there are none of them."""
        row = self.counted_details
        if row is None or self.current is None or row.count_id != self.current.count_id:
            return None
        return row.details if row.totals == self.votes else None

    @cached_property
    def votes(self) -> dict[int, int]:
        """Votes of every selection that the current count knows, in ballot order.

        Before the first count: none for everybody who is on the ballot. A number
        that the desk has corrected stands in place of the source's.
        """
        corrected = {override.selection_id: override.votes for override in self.desk.overrides}
        if self.current is None:
            withdrawn = Selection.Status.WITHDRAWN
            nothing = {s.pk: 0 for s in self.selections if s.status != withdrawn}
            return nothing | corrected
        tally = self.current.count.tally | corrected
        return {s.pk: tally[s.pk] for s in self.selections if s.pk in tally}

    def source_votes(self, selection_id: int) -> int | None:
        """Return what the source itself says of a selection now; None where it says nothing."""
        return self.counted and self.counted.count.tally.get(selection_id)

    @property
    def conflicts(self) -> tuple[Override, ...]:
        """The corrected numbers in force of which the source says something else by now."""
        return tuple(
            override
            for override in self.desk.overrides
            if override.conflicts_with(self.source_votes(override.selection_id))
        )

    @property
    def measure_standing(self) -> ThresholdStanding | None:
        """How a measure stands against its threshold; None without one, or without votes."""
        answers = {s.answer: self.votes.get(s.pk, 0) for s in self.selections}
        if self.contest.threshold is None or not {"yes", "no"} <= answers.keys():
            return None
        return threshold_standing(answers["yes"], answers["no"], self.contest.threshold)


@dataclass
class _Shared:
    """What is read once for all contests of a batch."""

    current: dict[int, CurrentCount] = field(default_factory=dict)
    open_holds: dict[int, Hold] = field(default_factory=dict)
    corrections: dict[int, Hold] = field(default_factory=dict)
    remaining: dict[tuple[int, int | None], BallotsRemaining] = field(default_factory=dict)
    desk: dict[int, Interventions] = field(default_factory=dict)


def load_facts(
    contest_ids: Collection[int], *, now: datetime | None = None
) -> Iterator[ContestFacts]:
    """Yield the facts of each contest that exists, in a handful of queries for all."""
    now = now or timezone.now()
    contests = list(
        _contests()
        .filter(pk__in=contest_ids)
        .order_by("pk")
        .prefetch_related(
            "election",
            Prefetch("selections", Selection.objects.order_by("order", "pk"), to_attr="ballot"),
            Prefetch(
                "calls",
                Call.objects.order_by("made_at", "pk").prefetch_related("selections"),
                to_attr="calls_made",
            ),
        )
    )
    shared = _load_shared(contest_ids, {contest.election_id for contest in contests})
    details = _load_details(one for one in contests if one.is_ranked_choice)
    for contest in contests:
        counted = shared.current.get(contest.pk)
        desk = shared.desk.get(contest.pk, NOTHING)
        facts = ContestFacts(
            contest=contest,
            selections=tuple(contest.ballot),
            current=counted,
            calls=tuple(contest.calls_made),
            open_hold=shared.open_holds.get(contest.pk),
            correction=shared.corrections.get(contest.pk),
            ballots_remaining=shared.remaining.get((contest.election_id, contest.pk))
            or shared.remaining.get((contest.election_id, None)),
            url=_race_url(contest),
            counted=counted,
            desk=desk,
            counted_details=counted and details.get((contest.pk, counted.source_id)),
        )
        yield facts if desk is NOTHING else _as_the_desk_shows_it(facts, now)


def _as_the_desk_shows_it(facts: ContestFacts, now: datetime) -> ContestFacts:
    """Lay the desk's decisions over the facts: what came after a pause stays out of sight."""
    desk = replace(facts.desk, overrides=facts.desk.applying(facts.counted, now))
    shown: dict[str, object] = {"desk": desk, "current": desk.shown_count(facts.counted)}
    if desk.pin is not None:
        shown |= {"open_hold": None, "correction": None}
        shown["ballots_remaining"] = _estimate(facts, as_of__lte=desk.pin.count.counted_at)
    elif desk.freeze is not None:
        paused_at = desk.freeze.made_at
        hold, correction = facts.open_hold, facts.correction
        shown["open_hold"] = hold if hold and hold.opened_at <= paused_at else None
        is_known = correction and correction.changed_at <= paused_at
        shown["correction"] = correction if is_known else None
        shown["ballots_remaining"] = _estimate(facts, recorded_at__lte=paused_at)
    return replace(facts, **shown)


def _estimate(facts: ContestFacts, **known: datetime) -> BallotsRemaining | None:
    """Return the latest estimate for a race, or for its election, that was known then."""
    estimates = BallotsRemaining.objects.filter(
        Q(contest=facts.contest) | Q(contest=None), election=facts.contest.election_id, **known
    )
    return estimates.order_by(F("contest").asc(nulls_last=True), "-as_of", "-pk").first()


def _load_details(contests: Iterable[Contest]) -> dict[tuple[int, int], CountDetails]:
    """Return by contest and source what is told of standing counts; no query without contests."""
    contest_ids = [contest.pk for contest in contests]
    if not contest_ids:
        return {}
    rows = CountDetails.objects.standing().filter(contest__in=contest_ids)
    return {(row.contest_id, row.source_id): row for row in rows}


def _contests():
    has_pages = hasattr(Contest, "race_page")
    return Contest.objects.select_related("race_page") if has_pages else Contest.objects.all()


def _race_url(contest: Contest) -> str:
    """Return the path of the race's page; "" without one, or while it is not live."""
    page = getattr(contest, "race_page", None)
    return (page.url or "") if page is not None and page.live else ""


def _load_shared(contest_ids: Collection[int], election_ids: Collection[int]) -> _Shared:
    shared = _Shared(desk=load_interventions(contest_ids))
    current = CurrentCount.objects.filter(contest__in=contest_ids).order_by(
        "-source__precedence", "-source_id"
    )
    for row in current.select_related("count").prefetch_related("source"):
        shared.current[row.contest_id] = row
    holds = Hold.objects.filter(contest__in=contest_ids).order_by("opened_at", "pk")
    for hold in holds:
        shown = shared.current.get(hold.contest_id)
        if shown is not None and hold.source_id != shown.source_id:
            continue
        if hold.decision == Hold.Decision.OPEN:
            shared.open_holds[hold.contest_id] = hold
        elif hold.public_note:
            shared.corrections[hold.contest_id] = hold
    remaining = BallotsRemaining.objects.filter(election__in=election_ids)
    for row in remaining.order_by("as_of", "pk"):
        shared.remaining[row.election_id, row.contest_id] = row
    return shared
