"""Blocks about people in a race: a candidate's card, and what the one behind would need."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from elections.blocks import RaceBlock
from elections.boards import live_of
from elections.models import Contest, Published
from elections.prose.figures import live_figure
from elections.prose.published import Told
from newsroom.blocks import groups


class PersonValue(blocks.StructValue):
    @cached_property
    def told(self) -> Told | None:
        """What readers got of the race; None before its first result."""
        contest = self.get("contest")
        if contest is None or live_of(contest, "line") is None:
            return None
        return Told.of(contest.published, contest.election_id)

    @property
    def person(self) -> dict[str, Any] | None:
        """The candidate as published; None while there is no such name in the race."""
        rows = self.told.payload["selections"] if self.told else []
        return next((row for row in rows if is_named(row["name"], self.get("name") or "")), None)

    @property
    def has_votes(self) -> bool:
        return bool(self.told and self.told.payload["total_votes"])

    @property
    def votes(self) -> SafeString:
        return live_figure(self.told, f"votes:{self.person['id']}")

    @property
    def share(self) -> SafeString:
        return live_figure(self.told, f"share:{self.person['id']}")


def is_named(name: str, wanted: str) -> bool:
    return name.casefold() == " ".join(wanted.split()).casefold()


class CandidateBlock(RaceBlock):
    """A person who stands in a race: portrait, party, votes so far, where to read more."""

    name = blocks.CharBlock(
        label=_("Candidate"), max_length=120, help_text=_("The name as the race has it.")
    )
    portrait = ImageChooserBlock(label=_("Portrait"), required=False)
    portrait_alt = blocks.CharBlock(
        label=_("Description of the portrait"), max_length=200, required=False
    )
    text = blocks.TextBlock(label=_("In a sentence or two"), max_length=400, required=False)
    money = blocks.CharBlock(
        label=_("Money"),
        max_length=200,
        required=False,
        help_text=_("What was raised and spent, by whom and as of when, if you know it."),
    )
    link = blocks.PageChooserBlock(label=_("More about them"), required=False)

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        contest = cleaned.get("contest")
        names = [s.name for s in contest.selections.all()] if contest else []
        errors = {}
        if not any(is_named(name, cleaned["name"]) for name in names):
            errors["name"] = ValidationError(
                _("This race has no such name. It has: %(names)s.") % {"names": ", ".join(names)}
            )
        if cleaned.get("portrait") and not cleaned.get("portrait_alt"):
            errors["portrait_alt"] = ValidationError(
                _("Describe the portrait for readers who cannot see it.")
            )
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    def get_preview_value(self) -> blocks.StructValue:
        people = Published.objects.filter(
            contest__contest_type=Contest.Type.CANDIDATE, contest__election__is_test=False
        )
        published = people.order_by("-published_at").first()
        rows = json.loads(published.payload)["selections"] if published else []
        name = rows[0]["name"] if rows else ""
        return self.to_python({"contest": published and published.pk, "name": name})

    class Meta:
        icon = "user"
        label = _("Candidate card")
        group = groups.ELECTIONS
        description = _("A person who stands in a race, with the votes as of publication.")
        template = "elections/blocks/candidate.html"
        value_class = PersonValue
        label_format = "{name}"

    reader_media = {"css": ["elections/boards.css"], "js": ["elections/live-result.js"]}


class NeededShareValue(PersonValue):
    sample = ""

    @property
    def sentence(self) -> SafeString | str:
        """What the one behind would need; "" where that cannot, or should not, be said."""
        outlook = self.told.payload.get("catching_up") if self.told else None
        if outlook and outlook["sentence"]:
            return live_figure(self.told, "catching_up")
        return self.sample


class NeededShareBlock(RaceBlock):
    """One sentence: what share of the ballots left would turn the race."""

    def get_preview_value(self) -> NeededShareValue:
        value = super().get_preview_value()
        value.sample = (
            "To catch up, Rivera would need 56.2% of an estimated 41,000 ballots left for "
            "these two."
        )
        return value

    class Meta:
        icon = "arrow-up"
        label = _("What it would take")
        group = groups.ELECTIONS
        description = _(
            "The share of the ballots left that the one behind would need. It is not shown once "
            "the race is decided, or while nobody knows how many are left."
        )
        template = "elections/blocks/needed_share.html"
        value_class = NeededShareValue

    reader_media = {"css": ["elections/boards.css"], "js": ["elections/live-result.js"]}
