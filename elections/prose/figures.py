"""Live figures: a number of a race inside a sentence, always the one that readers may have.

In the database ``<embed embedtype="live-figure" contest="12" figure="margin" text="..."/>``.
``text`` is what the figure said when its paragraph was saved: it is printed when the race is
gone, and for good where the editor has frozen it (``frozen="true"``). The figures of a whole
story are looked up together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import unescape
from typing import ClassVar

from django.core.files.storage import storages
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.rich_text import EmbedHandler, LinkHandler

from elections.conf import elections_settings
from elections.models import Contest
from elections.prose.published import Told, load_told
from elections.widgets.files import STORAGE, manifest_name, payload_name

KINDS = {
    "margin": gettext_lazy("Margin, in votes and points"),
    "margin_votes": gettext_lazy("Margin in votes"),
    "margin_points": gettext_lazy("Margin in points"),
    "leader": gettext_lazy("Who leads"),
    "trailing": gettext_lazy("Who is behind"),
    "sentence": gettext_lazy("Where the race stands, as a sentence"),
    "total_votes": gettext_lazy("All votes counted"),
    "needed_share": gettext_lazy("Share that the one behind needs"),
    "ballots_left": gettext_lazy("Ballots left, as estimated"),
    "as_of": gettext_lazy("As of when"),
}
OF_A_LEAD = {"margin", "margin_votes", "margin_points", "leader", "trailing"}


class RaceReference:
    """What is written into a text about a race stands in Wagtail's index of references."""

    @staticmethod
    def get_model() -> type[Contest]:
        return Contest

    @classmethod
    def extract_references(cls, attrs: dict) -> Iterator[tuple[type[Contest], str, str, str]]:
        if attrs.get("contest", "").isdigit():
            yield Contest, attrs["contest"], "", ""


class LiveFigureHandler(RaceReference, EmbedHandler):
    identifier = "live-figure"
    # The story's page links these wherever a text has such a figure.
    reader_media: ClassVar[dict] = {
        "css": ["elections/figure.css"],
        "js": ["elections/live-result.js", "elections/live-figure.js"],
    }

    @classmethod
    def expand_db_attributes(cls, attrs: dict) -> str:
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: Sequence[dict]) -> list[str]:
        live = [attrs.get("contest", "") for attrs in attrs_list if not is_frozen(attrs)]
        told = load_told(live)
        return [_print(attrs, told) for attrs in attrs_list]


class CheckedFactHandler(RaceReference, LinkHandler):
    """A writer's own words that are held against a race: readers get the words alone."""

    identifier = "checked-fact"

    @classmethod
    def expand_db_attributes(cls, attrs: dict) -> str:
        return "<a>"


def is_frozen(attrs: dict) -> bool:
    return attrs.get("frozen") == "true"


def current_text(attrs: dict, told: dict[int, Told]) -> tuple[str, Told | None]:
    """Return what a figure says now, and the race if that may still change."""
    # Wagtail gives attributes without undoing every escape: a name may have an apostrophe.
    last_known = unescape(attrs.get("text", "")) or _("a number not known")
    contest = attrs.get("contest", "")
    race = told.get(int(contest)) if contest.isascii() and contest.isdigit() else None
    if is_frozen(attrs) or race is None:
        return last_known, None
    text = race.figure(attrs.get("figure", ""))
    return text or last_known, race if text else None


def _print(attrs: dict, told: dict[int, Told]) -> str:
    text, race = current_text(attrs, told)
    return escape(text) if race is None else live_figure(race, attrs["figure"])


def live_figure(race: Told, figure: str) -> SafeString:
    """Return a figure of a race that changes while one reads; plain text once it is certified."""
    text = race.figure(figure)
    if race.is_final:
        return escape(text)
    storage, interval = storages[STORAGE], elections_settings.POLL_SECONDS
    return format_html(
        '<live-figure data-contest="{}" data-version="{}" data-figure="{}" data-manifest="{}"'
        ' data-src="{}" data-interval="{}">{}</live-figure>',
        *(race.contest_id, race.version, figure),
        storage.url(manifest_name(race.election_id)),
        storage.url(payload_name(race.contest_id, race.language)),
        *(interval, text),
    )
