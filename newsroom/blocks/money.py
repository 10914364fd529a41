"""Money in a race: who spent how much, for or against whom, and what follows from it.

What a writer says about it (“nearly 6 to 1”) is checked against the amounts when it is saved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    DateBlock,
    IntegerBlock,
    ListBlock,
    StructBlock,
    StructValue,
    URLBlock,
)
from wagtail.blocks.struct_block import StructBlockValidationError

from newsroom.blocks import groups
from newsroom.blocks.charts import as_percent
from newsroom.blocks.claims import holds, say_ratio
from newsroom.blocks.sheets import SheetBlock, SheetError, read_number, read_sheet
from newsroom.style import numeral

LARGEST = 10**12
POSITIONS = {"for": gettext_lazy("For"), "against": gettext_lazy("Against")}
PRECISIONS = {
    "exact": gettext_lazy("exactly"),
    "more": gettext_lazy("more than"),
    "just_over": gettext_lazy("just over"),
    "about": gettext_lazy("about"),
}


def dollars(amount: int) -> str:
    """Return an amount as it stands in a story: $6.3 million, $940,000."""
    if amount >= 1_000_000:
        millions = f"{amount / 1_000_000:.1f}".removesuffix(".0")
        return _("$%(amount)s million") % {"amount": numeral(millions)}
    return f"${numeral(amount)}"


def with_precision(precision: str | None, amount: int) -> str:
    """Return an amount with the word that says how exact it is: more than $6.3 million."""
    if precision in (None, "", "exact"):
        return dollars(amount)
    return f"{PRECISIONS[precision]} {dollars(amount)}"


@dataclass(frozen=True)
class Side:
    """All money for, or against, one candidate. ``length`` is in percent of the larger side.

    ``precision`` is that of its only row; a sum of several carries no word.
    """

    position: str
    whom: str
    amount: int
    negative: int
    precision: str
    length: str
    negative_length: str

    @property
    def name(self) -> str:
        words = {"for": _("For %(whom)s"), "against": _("Against %(whom)s")}
        return words[self.position] % {"whom": self.whom}

    @property
    def text(self) -> str:
        return with_precision(self.precision, self.amount)

    @property
    def negative_text(self) -> str:
        return dollars(self.negative) if self.negative else ""


class SpendingValue(StructValue):
    @property
    def text(self) -> str:
        """The amount with the word before it: more than $6.3 million."""
        return with_precision(self.get("precision"), self["amount"])

    @property
    def negative_text(self) -> str:
        return dollars(self["negative"]) if self.get("negative") else ""

    @property
    def position_text(self) -> str:
        return str(POSITIONS[self["position"]])


class SpendingBlock(StructBlock):
    committee = CharBlock(label=gettext_lazy("Who spent it"), max_length=200)
    position = ChoiceBlock(label=gettext_lazy("For or against"), choices=list(POSITIONS.items()))
    whom = CharBlock(label=gettext_lazy("Whom"), max_length=120)
    precision = ChoiceBlock(
        label=gettext_lazy("How exact"), choices=list(PRECISIONS.items()), default="exact"
    )
    amount = IntegerBlock(label=gettext_lazy("Dollars"), min_value=1, max_value=LARGEST)
    negative = IntegerBlock(
        label=gettext_lazy("Of it, on negative advertising"),
        required=False,
        min_value=0,
        max_value=LARGEST,
    )
    url = URLBlock(label=gettext_lazy("Where it is filed"), required=False)

    def clean(self, value: SpendingValue) -> SpendingValue:
        cleaned = super().clean(value)
        if (cleaned.get("negative") or 0) > (cleaned.get("amount") or 0):
            reason = _("This is more than the whole amount.")
            raise StructBlockValidationError(block_errors={"negative": ValidationError(reason)})
        return cleaned

    class Meta:
        icon = "tag"
        label = gettext_lazy("Spending")
        value_class = SpendingValue
        label_format = "{committee}: {position} {whom}"


class MoneyValue(StructValue):
    @property
    def spending(self) -> list[SpendingValue]:
        """The rows that can be shown, largest first; equal ones as they were written."""
        rows = [row for row in self.get("rows") or [] if row.get("amount") and row.get("whom")]
        return sorted(rows, key=lambda row: -row["amount"])

    @cached_property
    def sides(self) -> list[Side]:
        """For and against each candidate, largest first."""
        rows: dict[tuple[str, str], list[SpendingValue]] = {}
        for row in self.spending:
            rows.setdefault((row["position"], row["whom"].strip()), []).append(row)
        largest = max((_sum(side, "amount") for side in rows.values()), default=0)
        sides = [_side(*key, side, largest) for key, side in rows.items()]
        return sorted(sides, key=lambda side: -side.amount)

    @property
    def ratio(self) -> Fraction | None:
        """The largest side to the next one; None with one side."""
        if len(self.sides) < 2:
            return None
        return Fraction(self.sides[0].amount, self.sides[1].amount)

    @property
    def ratio_text(self) -> str:
        """The ratio in words: the writer's where there are some, or 5.7 to 1."""
        if self.ratio is None:
            return ""
        return self.get("claim") or _("%(ratio)s to 1") % {"ratio": say_ratio(self.ratio)}

    @property
    def ratio_computed(self) -> str:
        """What the amounts give; "" where the words say the same."""
        return "" if self.ratio is None else say_ratio(self.ratio)


def _sum(rows: Sequence[SpendingValue], name: str) -> int:
    return sum(row.get(name) or 0 for row in rows)


def _side(position: str, whom: str, rows: Sequence[SpendingValue], largest: int) -> Side:
    amount, negative = _sum(rows, "amount"), _sum(rows, "negative")
    return Side(
        position=position,
        whom=whom,
        amount=amount,
        negative=negative,
        precision=rows[0].get("precision") if len(rows) == 1 else "exact",
        length=as_percent(amount, largest),
        negative_length=as_percent(negative, largest),
    )


class MoneyBlock(StructBlock):
    heading = CharBlock(
        label=gettext_lazy("Heading"), max_length=120, default=gettext_lazy("Money in the race")
    )
    rows = ListBlock(SpendingBlock(), label=gettext_lazy("Spending"), max_num=60, default=[])
    pasted = SheetBlock(
        label=gettext_lazy("Or paste rows"),
        required=False,
        most_rows=60,
        help_text=gettext_lazy(
            "From a spreadsheet, with the columns who, position (for or against), whom, dollars, "
            "and perhaps negative and link. They join the rows above when you save."
        ),
    )
    claim = CharBlock(
        label=gettext_lazy("In words"),
        required=False,
        max_length=60,
        help_text=gettext_lazy(
            "How you put the ratio, such as “nearly 6 to 1”. It is checked against the amounts."
        ),
    )
    as_of = DateBlock(label=gettext_lazy("As of"))
    source = CharBlock(label=gettext_lazy("Source"), max_length=200)
    source_url = URLBlock(label=gettext_lazy("Link to the source"), required=False)

    def clean(self, value: MoneyValue) -> MoneyValue:
        cleaned = super().clean(value)
        errors = {}
        try:
            self._take_in(cleaned)
        except SheetError as error:
            errors["pasted"] = ValidationError(str(error))
        if not errors and not self.is_deferred_validation:
            errors = _faults(cleaned)
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    def _take_in(self, value: MoneyValue) -> None:
        """Turn pasted rows into rows."""
        text = value.get("pasted") or ""
        if not text.strip():
            return
        block = self.child_blocks["rows"].child_block
        for row in read_spending(text):
            value["rows"].append(block.to_python(row))
        value["pasted"] = ""

    def render(self, value: MoneyValue | None, context: dict | None = None) -> str:
        if not value or not value.sides:
            return ""
        return super().render(value, context)

    class Meta:
        icon = "tag"
        label = gettext_lazy("Money in the race")
        description = gettext_lazy("Who spent how much for or against whom, drawn and summed up.")
        group = groups.DATA
        template = "newsroom/blocks/money.html"
        value_class = MoneyValue
        label_format = "{heading}"
        preview_value = {
            "heading": "Money in the race",
            "rows": [
                {"committee": "Charter school advocates and allies", "position": "against",
                 "whom": "Schmerelson", "precision": "more", "amount": 6_300_000,
                 "negative": 2_900_000},
                {"committee": "United Teachers Los Angeles", "position": "for",
                 "whom": "Schmerelson", "precision": "just_over", "amount": 1_100_000},
            ],
            "claim": "nearly 6 to 1",
            "as_of": date(2020, 11, 6),
            "source": "Filings with the Los Angeles City Ethics Commission",
        }  # fmt: skip

    reader_media = {"css": ["newsroom/blocks.css"]}


def _faults(value: MoneyValue) -> dict[str, ValidationError]:
    if not value.sides:
        return {"pasted": ValidationError(_("Add a row above, or paste some."))}
    claim = (value.get("claim") or "").strip()
    if not claim:
        return {}
    if value.ratio is None:
        reason = _("There is one side only, so nothing to compare. Empty this field.")
    else:
        true = holds(claim, value.ratio)
        if true:
            return {}
        facts = {"ratio": say_ratio(value.ratio)}
        if true is None:
            reason = _("Write it as “nearly 6 to 1”. The amounts give %(ratio)s to 1.") % facts
        else:
            reason = _("The amounts do not bear this out: they give %(ratio)s to 1.") % facts
    return {"claim": ValidationError(reason)}


COLUMNS = {
    "committee": ("who", "committee", "who spent it"),
    "position": ("position", "for or against"),
    "whom": ("whom", "candidate"),
    "amount": ("dollars", "amount"),
    "negative": ("negative",),
    "url": ("link", "url"),
}
NEEDED = ("committee", "position", "whom", "amount")


def read_spending(text: str) -> list[dict]:
    """Read pasted rows into the values of spending blocks.

    :raises SheetError: a column is missing, or a cell says nothing that can be read.
    """
    sheet = read_sheet(text, most_rows=60)
    places = {}
    for name, titles in COLUMNS.items():
        found = [place for place, title in enumerate(sheet.header) if title.lower() in titles]
        if found:
            places[name] = found[0]
    missing = [COLUMNS[name][0] for name in NEEDED if name not in places]
    if missing:
        raise SheetError(_("There is no column named %(name)s.") % {"name": ", ".join(missing)})
    return [_spending(row, places, number) for number, row in enumerate(sheet.rows, start=1)]


def _spending(row: Sequence[str], places: dict[str, int], number: int) -> dict:
    cells = {name: row[place] for name, place in places.items()}
    position = cells["position"].lower()
    if position not in POSITIONS:
        raise SheetError(
            _("Row %(row)s: write “for” or “against”, not “%(cell)s”.")
            % {"row": number, "cell": cells["position"]}
        )
    try:
        amounts = {
            name: int(read_number(cells[name]).to_integral_value())
            for name in ("amount", "negative")
            if cells.get(name)
        }
    except SheetError as error:
        raise SheetError(_("Row %(row)s:") % {"row": number} + f" {error}") from error
    if "amount" not in amounts:
        raise SheetError(_("Row %(row)s has no amount.") % {"row": number})
    return {
        **cells,
        "position": position,
        "precision": "exact",
        "negative": amounts.get("negative"),
        "amount": amounts["amount"],
        "url": cells.get("url", ""),
    }
