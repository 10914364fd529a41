"""A live result of any race, for any story."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.snippets.blocks import SnippetChooserBlock

from elections.models import Contest, Published
from elections.widgets.live import LiveResult


class ContestChooserBlock(SnippetChooserBlock):
    """Chooses a race; a story's races come with their published results in one query."""

    def __init__(self, **kwargs: object):
        super().__init__("elections.Contest", **kwargs)

    def bulk_to_python(self, values: Iterable[int | None]) -> list[Contest | None]:
        values = list(values)
        contests = Contest.objects.select_related("published").in_bulk(
            [value for value in values if value is not None]
        )
        return [contests.get(value) for value in values]


class LiveResultValue(blocks.StructValue):
    @property
    def live(self) -> LiveResult | None:
        """What to render; None while the race is deleted, a draft or not published yet."""
        contest = self.get("contest")
        if contest is None:
            return None
        try:
            published = contest.published
        except Published.DoesNotExist:
            return None
        return LiveResult.of(published, contest.election_id, size=self.get("size") or "story")


class LiveResultBlock(blocks.StructBlock):
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
        group = _("Elections")
        description = _("A race's result, always up to date, in words that its state allows.")
        template = "elections/blocks/live_result.html"
        preview_template = "elections/blocks/live_result_preview.html"
        value_class = LiveResultValue

    reader_media = {"css": ["elections/result.css"], "js": ["elections/live-result.js"]}

    def clean(self, value: LiveResultValue) -> LiveResultValue:
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

    def get_preview_context(self, value: object, parent_context: dict | None = None) -> dict:
        context = super().get_preview_context(value, parent_context)
        published = Published.objects.select_related("contest").order_by("-published_at").first()
        context["live"] = published and LiveResult.of(published, published.contest.election_id)
        return context
