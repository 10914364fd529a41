"""Everything that a published result is built from, read for many contests at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from elections.counting.details import Details
from elections.counting.places import CutLine, cut_line
from elections.models import (
    BallotsRemaining,
    Call,
    Contest,
    CountDetails,
    CurrentCount,
    Election,
    Hold,
    Override,
    RecountRule,
    Selection,
)
from elections.models.one_of import OneOf
from elections.widgets.choosing import choose_counts
from elections.widgets.figures import spoken_answer
from elections.widgets.interventions import NOTHING, Interventions, load_interventions
from newsroom.languages import address_in, own_language


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
    depends_on: ContestFacts | None = None
    recount_rules: tuple[RecountRule, ...] = ()

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

    @cached_property
    def pooled(self) -> frozenset[int]:
        """Lines that count several write-ins together: nobody can be said to lead with one."""
        pool = Selection.Status.WRITE_IN_POOL
        return frozenset(s.pk for s in self.selections if s.status == pool)

    @property
    def contenders(self) -> dict[int, int]:
        """The votes of those who can hold a place."""
        return {pk: count for pk, count in self.votes.items() if pk not in self.pooled}

    @property
    def candidates(self) -> list[Selection]:
        """Who can be chosen; somebody who withdrew is one while votes are counted for them."""
        withdrawn = Selection.Status.WITHDRAWN
        return [
            s
            for s in self.selections
            if s.pk not in self.pooled and (s.status != withdrawn or self.votes.get(s.pk))
        ]

    @property
    def spoken_names(self) -> dict[int, str]:
        """Names as sentences use them: that somebody withdrew goes with the name."""
        return {selection.pk: _spoken(selection) for selection in self.selections}

    @cached_property
    def line(self) -> CutLine[int]:
        """Who would hold the places of the race if the count ended now."""
        return cut_line(self.votes, self.contest.rule, self.pooled)


def _spoken(selection: Selection) -> str:
    if selection.answer:
        return spoken_answer(selection.name)
    if selection.status == Selection.Status.WITHDRAWN:
        return _("%(name)s (withdrew)") % {"name": selection.name}
    return selection.name


@dataclass
class _Shared:
    """What is read once for all contests of a batch."""

    ballots: dict[int, list[Selection]] = field(default_factory=dict)
    calls: dict[int, list[Call]] = field(default_factory=dict)
    current: dict[int, CurrentCount] = field(default_factory=dict)
    open_holds: dict[int, Hold] = field(default_factory=dict)
    corrections: dict[int, Hold] = field(default_factory=dict)
    recount_rules: dict[str, list[RecountRule]] = field(default_factory=dict)
    others: dict[int, ContestFacts] = field(default_factory=dict)
    remaining: dict[tuple[int, int | None], BallotsRemaining] = field(default_factory=dict)
    desk: dict[int, Interventions] = field(default_factory=dict)


def load_facts(
    contest_ids: Collection[int], *, now: datetime | None = None, follow: bool = True
) -> Iterator[ContestFacts]:
    """Yield the facts of each contest that exists, in a handful of queries for all.

    ``follow``: with the facts of the questions that contests hang on.
    """
    if not contest_ids:
        return
    now = now or timezone.now()
    contests = list(
        _contests().filter(pk__in=OneOf(contest_ids)).order_by("pk").prefetch_related("election")
    )
    shared = _load_shared(contest_ids, {contest.election_id for contest in contests})
    _load_statements(shared, contests)
    details = _load_details(one for one in contests if one.is_ranked_choice)
    _load_rules(shared, contests)
    if follow:
        others = {contest.depends_on_id for contest in contests if contest.depends_on_id}
        shared.others = {
            facts.contest.pk: facts for facts in load_facts(others, now=now, follow=False)
        }
    for contest in contests:
        counted = _after_polls_close(shared.current.get(contest.pk), contest.election, now)
        desk = shared.desk.get(contest.pk, NOTHING)
        facts = ContestFacts(
            contest=contest,
            selections=tuple(shared.ballots.get(contest.pk, ())),
            current=counted,
            calls=tuple(shared.calls.get(contest.pk, ())),
            open_hold=shared.open_holds.get(contest.pk),
            correction=shared.corrections.get(contest.pk),
            ballots_remaining=shared.remaining.get((contest.election_id, contest.pk))
            or shared.remaining.get((contest.election_id, None)),
            url=_race_url(contest),
            counted=counted,
            desk=desk,
            counted_details=counted and details.get((contest.pk, counted.source_id)),
            depends_on=shared.others.get(contest.depends_on_id),
            recount_rules=_rules_for(contest, shared),
        )
        yield facts if desk is NOTHING else _as_the_desk_shows_it(facts, now)


def _load_statements(shared: _Shared, contests: Collection[Contest]) -> None:
    """Read who is on the ballot and what was called; each row knows its contest without a query."""
    by_id = {contest.pk: contest for contest in contests}
    ballot = Selection.objects.order_by("order", "pk")
    calls = Call.objects.order_by("made_at", "pk").prefetch_related("selections")
    for rows, by_contest in ((ballot, shared.ballots), (calls, shared.calls)):
        for row in rows.filter(contest__in=OneOf(by_id)):
            row.contest = by_id[row.contest_id]
            by_contest.setdefault(row.contest_id, []).append(row)


def _after_polls_close(
    current: CurrentCount | None, election: Election, now: datetime
) -> CurrentCount | None:
    """Return the count unless it has votes from before the polls close.

    None was accepted like that. But an editor may correct the hour after a count came.
    """
    if current is None or min(now, current.count.counted_at) >= election.polls_close_at:
        return current
    return None if any(current.count.tally.values()) else current


def _as_the_desk_shows_it(facts: ContestFacts, now: datetime) -> ContestFacts:
    """Lay the desk's decisions over the facts: what came after a pause stays out of sight."""
    election = facts.contest.election
    is_early = now < election.polls_close_at
    applying = () if is_early else facts.desk.applying(facts.counted, now)
    desk = replace(facts.desk, overrides=applying)
    current = _after_polls_close(desk.shown_count(facts.counted), election, now)
    shown: dict[str, object] = {"desk": desk, "current": current}
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


def _load_rules(shared: _Shared, contests: Collection[Contest]) -> None:
    """Read the recount margins of the contests' jurisdictions: a table of a few rows."""
    for rule in RecountRule.objects.order_by("pk") if contests else ():
        shared.recount_rules.setdefault(rule.jurisdiction.strip().casefold(), []).append(rule)


def _rules_for(contest: Contest, shared: _Shared) -> tuple[RecountRule, ...]:
    """Return the margins for the contest's own group, or else those for all races."""
    rules = shared.recount_rules.get(contest.election.jurisdiction.strip().casefold(), [])
    own = tuple(rule for rule in rules if rule.group and rule.group == contest.group)
    return own or tuple(rule for rule in rules if not rule.group)


def _race_url(contest: Contest) -> str:
    """Return the path of the race's page; "" without one, or while it is not live."""
    page = getattr(contest, "race_page", None)
    return address_in(own_language(), page.url or "") if page is not None and page.live else ""


def _load_shared(contest_ids: Collection[int], election_ids: Collection[int]) -> _Shared:
    shared = _Shared(desk=load_interventions(contest_ids))
    for contest_id, choice in choose_counts(contest_ids).items():
        shared.current[contest_id] = choice.shown
    holds = Hold.objects.filter(contest__in=OneOf(contest_ids)).order_by("opened_at", "pk")
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
