"""A result as readers see it: the view model behind the fragment and the JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from elections.counting import calls, tally
from elections.counting.calls import CallFact, CallKind, RaceState
from elections.models import BallotsRemaining, Selection
from elections.widgets import ranked
from elections.widgets.catching_up import (
    estimate_for,
    outlook_json,
    outlook_sentence,
    race_outlook,
)
from elections.widgets.conditions import (
    measure_outcome,
    place_line,
    threshold_marks,
    threshold_sentence,
)
from elections.widgets.coverage import coverage_note
from elections.widgets.facts import ContestFacts
from elections.widgets.figures import percent
from elections.widgets.interventions import NOTHING, Interventions
from elections.widgets.labels import MARKS, STATUS_MARKS, state_label
from elections.widgets.recounts import RecountNote, recount_note
from elections.widgets.sentences import ballots_sentence, is_above_or_below, lead_sentence
from elections.widgets.spoken import lead_json, spoken_figures

DECIDED = {
    RaceState.APPARENT_WINNER,
    RaceState.CALLED,
    RaceState.RUNOFF,
    RaceState.PASSED,
    RaceState.FAILED,
    RaceState.CERTIFIED,
}


@dataclass(frozen=True)
class Row:
    """One line of the table. ``share`` is of all votes, None while nothing is counted."""

    selection_id: int
    name: str
    party: str
    is_incumbent: bool
    votes: int
    share: Fraction | None
    rank: int
    mark: str
    is_ahead: bool
    has_colour: bool

    @property
    def share_text(self) -> str:
        return percent(self.share)

    @property
    def bar_percent(self) -> str:
        """The share for an SVG attribute: never localised."""
        return "0" if self.share is None else f"{float(self.share * 100):.2f}"


@dataclass(frozen=True)
class Result:
    """One contest's result in words and figures; ``version`` 0 before publication."""

    contest_id: int
    version: int
    title: str
    election_name: str
    time_zone: str
    is_test: bool
    kind: str
    state: RaceState
    is_final: bool
    rows: tuple[Row, ...]
    total_votes: int
    sentence: str
    seat_line: str
    threshold_line: str
    threshold_percents: tuple[str, ...]
    counted_at: datetime | None
    source_name: str
    source_url: str
    ballots_left: BallotsRemaining | None
    catch_up: str = ""
    outlook: dict[str, object] | None = None
    recount: RecountNote | None = None
    url: str = ""
    notes: tuple[str, ...] = field(default=())
    desk: Interventions = NOTHING
    ballots: Mapping[str, int | None] = field(default_factory=dict)
    ballots_line: str = ""
    coverage: str = ""
    division: str = ""
    is_ranked_choice: bool = False
    lead: Mapping[str, int] | None = None

    @property
    def state_label(self) -> str:
        return state_label(self.state, self.kind)

    @property
    def source_facts(self) -> tuple[object, ...]:
        """All that the line below the result says: as of when, who says so, how much is left."""
        language, left = get_language(), self.ballots_left
        source = (self.counted_at, self.source_name, self.source_url)
        return (language, self.time_zone, *source, left and left.pk, self.is_final, bool(self.rows))

    def as_json(self) -> dict[str, object]:
        """Return the public form: plain figures, no percentages rounded for print."""
        left = self.ballots_left
        return {
            "contest": self.contest_id,
            "version": self.version,
            "title": self.title,
            "election": self.election_name,
            "test": self.is_test,
            "type": self.kind,
            "state": self.state.value,
            "state_label": self.state_label,
            "final": self.is_final,
            "counted_at": self.counted_at and self.counted_at.isoformat(),
            "source": {"name": self.source_name, "url": self.source_url},
            "total_votes": self.total_votes,
            "ballots": {
                "cast": self.ballots.get("ballots_cast"),
                "left_blank": self.ballots.get("undervotes"),
                "marked_too_often": self.ballots.get("overvotes"),
            },
            "selections": [
                {
                    "id": row.selection_id,
                    "name": row.name,
                    "party": row.party,
                    "incumbent": row.is_incumbent,
                    "votes": row.votes,
                    "share": None if row.share is None else round(float(row.share), 6),
                    "mark": row.mark,
                }
                for row in self.rows
            ],
            "lead": self.lead,
            "figures": spoken_figures(self),
            "sentence": self.sentence,
            "rule": self.seat_line,
            "threshold": self.threshold_line,
            "catching_up": self.outlook,
            "recount": self.recount and {"text": self.recount.text, "url": self.recount.source_url},
            "ballots_left": left
            and {
                "estimate": left.estimate,
                "as_of": left.as_of.isoformat(),
                "next_update_at": left.next_update_at and left.next_update_at.isoformat(),
                "source": left.source_name,
            },
            "notes": list(self.notes),
            "desk": self.desk.as_json(),
            "coverage": self.coverage,
            "division": self.division,
            "ranked_choice": self.is_ranked_choice,
            "url": self.url,
        }


def get_state(facts: ContestFacts) -> RaceState:
    """Return the state alone, for who needs no words of the many others."""
    votes, line = facts.votes, facts.line
    return calls.race_state(
        calls=tuple(call.as_fact() for call in facts.calls),
        has_votes=sum(votes.values()) > 0,
        is_tied=ranked.is_tied(facts) if facts.contest.is_ranked_choice else line.is_tied,
        enough_counted=False if line.is_pool_ahead else _enough_counted(facts, votes),
        seats=facts.contest.number_elected,
    )


def build_result(facts: ContestFacts, *, version: int) -> Result:
    """Put one contest's facts into words."""
    contest, votes, line = facts.contest, facts.votes, facts.line
    call_facts = tuple(call.as_fact() for call in facts.calls)
    in_force = calls.standing_calls(call_facts, seats=contest.number_elected)
    state = get_state(facts)
    is_certified = any(call.kind is CallKind.CERTIFIED for call in in_force)
    is_final = is_certified and not facts.desk.change_the_count
    rows = _rows(facts, votes, in_force, state)
    ballots = facts.current.count.ballots if facts.current and not facts.desk.overrides else {}
    outlook = race_outlook(facts, state)
    catch_up = outlook_sentence(facts, outlook)
    return Result(
        contest_id=contest.pk,
        version=version,
        title=contest.name,
        election_name=contest.election.name,
        time_zone=contest.election.time_zone,
        is_test=contest.election.is_test,
        kind=contest.contest_type,
        state=state,
        is_final=is_final,
        rows=rows,
        total_votes=sum(votes.values()),
        sentence=lead_sentence(facts, state=state, in_force=in_force, line=line),
        seat_line=place_line(facts),
        threshold_line=threshold_sentence(facts, state),
        threshold_percents=threshold_marks(facts),
        catch_up=catch_up,
        outlook=outlook_json(facts, outlook, catch_up),
        recount=recount_note(facts, state, line),
        counted_at=facts.current and facts.current.as_of,
        source_name=facts.current.source.name if facts.current else "",
        source_url=facts.current.source.public_url if facts.current else "",
        ballots_left=None if is_final else facts.ballots_remaining,
        url=facts.url,
        notes=_notes(facts, is_final=is_final),
        desk=facts.desk,
        ballots=ballots,
        ballots_line=ballots_sentence(ballots),
        coverage=coverage_note(facts),
        division=contest.division,
        is_ranked_choice=contest.is_ranked_choice,
        lead=lead_json(
            state, line, is_plain=not (contest.is_ranked_choice or is_above_or_below(facts))
        ),
    )


def _enough_counted(facts: ContestFacts, votes: dict[int, int]) -> bool | None:
    """Return whether half of the expected vote is in; None when nobody can say.

    Only an estimate for the contest itself counts, or one that is scaled to it: a
    county's estimate is of other people's ballots too.
    """
    estimate = estimate_for(facts)
    return None if estimate is None else sum(votes.values()) >= estimate.ballots


def _rows(
    facts: ContestFacts,
    votes: dict[int, int],
    in_force: Sequence[CallFact],
    state: RaceState,
) -> tuple[Row, ...]:
    by_id = {selection.pk: selection for selection in facts.selections}
    standings = tally.standings(votes)
    ahead = set() if state is RaceState.COUNTING else _ahead(facts)
    marks = _marks(facts, in_force)
    has_colour = state in DECIDED or _enough_counted(facts, votes) is True
    rows = [
        _row(
            by_id[standing.key],
            standing,
            mark=marks.get(standing.key, ""),
            is_ahead=standing.key in ahead,
            has_colour=has_colour and standing.key in ahead,
        )
        for standing in standings
    ]
    if facts.contest.has_yes_and_no:
        place = {selection.pk: index for index, selection in enumerate(facts.selections)}
        rows.sort(key=lambda row: place[row.selection_id])
    return tuple(rows)


def _row(selection: Selection, standing: tally.Standing[int], **looks: object) -> Row:
    return Row(
        selection_id=selection.pk,
        name=selection.name,
        party=selection.party,
        is_incumbent=selection.incumbent == Selection.Incumbent.YES,
        votes=standing.votes,
        share=standing.share,
        rank=standing.rank,
        **looks,
    )


def leaders(facts: ContestFacts) -> list[int]:
    """Return who is in a winning position by the count alone, whatever was called."""
    return sorted(_ahead(facts))


def _ahead(facts: ContestFacts) -> set[int]:
    """Return who is in a winning position: nobody before the first vote, nor in a tie for it."""
    if facts.contest.is_ranked_choice:
        return ranked.selections_ahead(facts)
    if facts.contest.threshold is None:
        return set(facts.line.ahead)
    passes = measure_outcome(facts)
    if passes is None:
        return set()
    answer = Selection.Answer.YES if passes else Selection.Answer.NO
    return {s.pk for s in facts.selections if s.answer == answer}


def _marks(facts: ContestFacts, in_force: Sequence[CallFact]) -> dict[int, str]:
    marks = {
        s.pk: str(STATUS_MARKS[s.status]) for s in facts.selections if s.status in STATUS_MARKS
    }
    for call in in_force:
        for selection_id in call.selection_ids:
            if call.kind in MARKS:
                marks[selection_id] = str(MARKS[call.kind])
    return marks


def _notes(facts: ContestFacts, *, is_final: bool) -> tuple[str, ...]:
    notes = []
    if coverage := coverage_note(facts):
        notes.append(coverage)
    names = {selection.pk: selection.name for selection in facts.selections}
    notes += facts.desk.notes(names, facts.contest.election.zone)
    if facts.open_hold is not None:
        notes.append(
            _(
                "Held for review: a newer count takes votes away. These are the last "
                "numbers that stood."
            )
        )
    if facts.correction is not None and not is_final:
        notes.append(facts.correction.public_note)
    return tuple(notes)
