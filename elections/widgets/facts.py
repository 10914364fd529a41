"""Everything that a published result is built from, read for many contests at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.functional import cached_property

from elections.counting.tally import ThresholdStanding, threshold_standing
from elections.models import (
    BallotsRemaining,
    Call,
    Contest,
    CurrentCount,
    Hold,
    Selection,
)


@dataclass(frozen=True)
class ContestFacts:
    """The rows behind one result. ``current`` is None before the first count."""

    contest: Contest
    selections: tuple[Selection, ...]
    current: CurrentCount | None
    calls: tuple[Call, ...]
    open_hold: Hold | None
    correction: Hold | None
    ballots_remaining: BallotsRemaining | None
    url: str = ""

    @cached_property
    def votes(self) -> dict[int, int]:
        """Votes of every selection that the current count knows, in ballot order.

        Before the first count: none for everybody who is on the ballot.
        """
        if self.current is None:
            withdrawn = Selection.Status.WITHDRAWN
            return {s.pk: 0 for s in self.selections if s.status != withdrawn}
        tally = self.current.count.tally
        return {s.pk: tally[s.pk] for s in self.selections if s.pk in tally}

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


def load_facts(contest_ids: Collection[int]) -> Iterator[ContestFacts]:
    """Yield the facts of each contest that exists, in a handful of queries for all."""
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
    for contest in contests:
        yield ContestFacts(
            contest=contest,
            selections=tuple(contest.ballot),
            current=shared.current.get(contest.pk),
            calls=tuple(contest.calls_made),
            open_hold=shared.open_holds.get(contest.pk),
            correction=shared.corrections.get(contest.pk),
            ballots_remaining=shared.remaining.get((contest.election_id, contest.pk))
            or shared.remaining.get((contest.election_id, None)),
            url=_race_url(contest),
        )


def _contests():
    has_pages = hasattr(Contest, "race_page")
    return Contest.objects.select_related("race_page") if has_pages else Contest.objects.all()


def _race_url(contest: Contest) -> str:
    """Return the path of the race's page; "" without one, or while it is not live."""
    page = getattr(contest, "race_page", None)
    return (page.url or "") if page is not None and page.live else ""


def _load_shared(contest_ids: Collection[int], election_ids: Collection[int]) -> _Shared:
    shared = _Shared()
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
