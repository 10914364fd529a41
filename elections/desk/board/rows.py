"""The desk's screen as rows: one a race, most urgent first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from elections.counting.calls import RaceState, Word, may_say
from elections.desk.board import contradictions, interventions, told  # noqa: F401  (register flags)
from elections.desk.board.ages import age_text
from elections.desk.board.flags import RowFlag, load_flags
from elections.desk.board.leads import changed_leads
from elections.desk.board.urgency import Urgency, plain_urgency
from elections.desk.health import LATE_AFTER, Health, source_health, sources_with_health
from elections.models import Source
from elections.widgets.conditions import standing_against, thresholds_of
from elections.widgets.facts import ContestFacts, load_facts
from elections.widgets.figures import number, points, vote_count
from elections.widgets.labels import state_label
from elections.widgets.result import Result, build_result, get_state

NAMES_SHOWN = 3


@dataclass(frozen=True)
class SourceAge:
    """The source of a race's count: how it does, and how old its latest good answer is."""

    source_id: int
    name: str
    health: Health
    is_late: bool
    good_at: datetime | None
    age: str
    may_be_asked: bool

    @property
    def error(self) -> str:
        """What the latest attempt said, where it went wrong."""
        return "" if self.health.tone == "good" else self.health.sentence


@dataclass(frozen=True)
class Row:
    """One race on the screen. Words and figures are made only for the rows that are printed."""

    facts: ContestFacts
    state: RaceState
    source: SourceAge | None
    flags: tuple[RowFlag, ...]
    has_new_leader: bool
    urgency: Urgency

    @property
    def pk(self) -> int:
        return self.facts.contest.pk

    @property
    def name(self) -> str:
        return self.facts.contest.name

    @property
    def needs_somebody(self) -> bool:
        return self.urgency.needs_somebody

    @property
    def state_label(self) -> str:
        """The word that readers get, which depends on what kind of race it is."""
        return str(state_label(self.state, self.facts.contest.contest_type))

    @cached_property
    def result(self) -> Result:
        """What readers see of it."""
        return build_result(self.facts, version=0)

    @cached_property
    def url(self) -> str:
        return reverse("elections_races:inspect", args=[self.pk])

    @cached_property
    def leader(self) -> str:
        """Who is ahead, as far as the race's state lets one say; "" for nobody."""
        says_who = may_say(Word.LEADING, self.result.state) or self.result.is_final
        names = [row.name for row in self.result.rows if row.is_ahead] if says_who else []
        shown = ", ".join(names[:NAMES_SHOWN])
        return f"{shown} …" if len(names) > NAMES_SHOWN else shown

    @property
    def leader_key(self) -> str:
        """What changes when others are ahead."""
        return "-".join(str(row.selection_id) for row in self.result.rows if row.is_ahead)

    @cached_property
    def margin(self) -> str:
        """The margin in votes and points; "" where nobody can be said to be ahead."""
        if not self.leader:
            return ""
        if self.facts.contest.is_ranked_choice:
            return ""  # More first choices than the next one is no margin.
        thresholds = thresholds_of(self.facts)
        if thresholds:
            standing = standing_against(self.facts, thresholds[0])
            if len(thresholds) > 1 or standing is None:
                return ""
            text = _("%(votes)s above the threshold (%(points)s)")
            if not standing.is_met:
                text = _("%(votes)s below the threshold (%(points)s)")
            votes, share = standing.margin_votes, standing.gap_share
        else:
            lead = self.facts.line.lead
            if lead is None:
                return ""
            text = _("%(votes)s (%(points)s)")
            votes, share = lead.margin_votes, lead.margin_share
        return text % {"votes": vote_count(abs(votes)), "points": points(share)}

    @property
    def counted(self) -> str:
        return number(self.result.total_votes)

    @cached_property
    def left(self) -> str:
        """The ballots left, and of what; "" once the result is final."""
        if self.result.is_final:
            return ""
        left = self.facts.ballots_remaining
        if left is None:
            return _("unknown")
        if left.contest_id is None:
            return _("%(number)s in the county") % {"number": number(left.estimate)}
        return number(left.estimate)

    def print_of(self) -> tuple[object, ...]:
        """Return all that is printed and can change: the same twice is the same row."""
        return (
            self.pk,
            self.urgency,
            self.name,
            self.state,
            self.leader_key,
            self.margin,
            self.result.catch_up,
            self.counted,
            self.left,
            self.result.counted_at,
            self.source,
            self.facts.open_hold and self.facts.open_hold.changed_at,
            self.flags,
            self.has_new_leader,
            self.facts.url,
        )


def build_rows(contest_ids: Collection[int], now: datetime) -> list[Row]:
    """Return a row for each race that exists, most urgent first.

    The number of queries does not grow with the number of races.
    """
    races = list(load_facts(contest_ids))
    sources = load_sources({race.contest.election_id for race in races}, now)
    flags = load_flags(races, now)
    new_leaders = changed_leads(races, now)
    rows = [
        _row(
            race,
            source=sources.get(race.counted.source_id) if race.counted else None,
            flags=flags.get(race.contest.pk, ()),
            has_new_leader=race.contest.pk in new_leaders,
        )
        for race in races
    ]
    return sorted(rows, key=_place)


def _place(row: Row) -> tuple[object, ...]:
    contest = row.facts.contest
    day = -contest.election.election_date.toordinal()
    return row.urgency, day, contest.election_id, contest.order, contest.name, contest.pk


def _row(race: ContestFacts, *, source: SourceAge | None, has_new_leader: bool, **found) -> Row:
    state = get_state(race)
    is_final = state is RaceState.CERTIFIED
    reasons = [plain_urgency(state)]
    reasons += [flag.urgency for flag in found["flags"] if flag.urgency is not None]
    if race.open_hold is not None:
        reasons.append(Urgency.WAITS)
    if not is_final and has_new_leader:
        reasons.append(Urgency.LEAD_CHANGED)
    if not is_final and source is not None and source.is_late:
        reasons.append(Urgency.STALE)
    return Row(
        facts=race,
        state=state,
        source=source,
        has_new_leader=has_new_leader,
        urgency=min(reasons),
        **found,
    )


def load_sources(election_ids: Iterable[int], now: datetime) -> dict[int, SourceAge]:
    """Return how every source of these elections does; one query for all."""
    sources = sources_with_health(Source.objects.filter(election__in=list(election_ids)))
    return {source.pk: _source_age(source, now) for source in sources}


def _source_age(source: Source, now: datetime) -> SourceAge:
    is_asked = source.is_active and source.mode == Source.Mode.AUTOMATIC
    due_at = source.next_due_at(now) if is_asked else None
    is_late = due_at is not None and now - due_at > LATE_AFTER
    return SourceAge(
        source_id=source.pk,
        name=source.name,
        health=source_health(source, now),
        is_late=source.is_active and (is_late or bool(source.latest_error_streak)),
        good_at=source.latest_good_at,
        age=age_text(source.latest_good_at, now),
        may_be_asked=is_asked,
    )
