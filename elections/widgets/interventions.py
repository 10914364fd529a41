"""What the desk lays over a race's count: which number stands, and what readers are told of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from elections.models import (
    ContestCount,
    CorrectionNote,
    CurrentCount,
    Freeze,
    Override,
    Pin,
)
from elections.models.one_of import OneOf
from elections.widgets.figures import vote_count
from newsroom.style import time_and_day


@dataclass(frozen=True)
class Interventions:
    """The decisions in force for one race; corrections in the order they were made."""

    pin: Pin | None = None
    freeze: Freeze | None = None
    overrides: tuple[Override, ...] = ()
    corrections: tuple[CorrectionNote, ...] = ()

    @property
    def change_the_count(self) -> bool:
        """Whether readers may see another count than the source's latest."""
        return bool(self.pin or self.freeze or self.overrides)

    def shown_count(self, counted: CurrentCount | None) -> CurrentCount | None:
        """Return the count that readers see instead of ``counted``, the source's own."""
        if self.pin is not None:
            return _as_current(self.pin.count, self.pin.count.counted_at)
        if self.freeze is not None:
            return self.freeze.count and _as_current(self.freeze.count, self.freeze.as_of)
        return counted

    def applying(self, counted: CurrentCount | None, now: datetime) -> tuple[Override, ...]:
        """Return the corrected numbers that readers see: none on a pinned count.

        A freeze keeps them until their time; otherwise each ends by its own condition.
        """
        if self.pin is not None:
            return ()
        return tuple(one for one in self.overrides if not self.is_over(one, counted, now))

    def is_over(self, override: Override, counted: CurrentCount | None, now: datetime) -> bool:
        """Whether a corrected number's condition has come; what a source says in a freeze is none.

        ``counted`` is the source's own count.
        """
        tally = counted.count.tally if counted and self.freeze is None else {}
        return override.is_over(now=now, source_votes=tally.get(override.selection_id))

    def notes(self, names: Mapping[int, str], zone: ZoneInfo) -> list[str]:
        """Return what readers are told beside the count, the latest correction last."""
        said = []
        if self.pin is not None:
            at = clock(self.pin.count.counted_at, zone)
            said.append(_("Our desk shows an earlier count, of %(time)s.") % {"time": at})
            said[-1] = f"{said[-1]} {self.pin.public_note}"
        if self.freeze is not None:
            at = clock(self.freeze.made_at, zone)
            paused = _("Updates paused by our desk at %(time)s.") % {"time": at}
            said.append(f"{paused} {self.freeze.public_note}".strip())
        said += [override_note(override, names, zone) for override in self.overrides]
        if self.corrections:
            said.append(correction_note(self.corrections[-1], zone))
        return said

    def as_json(self) -> dict[str, object]:
        """Return the public form; each entry names the row that it comes from."""
        pin, freeze = self.pin, self.freeze
        return {
            "paused": freeze and {"id": freeze.pk, "at": freeze.made_at.isoformat()},
            "pinned": pin
            and {
                "id": pin.pk,
                "at": pin.made_at.isoformat(),
                "counted_at": pin.count.counted_at.isoformat(),
                "note": pin.public_note,
            },
            "overrides": [
                {
                    "id": override.pk,
                    "selection": override.selection_id,
                    "votes": override.votes,
                    "source_votes": override.source_votes,
                    "as_of": override.as_of.isoformat(),
                    "said_by": override.said_by,
                    "url": override.source_url,
                    "note": override.public_note,
                }
                for override in self.overrides
            ],
            "corrections": [
                {"id": note.pk, "at": note.made_at.isoformat(), "text": note.text}
                for note in self.corrections
            ],
        }


NOTHING = Interventions()


def load_interventions(contest_ids: Collection[int]) -> dict[int, Interventions]:
    """Return what the desk decided on each race that it decided anything on, in four queries."""
    these = OneOf(contest_ids)
    counts = ("count__snapshot__source",)
    documents = ("count__snapshot__compressed",)
    pins = Pin.objects.in_force().of(these).select_related(*counts).defer(*documents)
    freezes = Freeze.objects.in_force().of(these).select_related(*counts).defer(*documents)
    # What time alone has ended is left to ``applying``, which knows about freezes.
    overrides = Override.objects.filter(ended_at=None).of(these)
    notes = CorrectionNote.objects.in_force().of(these)
    found: dict[int, dict[str, list]] = {}
    for name, rows in (
        ("pin", pins),
        ("freeze", freezes),
        ("overrides", overrides),
        ("corrections", notes),
    ):
        for row in rows:
            found.setdefault(row.contest_id, {}).setdefault(name, []).append(row)
    return {pk: _interventions(**rows) for pk, rows in found.items()}


def _interventions(
    pin: list[Pin] = (),
    freeze: list[Freeze] = (),
    overrides: list[Override] = (),
    corrections: list[CorrectionNote] = (),
) -> Interventions:
    return Interventions(
        pin=pin[0] if pin else None,
        freeze=freeze[0] if freeze else None,
        overrides=tuple(overrides),
        corrections=tuple(corrections),
    )


def _as_current(count: ContestCount, as_of: datetime) -> CurrentCount:
    return CurrentCount(
        contest_id=count.contest_id, source=count.snapshot.source, count=count, as_of=as_of
    )


def shown_to_readers(counts: QuerySet[ContestCount]) -> QuerySet[ContestCount]:
    """Leave the counts of the source that readers see, without those that are kept from them.

    A freeze and a pin in force keep counts back, and so does the time at which the polls close.
    """
    counts = counts.filter(
        snapshot__source=F("contest__published__count__snapshot__source"),
        counted_at__gte=F("contest__election__polls_close_at"),
        contest__election__polls_close_at__lte=timezone.now(),
    )
    frozen = (
        Freeze.objects.in_force()
        .filter(contest=OuterRef("contest"))
        .annotate(latest=Coalesce(F("count_id"), Value(0)))
        .filter(latest__lt=OuterRef("pk"))
    )
    pinned = Pin.objects.in_force().filter(
        contest=OuterRef("contest"), count__counted_at__lt=OuterRef("counted_at")
    )
    return counts.exclude(Exists(frozen)).exclude(Exists(pinned))


def override_note(override: Override, names: Mapping[int, str], zone: ZoneInfo) -> str:
    sentence = _("Corrected by our desk: %(votes)s for %(name)s, as of %(time)s (%(source)s).") % {
        "votes": vote_count(override.votes),
        "name": names.get(override.selection_id, "?"),
        "time": clock(override.as_of, zone),
        "source": override.said_by,
    }
    return f"{sentence} {override.public_note}".strip()


def correction_note(note: CorrectionNote, zone: ZoneInfo) -> str:
    return _("Correction, %(time)s: %(text)s") % {
        "time": clock(note.made_at, zone),
        "text": note.text,
    }


def clock(moment: datetime, zone: ZoneInfo) -> str:
    return time_and_day(moment.astimezone(zone))
