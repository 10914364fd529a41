"""Everything that was done to a race and said of it, newest first: who, when and why.

What readers are told of it is a race's public history; this one also has the people,
their reasons, what was withdrawn before anybody saw it, and Wagtail's own log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from elections.desk import audit
from elections.desk.calls import call_text
from elections.models import BallotsRemaining, Call, Contest, ContestCount, Hold, Proposal
from elections.models.decisions import Decision
from elections.widgets.decisions_made import decision_entries, decisions_on
from elections.widgets.figures import number
from elections.widgets.history import Entry, Past, count_entry, is_late

TOLD_BY_THEIR_ROWS = (audit.CALLED, audit.TAKEN_BACK, audit.RELEASED, audit.REJECTED)


@dataclass(frozen=True)
class Line:
    """One thing that happened. ``who`` is "" for what the machine did."""

    at: datetime
    what: str
    who: str = ""
    why: str = ""
    url: str = ""


def build_record(contest: Contest) -> list[Line]:
    """Return all lines of a race; the number of queries does not grow with them."""
    past = Past.of(contest)
    lines = [
        *_counts(past),
        *_calls(contest),
        *_proposals(contest),
        *_holds(contest),
        *_decisions(past),
        *_estimates(contest),
        *_logged(contest),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _counts(past: Past) -> Iterator[Line]:
    """Yield each source's releases; a release that came late is told as such."""
    counts = ContestCount.objects.filter(contest=past.contest).select_related("snapshot__source")
    before: dict[int, dict[int, int]] = {}
    for count in counts.defer("snapshot__compressed").order_by("counted_at", "pk"):
        source = count.snapshot.source
        entry = count_entry(past, count, before.get(source.pk))
        if not is_late(count):
            before[source.pk] = count.tally
        total = sum(count.tally.values())
        said = entry.text if entry else _("%(total)s votes.") % {"total": number(total)}
        yield Line(
            count.recorded_at,
            _("%(source)s, release of %(time)s: %(said)s")
            % {"source": source.name, "time": past.clock(count.counted_at), "said": said},
            url=reverse("elections_sources:raw", args=[count.snapshot_id]),
        )


def _calls(contest: Contest) -> Iterator[Line]:
    calls = Call.objects.filter(contest=contest).select_related("made_by", "retracts")
    for call in calls.prefetch_related("selections"):
        yield Line(
            call.made_at,
            _("Call: %(call)s. Authority: %(authority)s.")
            % {"call": call_text(call), "authority": call.authority},
            who=_name(call.made_by),
            why=call.reason,
            url=reverse("elections_calls:inspect", args=[call.pk]),
        )


def _proposals(contest: Contest) -> Iterator[Line]:
    proposals = Proposal.objects.filter(contest=contest).prefetch_related("selections")
    for proposal in proposals.select_related("made_by", "decided_by"):
        names = ", ".join(selection.name for selection in proposal.selections.all())
        kind = proposal.get_kind_display()
        call = f"{kind}: {names}" if names else str(kind)
        yield Line(
            proposal.made_at,
            _("Proposed: %(call)s.") % {"call": call},
            who=_name(proposal.made_by),
            why=proposal.reason,
        )
        if proposal.decided_at is not None:
            facts = {"decision": proposal.get_decision_display(), "call": call}
            yield Line(
                proposal.decided_at,
                _("%(decision)s: the proposal “%(call)s”.") % facts,
                who=_name(proposal.decided_by),
                why=proposal.decision_reason,
            )


def _holds(contest: Contest) -> Iterator[Line]:
    for hold in Hold.objects.filter(contest=contest).select_related("source", "decided_by"):
        url = reverse("elections_holds:inspect", args=[hold.pk])
        opened = _("Held: a count of %(source)s that takes votes away.")
        yield Line(hold.opened_at, opened % {"source": hold.source.name}, url=url)
        if hold.decided_at is not None:
            decided = _("Held count: %(decision)s.") % {"decision": hold.get_decision_display()}
            yield Line(hold.decided_at, decided, _name(hold.decided_by), hold.public_note, url)


def _decisions(past: Past) -> Iterator[Line]:
    for decision in decisions_on([past.contest.pk]):
        for entry in decision_entries(past, decision):
            yield _decision_line(decision, entry)


def _decision_line(decision: Decision, entry: Entry) -> Line:
    is_end = entry.at == decision.ended_at
    who = decision.ended_by if is_end else decision.made_by
    why = decision.end_reason if is_end else decision.reason
    return Line(entry.at, entry.text, _name(who), why)


def _estimates(contest: Contest) -> Iterator[Line]:
    for estimate in BallotsRemaining.objects.filter(contest=contest):
        said = _("Ballots left: %(number)s, said by %(source)s.")
        facts = {"number": number(estimate.estimate), "source": estimate.source_name}
        yield Line(estimate.recorded_at, said % facts)


def _logged(contest: Contest) -> Iterable[Line]:
    """Yield Wagtail's log of the race, less what its own rows tell."""
    entries = ModelLogEntry.objects.for_instance(contest).select_related("user")
    for entry in entries.exclude(action__in=TOLD_BY_THEIR_ROWS):
        yield Line(entry.timestamp, str(entry.message), _name(entry.user), str(entry.comment))


def _name(user: Any) -> str:
    return "" if user is None else (user.get_full_name() or str(user))
