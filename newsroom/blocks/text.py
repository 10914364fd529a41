from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ChoiceBlock, RichTextBlock, StructBlock, StructValue
from wagtail.rich_text import RichText

from newsroom.blocks import groups
from newsroom.conf import newsroom_settings

# Headings are blocks of their own, so that their order can be seen and checked.
PARAGRAPH_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul", "superscript"]


class ParagraphBlock(RichTextBlock):
    """One or more paragraphs. Its links are resolved with all others of the body at once."""

    def __init__(self, **kwargs: object):
        kwargs.setdefault("features", [*PARAGRAPH_FEATURES, *newsroom_settings.TEXT_FEATURES])
        super().__init__(**kwargs)

    def render(self, value: RichText | None, context: dict | None = None) -> str:
        if not value or not strip_tags(value.source).strip():
            return ""
        return super().render(value, context)

    class Meta:
        icon = "pilcrow"
        label = _("Paragraph")
        description = _("Text with links and lists.")
        group = groups.TEXT
        template = "newsroom/blocks/paragraph.html"
        preview_value = (
            "<p>The count goes on. The registrar expects to release the next results on "
            "<b>Tuesday</b> at about 4 p.m.</p>"
        )


class HeadingValue(StructValue):
    @property
    def tag(self) -> str:
        """The element's name. Text written before a level was chosen counts as a section."""
        return "h3" if self.get("level") == "h3" else "h2"


class HeadingBlock(StructBlock):
    text = CharBlock(label=_("Text"), max_length=150)
    level = ChoiceBlock(
        label=_("Level"),
        choices=[("h2", _("Section")), ("h3", _("Part of a section"))],
        default="h2",
        help_text=_("A part belongs under a section. Readers move through the story by these."),
    )

    def render(self, value: HeadingValue | None, context: dict | None = None) -> str:
        if not value or not value.get("text"):
            return ""
        return super().render(value, context)

    class Meta:
        icon = "title"
        label = _("Heading")
        description = _("A heading inside the story.")
        group = groups.TEXT
        template = "newsroom/blocks/heading.html"
        value_class = HeadingValue
        label_format = "{text}"
        preview_value = {"text": "What happens next", "level": "h2"}
