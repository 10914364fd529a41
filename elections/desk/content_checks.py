"""Wagtail's content checks, in the editor and in previews: they know what a race allows to say.

The preview of a draft brings the sentences that are wrong in it; ``content-checks.js`` finds
their places there. The editor's own panel only names the kinds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.userbar import BaseItem, ContentCheckerItem
from wagtail.models import AbstractPage

from elections.counting.status_words import Says
from elections.prose.binding import Loose, loose_numbers
from elections.prose.remarks import Remark, remarks_on

OPEN, APPARENT, COUNTED, NUMBER, LOOSE = (
    "race-told-as-decided",
    "race-told-as-apparent",
    "race-told-as-counted",
    "race-number-untrue",
    "race-number-unchecked",
)
KINDS = {
    Says.WON: OPEN,
    Says.PASSED: OPEN,
    Says.FAILED: OPEN,
    Says.APPARENT: APPARENT,
    Says.ALL_COUNTED: COUNTED,
    None: NUMBER,
}
MESSAGES = {
    OPEN: {
        "error_name": gettext_lazy("A race is told as decided that is still open"),
        "help_text": gettext_lazy(
            "“Wins”, “elected”, “defeated”, “passed” have to wait for the call. Say who leads."
        ),
    },
    APPARENT: {
        "error_name": gettext_lazy("“Apparent” does not fit this race"),
        "help_text": gettext_lazy(
            "Nobody has called an apparent winner, or the race is certified by now. Then say who "
            "won."
        ),
    },
    COUNTED: {
        "error_name": gettext_lazy("Precincts are told as all votes"),
        "help_text": gettext_lazy(
            "Ballots by mail are still counted after the last precinct is in. Say how many are "
            "left."
        ),
    },
    NUMBER: {
        "error_name": gettext_lazy("A checked number is not what the race says"),
        "help_text": gettext_lazy(
            "The count has moved on, or it was never so. The list of untrue numbers has both."
        ),
    },
    LOOSE: {
        "error_name": gettext_lazy("Nothing watches over this number of a race"),
        "help_text": gettext_lazy(
            "It is true now. “Bind its numbers”, in the menu of the page, lets a release say when "
            "it no longer is."
        ),
    },
}
# Where sentences stand in a page.
PLACES = "main :is(h1, h2, h3, h4, p, li, td, th, dt, dd, caption, figcaption)"
# What the checker may be told to run instead of rules: axe takes either, not both.
TAG_STARTS = ("wcag", "best-practice", "section508", "cat.", "act", "experimental", "seo", "ttv")


class FinderItem(BaseItem):
    """Brings the script along and shows nothing itself."""

    class Media:
        js = ["elections/content-checks.js"]

    def render_html(self, parent_context: Any = None) -> str:
        return ""


def add_checks(request: HttpRequest, items: list[Any], page: Any) -> None:
    """Teach each checker among the items of a userbar what the races of a page allow."""
    if not isinstance(page, AbstractPage):
        return
    for item in [found for found in items if isinstance(found, ContentCheckerItem)]:
        _teach(item, {} if item.in_editor else _found_in(page))
        items.append(FinderItem())


def _found_in(page: AbstractPage) -> dict[str, list[Remark]]:
    found: dict[str, list[Remark]] = {}
    for remark in remarks_on(page):
        found.setdefault(KINDS[remark.says], []).append(remark)
    found[LOOSE] = [_as_remark(number) for number in loose_numbers(page) if number.best]
    return found


def _as_remark(number: Loose) -> Remark:
    said = f"{number.before}{number.words}".removeprefix("… ").strip()
    now = str(MESSAGES[LOOSE]["help_text"])
    return Remark(number.place.block_id, said, number.words, now, number.best.contest_id)


def _teach(item: ContentCheckerItem, found: Mapping[str, Sequence[Remark]]) -> None:
    remarks = {kind: found.get(kind, []) for kind in MESSAGES}
    item.axe_custom_rules = [*item.axe_custom_rules, *map(_rule, MESSAGES)]
    item.axe_custom_checks = [*item.axe_custom_checks, *map(_check, remarks, remarks.values())]
    item.axe_messages = {**item.axe_messages, **dict(map(_message, remarks, remarks.values()))}
    if item.axe_run_only and not str(item.axe_run_only[0]).startswith(TAG_STARTS):
        item.axe_run_only = [*item.axe_run_only, *MESSAGES]


def _rule(kind: str) -> dict[str, Any]:
    return {
        "id": kind,
        "impact": "serious",
        "selector": PLACES,
        "tags": ["best-practice"],
        "any": [f"{kind}-check"],
        "enabled": True,
    }


def _check(kind: str, remarks: Sequence[Remark]) -> dict[str, Any]:
    said = [{"said": remark.said, "piece": remark.piece} for remark in remarks]
    return {"id": f"{kind}-check", "options": {"places": PLACES, "remarks": said}}


def _message(kind: str, remarks: Sequence[Remark]) -> tuple[str, dict[str, str]]:
    """Say in a preview what the races say, and in the editor what to do."""
    message = dict(MESSAGES[kind])
    if remarks:
        said = dict.fromkeys(
            _("“%(words)s”: %(now)s") % {"words": remark.piece, "now": remark.now}
            for remark in remarks
        )
        message["help_text"] = " ".join(said)
    return kind, message
