"""What happened to a race, as a reader may be told it: releases, calls, corrections.

Built from rows that are loaded already; nothing here asks the database. Each entry has a
key that never changes, so that a feed reader knows it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from elections.counting.calls import CallKind, RaceState, race_state
from elections.counting.guards import Verdict
from elections.models import Contest, ContestCount, Hold, Selection
from elections.widgets.calls_made import CallMade, taken_back
from elections.widgets.estimates import BallotsLeft
from elections.widgets.figures import number, vote_count
from elections.widgets.margins import Ballot, margin_sentence
from newsroom.style import time_and_full_day

DECIDED = {
    Hold.Decision.RELEASED: gettext_lazy("Our desk checked the correction and shows it."),
    Hold.Decision.RELEASED_BY_ITSELF: gettext_lazy(
        "The source repeated the correction, and it is shown."
    ),
    Hold.Decision.REJECTED: gettext_lazy(
        "Our desk rejected the count that took votes away. The last numbers stand."
    ),
    Hold.Decision.WITHDRAWN: gettext_lazy("The source took back the count that took votes away."),
}


class EntryKind(StrEnum):
    """The values are in the CSV and in addresses: never rename one."""

    COUNT = "count"
    LATE_COUNT = "late-count"
    CALL = "call"
    HOLD = "hold"
    DESK = "desk"
    CORRECTION = "correction"


@dataclass(frozen=True)
class Figures:
    """The numbers of a release. ``new_votes`` is None in the first one and in a late one."""

    votes: Mapping[int, int]
    new_votes: int | None
    source_name: str
    sha256: str


@dataclass(frozen=True)
class Entry:
    """One thing that happened, in whole sentences."""

    key: str
    kind: EntryKind
    contest_id: int
    at: datetime
    changed_at: datetime
    sentences: tuple[str, ...]
    source_url: str = ""
    figures: Figures | None = None

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True)
class Past:
    """The rows of one race: calls in the order they were made."""

    contest: Contest
    ballot: Ballot
    zone: ZoneInfo
    calls: Sequence[CallMade] = ()
    holds: Sequence[Hold] = ()
    taken_back: Mapping[int, CallMade] = field(default_factory=dict)
    estimates: Sequence[BallotsLeft] = ()
    shown_count: int | None = None

    @classmethod
    def of(
        cls,
        contest: Contest,
        calls: Sequence[CallMade] = (),
        holds: Sequence[Hold] = (),
        estimates: Sequence[BallotsLeft] = (),
        shown_count: int | None = None,
    ) -> Past:
        return cls(
            contest=contest,
            ballot=ballot_of(contest),
            zone=contest.election.zone,
            calls=calls,
            holds=holds,
            taken_back=taken_back(calls),
            estimates=estimates,
            shown_count=shown_count,
        )

    def state_at(self, count: ContestCount) -> RaceState:
        """Return the state that the race was in with this count, from what was said by then."""
        line = self.ballot.line(count.tally)
        total = sum(count.tally.values())
        return race_state(
            calls=[call.fact for call in self.calls if call.at <= count.counted_at],
            has_votes=total > 0,
            is_tied=line.is_tied and not self.ballot.is_ranked,
            enough_counted=False if line.is_pool_ahead else self._enough_counted(count, total),
            seats=self.contest.number_elected,
        )

    def _enough_counted(self, count: ContestCount, total: int) -> bool | None:
        """Return whether half of the vote was in; for the count that stands, as known now."""
        is_shown = count.pk == self.shown_count
        known = [left for left in self.estimates if is_shown or left.as_of <= count.counted_at]
        ballots = known[-1].beside(count) if known else None
        return None if ballots is None else total >= ballots

    def clock(self, moment: datetime) -> str:
        return time_and_full_day(moment.astimezone(self.zone))


def ballot_of(contest: Contest) -> Ballot:
    """Return who stands; reads the selections, prefetched where there are many contests."""
    selections = list(contest.selections.all())
    answers = {selection.answer: selection.pk for selection in selections}
    return Ballot(
        names={selection.pk: selection.name for selection in selections},
        rule=contest.rule,
        pooled=frozenset(s.pk for s in selections if s.status == Selection.Status.WRITE_IN_POOL),
        threshold=contest.threshold,
        yes=answers.get(Selection.Answer.YES),
        no=answers.get(Selection.Answer.NO),
        is_ranked=contest.is_ranked_choice,
        is_conditional=contest.conditional_threshold is not None,
    )


def build_history(past: Past, counts: Sequence[ContestCount]) -> list[Entry]:
    """Return everything that happened to a race, newest first.

    ``counts`` are of one source, in order of ``counted_at``; late ones among them.
    """
    entries: list[Entry] = []
    before: Mapping[int, int] | None = None
    for count in counts:
        entry = count_entry(past, count, before)
        if entry is not None:
            entries.append(entry)
        if not is_late(count):
            before = count.tally
    entries += [call_entry(past, call) for call in past.calls]
    for hold in past.holds:
        entries += hold_entries(hold)
    return newest_first(entries)


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.at, entry.kind != EntryKind.COUNT))[::-1]


def is_late(count: ContestCount) -> bool:
    return count.snapshot.verdict == Verdict.STALE.value


def count_entry(past: Past, count: ContestCount, before: Mapping[int, int] | None) -> Entry | None:
    """Say what a release added; None for one without votes or with the same."""
    votes = count.tally
    total = sum(votes.values())
    if before is not None and sum(before.values()) == 0:
        before = None
    late = is_late(count)
    if (total == 0 and before is None) or (votes == before and not late):
        return None
    new = None if late or before is None else total - sum(before.values())
    return Entry(
        key=f"count-{count.pk}",
        kind=EntryKind.LATE_COUNT if late else EntryKind.COUNT,
        contest_id=count.contest_id,
        at=count.counted_at,
        changed_at=max(count.recorded_at, count.counted_at) if late else count.counted_at,
        sentences=_late(past, count, total) if late else _release(past, count, before),
        figures=Figures(
            votes=votes,
            new_votes=new,
            source_name=count.snapshot.source.name,
            sha256=count.snapshot.sha256,
        ),
    )


def _late(past: Past, count: ContestCount, total: int) -> tuple[str, ...]:
    sentence = _(
        "A count of %(votes)s that came late, at %(time)s, after a newer one. "
        "It was never shown as the result."
    )
    return (
        sentence % {"votes": vote_count(total), "time": past.clock(count.snapshot.first_seen_at)},
    )


def _release(past: Past, count: ContestCount, before: Mapping[int, int] | None) -> tuple[str, ...]:
    votes = count.tally
    margin = margin_sentence(past.ballot, votes, before, state=past.state_at(count))
    return tuple(sentence for sentence in (_added(past, votes, before), margin) if sentence)


def _added(past: Past, votes: Mapping[int, int], before: Mapping[int, int] | None) -> str:
    if before is None:
        return _("First count: %(votes)s.") % {"votes": vote_count(sum(votes.values()))}
    drops = {
        selection: lost
        for selection, had in before.items()
        if (lost := had - votes.get(selection, 0)) > 0
    }
    if drops:
        return _("A correction: %(drops)s.") % {"drops": _named_drops(past, drops)}
    new = sum(votes.values()) - sum(before.values())
    return ngettext(
        "%(number)s more vote was counted.", "%(number)s more votes were counted.", new
    ) % {"number": number(new)}


def _named_drops(past: Past, drops: Mapping[int, int]) -> str:
    worst = sorted(drops, key=lambda selection: -drops[selection])[:3]
    return ", ".join(
        _("%(votes)s fewer for %(name)s")
        % {"votes": vote_count(drops[selection]), "name": past.ballot.spoken.get(selection, "?")}
        for selection in worst
    )


def call_entry(past: Past, call: CallMade) -> Entry:
    """Say what was called and on whose authority, and that it was taken back where it was."""
    if call.fact.kind is CallKind.RETRACTED:
        said = next((c for c in past.calls if c.fact.id == call.fact.retracts), None)
        sentence = _retraction(past, said)
    else:
        sentence = call.sentence
    sentences = [sentence, _("Authority: %(authority)s.") % {"authority": call.authority}]
    changed_at = call.at
    retraction = past.taken_back.get(call.fact.id)
    if retraction is not None:
        changed_at = retraction.at
        sentences.append(_("Taken back at %(time)s.") % {"time": past.clock(retraction.at)})
    return Entry(
        key=f"call-{call.fact.id}",
        kind=EntryKind.CALL,
        contest_id=past.contest.pk,
        at=call.at,
        changed_at=changed_at,
        sentences=tuple(sentences),
        source_url=call.source_url,
    )


def _retraction(past: Past, said: CallMade | None) -> str:
    if said is None or said.fact.kind is CallKind.RETRACTED:
        return _("A call that was taken back stands again.")
    return _("Taken back, from %(time)s: “%(call)s”") % {
        "call": said.sentence,
        "time": past.clock(said.at),
    }


def hold_entries(hold: Hold) -> list[Entry]:
    """Say that a count is or was kept back, and how that ended; no number that was not shown."""
    opened = _("A newer count takes votes away. It is held for review; the last numbers stand.")
    if hold.decision != Hold.Decision.OPEN:
        opened = _("A newer count took votes away. It was held for review.")
    entries = [_hold_entry(hold, "opened", hold.opened_at, (opened,))]
    if hold.decision in DECIDED and hold.decided_at is not None:
        said = (str(DECIDED[Hold.Decision(hold.decision)]), hold.public_note)
        entries.append(_hold_entry(hold, "decided", hold.decided_at, said))
    return entries


def _hold_entry(hold: Hold, step: str, at: datetime, sentences: tuple[str, ...]) -> Entry:
    return Entry(
        key=f"hold-{hold.pk}-{step}",
        kind=EntryKind.HOLD,
        contest_id=hold.contest_id,
        at=at,
        changed_at=hold.decided_at or at,
        sentences=tuple(sentence for sentence in sentences if sentence),
    )
