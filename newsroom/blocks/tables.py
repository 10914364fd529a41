from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, StructBlock, StructValue

from newsroom.blocks import groups
from newsroom.blocks.sheets import Sheet, SheetBlock, SheetError, read_number, read_sheet


class TableValue(StructValue):
    @cached_property
    def sheet(self) -> Sheet | None:
        """The rows, or None while they cannot be read."""
        try:
            return read_sheet(self.get("rows") or "")
        except SheetError:
            return None

    @cached_property
    def columns(self) -> list[dict]:
        """Each column's name, and whether all its cells are numbers, which stand to the right."""
        return [
            {"name": name, "is_number": all(_is_number(row[place]) for row in self.sheet.rows)}
            for place, name in enumerate(self.sheet.header)
        ]

    @property
    def rows_of_cells(self) -> list[list[dict]]:
        """Each row as cells that know their column."""
        return [
            [{"text": cell, **column} for cell, column in zip(row, self.columns, strict=True)]
            for row in self.sheet.rows
        ]


def _is_number(cell: str) -> bool:
    try:
        read_number(cell)
    except SheetError:
        return cell in {"", "–", "-"}
    return True


class TableBlock(StructBlock):
    caption = CharBlock(
        label=_("Caption"),
        max_length=200,
        help_text=_("What the table shows. Readers who cannot see it hear this first."),
    )
    rows = SheetBlock(label=_("Rows"))
    has_row_names = BooleanBlock(
        label=_("The first column names the rows"), required=False, default=True
    )
    source = CharBlock(label=_("Source"), required=False, max_length=200)

    def render(self, value: TableValue | None, context: dict | None = None) -> str:
        if not value or value.sheet is None:
            return ""
        return super().render(value, context)

    class Meta:
        icon = "table"
        label = _("Table")
        description = _("Rows and columns, pasted from a spreadsheet.")
        group = groups.DATA
        template = "newsroom/blocks/table.html"
        value_class = TableValue
        label_format = "{caption}"
        preview_value = {
            "caption": "Turnout in Los Angeles County",
            "rows": "Election,Ballots cast\nNovember 2024,3793106",
            "has_row_names": True,
            "source": "LA County Registrar-Recorder/County Clerk",
        }

    reader_media = {"css": ["newsroom/blocks.css"]}
