"""Blocks about races, for any story: its live result, and the course of its count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from elections.models import Contest, Published
from elections.prose.at_hand import gathered
from elections.widgets.course import Courses
from elections.widgets.live import LiveResult
from elections.widgets.timeline import Timeline
from newsroom.blocks import groups


class ContestChooserBlock(SnippetChooserBlock):
    """Chooses a race; a story's races come with their published results in one query."""

    def __init__(self, **kwargs: object):
        super().__init__("elections.Contest", **kwargs)

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Contest | None]:
        values = list(values)
        ids = [value for value in values if value is not None]
        shelf = gathered()
        contests = shelf.pick(ids) if shelf else None
        if contests is None:
            contests = Contest.objects.select_related("published", "election").in_bulk(ids)
        return [contests.get(value) for value in values]


class LiveResultValue(blocks.StructValue):
    @property
    def live(self) -> LiveResult | None:
        """What to render; None while the race is deleted, a draft or not published yet."""
        contest = self.get("contest")
        if contest is None or not contest.is_confirmed:
            return None
        try:
            published = contest.published
        except Published.DoesNotExist:
            return None
        return LiveResult.of(published, contest.election_id, size=self.get("size") or "story")


class RaceBlock(blocks.StructBlock):
    """Speaks of one confirmed race."""

    def get_api_representation(
        self, value: blocks.StructValue, context: dict | None = None
    ) -> dict[str, object]:
        """Return the race and its published result; no result before the first."""
        contest = value.get("contest")
        published = getattr(contest, "published", None) if contest else None
        return {
            **{key: part for key, part in value.items() if key != "contest"},
            "contest": contest and contest.pk,
            "result": json.loads(published.payload) if published else None,
        }

    contest = ContestChooserBlock(label=_("Race"))

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        cleaned = super().clean(value)
        contest = cleaned.get("contest")
        if contest is not None and not contest.is_confirmed:
            raise StructBlockValidationError(
                block_errors={
                    "contest": ValidationError(
                        _("This race is still a draft. Confirm its name first, under Elections.")
                    )
                }
            )
        return cleaned

    def get_preview_value(self) -> blocks.StructValue:
        """Show the newest result of the site; nothing while there is none."""
        real = Published.objects.filter(contest__election__is_test=False)
        published = real.order_by("-published_at").values_list("pk", flat=True)
        return self.to_python({"contest": published.first()})


class LiveResultBlock(RaceBlock):
    contest = ContestChooserBlock(
        label=_("Race"),
        help_text=_("The numbers refresh by themselves, in this story too."),
    )
    size = blocks.ChoiceBlock(
        label=_("Size"),
        choices=[("story", _("In the text")), ("line", _("One line"))],
        default="story",
    )

    class Meta:
        icon = "order"
        label = _("Live result")
        group = groups.ELECTIONS
        description = _("A race's result, always up to date, in words that its state allows.")
        template = "elections/blocks/live_result.html"
        value_class = LiveResultValue

    reader_media = {"css": ["elections/result.css"], "js": ["elections/live-result.js"]}


class TimelineValue(blocks.StructValue):
    # Those of all such blocks of a body.
    courses = Courses(())

    @property
    def timeline(self) -> Timeline | None:
        """The course of the count; None while the race is a draft or has one release."""
        contest = self.get("contest")
        if contest is None or not contest.is_confirmed:
            return None
        return self.courses.draw(contest)


class TimelineBlock(RaceBlock):
    def bulk_to_python(self, values: Iterable[Mapping[str, Any]]) -> list[TimelineValue]:
        """Return the values, which draw their courses together."""
        found = super().bulk_to_python(list(values))
        contests = [value["contest"] for value in found if value.get("contest")]
        courses = Courses(contest for contest in contests if contest.is_confirmed)
        for value in found:
            value.courses = courses
        return found

    class Meta:
        icon = "history"
        label = _("Course of the count")
        group = groups.ELECTIONS
        description = _("How a race's count went, release by release, as a picture and a table.")
        template = "elections/blocks/timeline.html"
        value_class = TimelineValue

    reader_media = {"css": ["elections/timeline.css"]}
