"""The desk's corrections, pauses and pins as entries of a race's history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from elections.models import CorrectionNote, Freeze, Override, Pin
from elections.models.decisions import Decision
from elections.widgets.figures import vote_count
from elections.widgets.history import Entry, EntryKind, Past

RELATED = {Pin: ("count",)}


def decisions_on(contest_ids: Any) -> list[Decision]:
    """Return all such decisions on contests, ids or a queryset of them; a query for each kind."""
    return [
        row
        for model in TELL
        for row in model.objects.of(contest_ids).select_related(*RELATED.get(model, ()))
    ]


def decision_entries(past: Past, decision: Decision) -> list[Entry]:
    """Say what the desk did, and how it ended."""
    return TELL[type(decision)](past, decision)


def freeze_entries(past: Past, freeze: Freeze) -> list[Entry]:
    begun = (_("Our desk paused updates. The numbers stand as they were."), freeze.public_note)
    return _begin_and_end(freeze, begun, _("Our desk shows updates again."))


def override_entries(past: Past, override: Override) -> list[Entry]:
    name = past.ballot.names.get(override.selection_id, "?")
    said = _("Our desk corrected a number: %(votes)s for %(name)s, as of %(time)s (%(source)s).")
    begun = said % {
        "votes": vote_count(override.votes),
        "name": name,
        "time": past.clock(override.as_of),
        "source": override.said_by,
    }
    ended = _("The source’s own number for %(name)s is shown again.") % {"name": name}
    return _begin_and_end(override, (begun, override.public_note), ended, override.source_url)


def pin_entries(past: Past, pin: Pin) -> list[Entry]:
    begun = _("Our desk went back to an earlier count, of %(time)s.") % {
        "time": past.clock(pin.count.counted_at)
    }
    return _begin_and_end(pin, (begun, pin.public_note), _("The latest count is shown again."))


def correction_entries(past: Past, note: CorrectionNote) -> list[Entry]:
    """Say the correction once; where it was taken back, that stands with it."""
    sentences = [_("Correction: %(text)s") % {"text": note.text}]
    if note.ended_at is not None:
        at = past.clock(note.ended_at)
        sentences.append(_("This note was taken back at %(time)s.") % {"time": at})
    return [_entry(note, "made", note.made_at, sentences, kind=EntryKind.CORRECTION)]


TELL = {
    Freeze: freeze_entries,
    Override: override_entries,
    Pin: pin_entries,
    CorrectionNote: correction_entries,
}


def _begin_and_end(
    decision: Decision, begun: Iterable[str], ended: str, source_url: str = ""
) -> list[Entry]:
    entries = [_entry(decision, "made", decision.made_at, begun, source_url=source_url)]
    if decision.ended_at is not None:
        entries.append(_entry(decision, "ended", decision.ended_at, (ended,)))
    return entries


def _entry(
    decision: Decision,
    step: str,
    at: Any,
    sentences: Iterable[str],
    *,
    kind: EntryKind = EntryKind.DESK,
    source_url: str = "",
) -> Entry:
    return Entry(
        key=f"{decision._meta.model_name}-{decision.pk}-{step}",
        kind=kind,
        contest_id=decision.contest_id,
        at=at,
        changed_at=decision.ended_at or at,
        sentences=tuple(sentence for sentence in sentences if sentence),
        source_url=source_url,
    )
