"""What readers read of a story in an issue: headline, dek, paragraphs and the way to it."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage
from wagtail.rich_text import expand_db_html

from newsroom.conf import newsroom_settings
from newsroom.newsletters.letters import Letter
from newsroom.newsletters.links import public_url

ENDS = re.compile(r"</(?:p|li)>|<br\s*/?>")


def read_paragraphs(page: AbstractPage) -> list[str]:
    """Return the text of its paragraphs, links and figures resolved as readers have them."""
    return [
        text
        for source in _sources(page)
        for part in ENDS.split(expand_db_html(source))
        if (text := one_line(unescape(strip_tags(part))))
    ]


def _sources(page: AbstractPage) -> list[str]:
    blocks = getattr(page, "body", None) or ()
    return [b.value.source for b in blocks if b.block_type == "paragraph" and b.value]


def one_line(text: str) -> str:
    """Return it without what a service would take for a field to fill in."""
    return " ".join(text.split()).replace("*|", "* |")


def write_letter(page: AbstractPage) -> Letter:
    dek = one_line(getattr(page, "dek", ""))
    notes = []
    if any("<embed" in source for source in _sources(page)):
        notes.append(_("Figures are as they were when this was sent. Our site has the latest."))
    return Letter(
        subject=one_line(page.title),
        paragraphs=[*([dek] if dek else []), *read_paragraphs(page)],
        button=(_("Read on our site"), _address(page)),
        notes=notes,
    )


def _address(page: AbstractPage) -> str:
    address = page.get_full_url()
    return public_url(urlsplit(address).path) if newsroom_settings.PUBLIC_URL else address
