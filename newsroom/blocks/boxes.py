"""Set apart from the text: facts, questions, dates, a file, a correction."""

from datetime import date, time

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import (
    CharBlock,
    DateBlock,
    ListBlock,
    RichTextBlock,
    StructBlock,
    StructValue,
    TextBlock,
    TimeBlock,
)
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock

from newsroom.blocks import groups
from newsroom.blocks.samples import sample_file

PLAIN_FEATURES = ["bold", "italic", "link", "document-link", "ul"]
BOXES = {"css": ["newsroom/blocks.css"]}


class FilledBlock(StructBlock):
    """Renders nothing while the part named by ``needs`` is empty."""

    needs = ""

    def render(self, value: StructValue | None, context: dict | None = None) -> str:
        if not value or not value.get(self.needs):
            return ""
        return super().render(value, context)

    reader_media = BOXES


class FactBoxBlock(FilledBlock):
    needs = "text"

    heading = CharBlock(label=gettext_lazy("Heading"), max_length=120)
    text = RichTextBlock(label=gettext_lazy("Text"), features=PLAIN_FEATURES)

    class Meta:
        icon = "info-circle"
        label = gettext_lazy("Fact box")
        description = gettext_lazy("What a reader needs to know, beside the story.")
        group = groups.TEXT
        template = "newsroom/blocks/fact_box.html"
        label_format = "{heading}"
        preview_value = {
            "heading": "The seat at a glance",
            "text": "<ul><li>Seven members.</li><li>A term is four years.</li></ul>",
        }


class QuestionValue(StructValue):
    @property
    def anchor(self) -> str:
        """The name to link to, from the question itself."""
        return slugify(self.get("question") or "")[:60] or "question"


class QuestionBlock(StructBlock):
    question = CharBlock(label=gettext_lazy("Question"), max_length=250)
    answer = RichTextBlock(label=gettext_lazy("Answer"), features=[*PLAIN_FEATURES, "ol"])

    class Meta:
        icon = "help"
        label = gettext_lazy("Question")
        value_class = QuestionValue
        label_format = "{question}"


class QuestionsBlock(FilledBlock):
    needs = "items"

    heading = CharBlock(label=gettext_lazy("Heading"), max_length=120, required=False)
    items = ListBlock(QuestionBlock(), label=gettext_lazy("Questions"), min_num=1, max_num=60)

    class Meta:
        icon = "help"
        label = gettext_lazy("Questions and answers")
        description = gettext_lazy("For a voter guide. Each question has an address of its own.")
        group = groups.TEXT
        template = "newsroom/blocks/questions.html"
        label_format = "{heading}"
        default = {"items": []}
        preview_value = {
            "heading": "How do I vote?",
            "items": [
                {
                    "question": "When do the polls close?",
                    "answer": "<p>At 8 p.m. Whoever is in line by then may vote.</p>",
                }
            ],
        }


class EventBlock(StructBlock):
    when = CharBlock(
        label=gettext_lazy("When"), max_length=60, help_text=gettext_lazy("As readers see it.")
    )
    what = TextBlock(label=gettext_lazy("What happened"), max_length=600)

    class Meta:
        icon = "date"
        label = gettext_lazy("Event")
        label_format = "{when}"


class ChronologyBlock(FilledBlock):
    """Key ``timeline``: what happened, in order. (A count's course is another block.)"""

    needs = "items"

    heading = CharBlock(label=gettext_lazy("Heading"), max_length=120)
    items = ListBlock(EventBlock(), label=gettext_lazy("Events"), min_num=1, max_num=60)

    class Meta:
        icon = "history"
        label = gettext_lazy("Timeline")
        description = gettext_lazy("What happened, date by date.")
        group = groups.TEXT
        template = "newsroom/blocks/timeline.html"
        label_format = "{heading}"
        default = {"items": []}
        preview_value = {
            "heading": "How the count went",
            "items": [{"when": "Nov. 5, 8:36 p.m.", "what": "The county released a first count."}],
        }


class KeyDateBlock(StructBlock):
    date = DateBlock(label=gettext_lazy("Day"))
    time = TimeBlock(label=gettext_lazy("Until, or at"), required=False)
    what = CharBlock(label=gettext_lazy("What"), max_length=200)

    class Meta:
        icon = "date"
        label = gettext_lazy("Date")
        label_format = "{date}: {what}"


class KeyDatesValue(StructValue):
    @property
    def days(self) -> list[dict]:
        """The dates in order; ``is_past`` once the day is over where the site is."""
        today = timezone.localdate()
        items = [item for item in self.get("items") or [] if item.get("date")]
        return [
            {
                "date": item["date"],
                "time": item.get("time"),
                "what": item["what"],
                "is_past": item["date"] < today,
            }
            for item in sorted(items, key=_moment)
        ]


def _moment(item: StructValue) -> tuple[date, bool, object]:
    hour = item.get("time")
    return item["date"], hour is not None, hour or time.min


class KeyDatesBlock(FilledBlock):
    needs = "items"

    heading = CharBlock(
        label=gettext_lazy("Heading"), max_length=120, default=gettext_lazy("Key dates")
    )
    items = ListBlock(KeyDateBlock(), label=gettext_lazy("Dates"), min_num=1, max_num=30)

    class Meta:
        icon = "calendar"
        label = gettext_lazy("Key dates")
        description = gettext_lazy("Register by, mail by, vote by. Days that are over are marked.")
        group = groups.DATA
        template = "newsroom/blocks/key_dates.html"
        value_class = KeyDatesValue
        label_format = "{heading}"
        default = {"items": []}
        preview_value = {
            "heading": "Key dates",
            "items": [
                {"date": date(2026, 11, 3), "time": time(20), "what": "The polls close."},
                {"date": date(2026, 10, 19), "time": None, "what": "Last day to register."},
            ],
        }


class DocumentValue(StructValue):
    @property
    def kind(self) -> str:
        """The file's type as its name says it: PDF."""
        return self["document"].file_extension.upper()

    @property
    def size(self) -> int | None:
        """Bytes; None while nobody has measured them."""
        return self["document"].file_size


class DocumentBlock(FilledBlock):
    needs = "document"

    document = DocumentChooserBlock(label=gettext_lazy("Document"))
    title = CharBlock(
        label=gettext_lazy("Title"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("The document's own title is used unless you write another."),
    )
    description = TextBlock(
        label=gettext_lazy("What it says"), max_length=400, required=False,
        help_text=gettext_lazy("For readers who will not open it."),
    )  # fmt: skip
    source = CharBlock(label=gettext_lazy("Source"), required=False, max_length=200)

    def get_preview_value(self) -> StructValue:
        value = self.to_python({"description": "What each precinct counted, as certified."})
        value["document"] = sample_file("statement.pdf", title="Statement of votes cast")
        return value

    class Meta:
        icon = "doc-full-inverse"
        label = gettext_lazy("Document")
        description = gettext_lazy("A file to open or download, with what it says.")
        group = groups.MEDIA
        template = "newsroom/blocks/document.html"
        value_class = DocumentValue
        label_format = "{title} {document}"


class CorrectionBlock(FilledBlock):
    needs = "text"

    date = DateBlock(label=gettext_lazy("Corrected on"), default=timezone.localdate)
    text = TextBlock(
        label=gettext_lazy("Correction"),
        max_length=800,
        help_text=gettext_lazy(
            "What was wrong and what is right: “An earlier version of this story said …”."
        ),
    )

    def clean(self, value: StructValue) -> StructValue:
        cleaned = super().clean(value)
        if cleaned.get("date") and cleaned["date"] > timezone.localdate():
            reason = ValidationError(_("A correction cannot be dated in the future."))
            raise StructBlockValidationError(block_errors={"date": reason})
        return cleaned

    class Meta:
        icon = "edit"
        label = gettext_lazy("Correction")
        description = gettext_lazy("What was wrong, what is right, and since when.")
        group = groups.TEXT
        template = "newsroom/blocks/correction.html"
        label_format = "{date}"
        preview_value = {
            "date": date(2024, 11, 7),
            "text": "An earlier version of this story gave the wrong number of precincts.",
        }
