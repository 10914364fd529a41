"""Blocks of many races: several results under one heading, and an election at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.widgets import BaseChooser

from elections.blocks import ContestChooserBlock
from elections.counting.calls import RaceState
from elections.models import Contest, Election, Published
from elections.prose.at_hand import gathered
from elections.widgets.labels import STATE_LABELS
from elections.widgets.live import LiveResult
from newsroom import style
from newsroom.blocks import groups

MOST_RACES = 30


def live_of(contest: Contest | None, size: str) -> LiveResult | None:
    """Return a race's result; None while it is deleted, a draft or not published yet."""
    if contest is None or not contest.is_confirmed:
        return None
    published = getattr(contest, "published", None)
    return published and LiveResult.of(published, contest.election_id, size=size)


class RacesValue(blocks.StructValue):
    @property
    def lives(self) -> list[LiveResult]:
        """The results of the races that have one, in the order in which they were chosen."""
        size = self.get("size") or "line"
        found = (live_of(contest, size) for contest in self.get("races") or ())
        return [live for live in found if live is not None]


class RacesBlock(blocks.StructBlock):
    """Several results, each live."""

    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    races = blocks.ListBlock(
        ContestChooserBlock(label=_("Race")), label=_("Races"), min_num=1, max_num=MOST_RACES
    )
    size = blocks.ChoiceBlock(
        label=_("Size"),
        choices=[("line", _("One line each")), ("story", _("As in the text"))],
        default="line",
    )

    class Meta:
        icon = "list-ul"
        label = _("Several races")
        group = groups.ELECTIONS
        description = _("The live results of several races under one heading.")
        template = "elections/blocks/races.html"
        value_class = RacesValue
        label_format = "{heading}"

    reader_media = {
        "css": ["elections/result.css", "elections/boards.css"],
        "js": ["elections/live-result.js"],
    }

    def get_preview_value(self) -> blocks.StructValue:
        real = Published.objects.filter(contest__election__is_test=False)
        newest = real.order_by("-published_at").values_list("pk", flat=True)[:3]
        return self.to_python({"heading": "On the same ballot", "races": list(newest)})


class ElectionChooser(BaseChooser):
    """Chooses an election; its dialog is ``elections.desk.election_chooser``."""

    model = Election
    icon = "date"
    choose_one_text = _("Choose an election")
    choose_another_text = _("Choose another election")
    show_edit_link = False
    chooser_modal_url_name = "elections_election_chooser:choose"


class ElectionChooserBlock(blocks.ChooserBlock):
    target_model = Election

    @cached_property
    def widget(self) -> ElectionChooser:
        return ElectionChooser()

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Election | None]:
        """Return the elections; those of a story's races are here already."""
        values, shelf = list(values), gathered()
        races = shelf.contests.values() if shelf else ()
        known = {race.election_id: race.election for race in races}
        missing = {value for value in values if value is not None} - known.keys()
        known |= Election.objects.in_bulk(missing) if missing else {}
        return [known.get(value) for value in values]

    class Meta:
        icon = "date"


class _Told(msgspec.Struct):
    state: RaceState


@dataclass(frozen=True)
class Score:
    """So many races of an election are in this state."""

    label: str
    number: int


@dataclass(frozen=True)
class Part:
    """The races of an election, or those of one group of it. ``group`` is "" for all."""

    election_id: int
    group: str = ""

    @property
    def condition(self) -> Q:
        of_group = Q(contest__group__iexact=self.group) if self.group else Q()
        return Q(contest__election=self.election_id) & of_group

    def has(self, election_id: int, group: str) -> bool:
        is_of_group = not self.group or self.group.lower() == group.lower()
        return self.election_id == election_id and is_of_group


class Boards:
    """What readers have of parts of elections, read together when the first is asked for."""

    def __init__(self, parts: Collection[Part]):
        self._parts = set(parts)

    def rows(self, part: Part) -> list[tuple[str, datetime]]:
        """Return the results of a part, and since when readers have each."""
        if part not in self._parts:
            return Boards([part]).rows(part)
        return [row for election_id, group, *row in self._rows if part.has(election_id, group)]

    @cached_property
    def _rows(self) -> list[tuple[int, str, str, datetime]]:
        wanted = Q()
        for part in self._parts:
            wanted |= part.condition
        rows = Published.objects.filter(wanted, contest__status=Contest.Status.CONFIRMED)
        fields = ("contest__election", "contest__group", "payload", "published_at")
        return list(rows.order_by().values_list(*fields))


class ScoreboardValue(blocks.StructValue):
    # Those of all scoreboards of a body.
    boards = Boards(())

    @property
    def part(self) -> Part | None:
        """What the scoreboard counts; None where its election is gone."""
        election = self.get("election")
        return election and Part(election.pk, (self.get("group") or "").strip())

    @cached_property
    def _rows(self) -> list[tuple[str, datetime]]:
        return self.boards.rows(self.part) if self.part else []

    @property
    def scores(self) -> list[Score]:
        """How many races have which state, in the order a race goes through them."""
        told = Counter(
            str(STATE_LABELS[msgspec.json.decode(payload, type=_Told).state])
            for payload, _published_at in self._rows
        )
        labels = dict.fromkeys(str(label) for label in STATE_LABELS.values())
        return [Score(label, told[label]) for label in labels if told[label]]

    @property
    def as_of(self) -> datetime | None:
        """When the latest of these results was published, in the election's zone."""
        latest = max((published_at for _payload, published_at in self._rows), default=None)
        return latest and latest.astimezone(self["election"].zone)

    @property
    def as_of_words(self) -> str:
        return style.time_and_full_day(self.as_of) if self.as_of else ""


class ScoreboardBlock(blocks.StructBlock):
    """An election at a glance: how many of its races are called, counted, certified."""

    election = ElectionChooserBlock(label=_("Election"))
    heading = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    group = blocks.CharBlock(
        label=_("Only this group"),
        max_length=120,
        required=False,
        help_text=_("The group of the races as it is written in them, such as “Schools”."),
    )

    class Meta:
        icon = "table"
        label = _("Scoreboard of an election")
        group = groups.ELECTIONS
        description = _("How many races are called, still counted or certified.")
        template = "elections/blocks/scoreboard.html"
        value_class = ScoreboardValue
        label_format = "{heading}"

    reader_media = {"css": ["elections/boards.css"]}

    def bulk_to_python(self, values: Iterable[Mapping[str, Any]]) -> list[ScoreboardValue]:
        """Return the values, which read their results together."""
        found = super().bulk_to_python(list(values))
        boards = Boards([value.part for value in found if value.part])
        for value in found:
            value.boards = boards
        return found

    def get_api_representation(
        self, value: blocks.StructValue, context: dict | None = None
    ) -> dict[str, object]:
        """Return the election and how many of its races have which state."""
        election, as_of = value.get("election"), value.as_of
        return {
            "heading": value.get("heading") or "",
            "election": election and {"id": election.pk, "name": election.name},
            "scores": [{"label": score.label, "number": score.number} for score in value.scores],
            "as_of": as_of and as_of.isoformat(),
        }

    def get_preview_value(self) -> blocks.StructValue:
        real = Published.objects.filter(contest__election__is_test=False)
        newest = real.order_by("-contest__election__election_date", "pk")
        newest = newest.values_list("contest__election", flat=True).first()
        return self.to_python({"election": newest, "heading": "How far the count is"})
