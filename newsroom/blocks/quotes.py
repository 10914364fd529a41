from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StructBlock, StructValue, TextBlock, URLBlock

from newsroom.blocks import groups


class PullQuoteBlock(StructBlock):
    quote = TextBlock(
        label=_("Quotation"),
        max_length=600,
        help_text=_("Exactly as it was said. The page sets the quotation marks."),
    )
    speaker = CharBlock(
        label=_("Who said it"),
        max_length=120,
        help_text=_("A quotation set apart always says whose words it gives."),
    )
    role = CharBlock(
        label=_("Role"),
        required=False,
        max_length=160,
        help_text=_("For example: school board president."),
    )

    def render(self, value: StructValue | None, context: dict | None = None) -> str:
        if not value or not value.get("quote"):
            return ""
        return super().render(value, context)

    class Meta:
        icon = "openquote"
        label = _("Pull quote")
        description = _("A quotation set apart from the text, with its speaker.")
        group = groups.TEXT
        template = "newsroom/blocks/pull_quote.html"
        label_format = "{speaker}"
        preview_value = {
            "quote": "Every ballot that came in on time will be counted.",
            "speaker": "Dana Whitfield",
            "role": "county registrar",
        }


class QuotationBlock(StructBlock):
    """A passage in somebody's own words, inside the flow of the text."""

    quote = TextBlock(
        label=_("Quotation"),
        max_length=2000,
        help_text=_("Exactly as it was said or written. The page sets the quotation marks."),
    )
    speaker = CharBlock(label=_("Who"), max_length=120)
    where = CharBlock(
        label=_("Where"),
        max_length=200,
        help_text=_("Where and when it was said: in an interview on Friday, in a statement."),
    )
    url = URLBlock(label=_("Link to it"), required=False)

    def render(self, value: StructValue | None, context: dict | None = None) -> str:
        if not value or not value.get("quote"):
            return ""
        return super().render(value, context)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        description = _("Somebody’s own words in full, with who said them and where.")
        group = groups.TEXT
        template = "newsroom/blocks/quotation.html"
        label_format = "{speaker}"
        preview_value = {
            "quote": "We will go on counting until every ballot that came in on time is counted.",
            "speaker": "Dana Whitfield",
            "where": "at a news conference on Wednesday",
        }

    reader_media = {"css": ["newsroom/blocks.css"]}
