"""The picture of a result that goes with a shared link, drawn from what readers got.

It says the same words as the published result and as of when; a picture lives on in
other people's timelines, long after the count has moved.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from elections.models import Published
from elections.widgets import sharing
from elections.widgets.descriptions import as_of, desk_words
from elections.widgets.figures import number, percent
from elections.widgets.views import FRESH, published_etag

WIDTH, HEIGHT = 1200, 630
EDGE = 64
ROWS = 4
# Where the rows begin below a title of one line; a longer title leaves room for a row less.
TWO_LINES = 200
FOREVER = {"public": True, "max_age": 31_536_000, "immutable": True}
HOUR = 3600
# Raised when the drawing changes, so that no cache keeps the old one.
DRAWING = 3

PAPER, INK, SOFT, TRACK = "#fdfcfa", "#1d1c1a", "#66635c", "#e9e5dd"
BAR, BAR_MARKED, ACCENT, WARNING = "#8f9395", "#2f4858", "#005f63", "#7d4200"
SANS, SERIF = "public-sans", "newsroom-serif-headline"

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Words:
    """What is written on the card, besides the published payload itself."""

    as_of: str
    site_name: str
    time_zone: str


@require_safe
def card(request: HttpRequest, contest_id: int) -> HttpResponse:
    """Send the card of the current version; for good where that version was asked for."""
    rows = Published.objects.select_related("contest__election").defer("html")
    published = get_object_or_404(rows, pk=contest_id)
    is_current = request.GET.get("v") == str(published.version)
    etag = quote_etag(f"{published_etag(published)}-card{DRAWING}-{get_language()}")
    response = HttpResponse(content_type="image/png")
    response["ETag"] = etag
    patch_cache_control(response, **(FOREVER if is_current else FRESH))
    answer = get_conditional_response(request, etag=etag, response=response)
    if answer is response:
        response.content = _png(published, sharing.site_name(request))
    return answer


def _png(published: Published, site_name: str) -> bytes:
    key = f"elections-card-{DRAWING}-{published.pk}-{published.etag}-{get_language()}"
    return cache.get_or_set(key, lambda: _draw_published(published, site_name), HOUR)


def _draw_published(published: Published, site_name: str) -> bytes:
    payload = json.loads(published.edition(get_language()).payload)
    zone = published.contest.election.zone
    return draw(payload, Words(as_of(payload, zone), site_name, zone.key))


def draw(payload: Mapping[str, Any], words: Words) -> bytes:
    """Return the card as PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 12), fill=WARNING if payload["test"] else BAR_MARKED)
    y = _head(pen, payload)
    y = _rows(pen, payload, y)
    _sentence(pen, payload, y)
    _foot(pen, words)
    file = io.BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _head(pen: ImageDraw.ImageDraw, payload: Mapping[str, Any]) -> int:
    y = 40
    small = font(SANS, 26, 500)
    if payload["test"]:
        said, colour = _("This is a test. These are not real votes."), WARNING
    else:
        said, colour = payload["election"], SOFT
    pen.text((EDGE, y), _fit(said, small, 640), font=small, fill=colour)
    _label(pen, payload["state_label"], y)
    y += 46
    title = font(SERIF, 52)
    lines = _wrap(payload["title"], title, WIDTH - 2 * EDGE, 2)
    if len(lines) == 2:
        title = font(SERIF, 44)
        lines = _wrap(payload["title"], title, WIDTH - 2 * EDGE, 2)
    for line in lines:
        pen.text((EDGE, y), line, font=title, fill=INK)
        y += int(title.size * 1.18)
    return y + 30


def _label(pen: ImageDraw.ImageDraw, text: str, y: int) -> None:
    """Write the state into a box at the right edge."""
    face = font(SANS, 26, 700)
    text = _fit(text, face, 400)
    left = WIDTH - EDGE - face.getlength(text) - 32
    pen.rounded_rectangle((left, y - 8, WIDTH - EDGE, y + 38), 6, outline=ACCENT, width=3)
    pen.text((left + 16, y), text, font=face, fill=ACCENT)


def _rows(pen: ImageDraw.ImageDraw, payload: Mapping[str, Any], y: int) -> int:
    rows = payload["selections"]
    total = payload["total_votes"]
    has_room = y < TWO_LINES
    shown = rows if len(rows) < ROWS + has_room else rows[: ROWS - 2 + has_room]
    size = 40 if len(rows) < ROWS and has_room else 32
    for row in shown:
        _row(pen, row, total, y, size)
        y += size + 44
    if len(shown) < len(rows):
        more = _("And %(number)s more") % {"number": number(len(rows) - len(shown))}
        pen.text((EDGE, y), more, font=font(SANS, 26, 400), fill=SOFT)
        y += 48
    return y


def _row(pen: ImageDraw.ImageDraw, row: Mapping[str, Any], total: int, y: int, size: int) -> None:
    face = font(SANS, size, 700 if row["mark"] else 500)
    bar = y + size + 14
    share = percent(Fraction(row["votes"], total)) if total else "—"
    votes = number(row["votes"]) if total else "—"
    pen.text((WIDTH - EDGE, y), share, font=face, fill=INK, anchor="ra")
    pen.text((WIDTH - EDGE - size * 5, y), votes, font=face, fill=INK, anchor="ra")
    name = _fit(row["name"], face, WIDTH - 2 * EDGE - size * 10.5 - (200 if row["mark"] else 0))
    pen.text((EDGE, y), name, font=face, fill=INK)
    if row["mark"]:
        mark = font(SANS, 24, 700)
        left = EDGE + face.getlength(name) + 18
        room = WIDTH - EDGE - size * 10 - left
        pen.text((left, y + size - 25), _fit(row["mark"], mark, room), font=mark, fill=ACCENT)
    pen.rectangle((EDGE, bar, WIDTH - EDGE, bar + 9), fill=TRACK)
    if total and row["votes"]:
        right = EDGE + (WIDTH - 2 * EDGE) * row["votes"] / total
        fill = BAR_MARKED if row["mark"] else BAR
        pen.rectangle((EDGE, bar, max(right, EDGE + 2), bar + 9), fill=fill)


def _sentence(pen: ImageDraw.ImageDraw, payload: Mapping[str, Any], y: int) -> None:
    """Write the one sentence and the threshold, as many lines as there is room for."""
    face = font(SANS, 28, 400)
    desk, coverage = desk_words(payload), payload.get("coverage")
    parts = (desk, coverage, payload["sentence"], payload["threshold"])
    said = " ".join(part for part in parts if part)
    room = max((HEIGHT - 100 - y) // 38, 1)
    for line in _wrap(said, face, WIDTH - 2 * EDGE, min(room, 3)):
        pen.text((EDGE, y), line, font=face, fill=INK)
        y += 38


def _foot(pen: ImageDraw.ImageDraw, words: Words) -> None:
    y = HEIGHT - 76
    face, name = font(SANS, 24, 400), font(SERIF, 30)
    pen.line((EDGE, y - 14, WIDTH - EDGE, y - 14), fill=TRACK, width=2)
    site = _fit(words.site_name, name, 320)
    pen.text((WIDTH - EDGE, y), site, font=name, fill=INK, anchor="ra")
    room = WIDTH - 2 * EDGE - name.getlength(site) - 24
    for line in _wrap(words.as_of, face, room, 2):
        pen.text((EDGE, y), line, font=face, fill=SOFT)
        y += 30


def _wrap(text: str, face: Font, room: float, most: int) -> list[str]:
    """Break a text into at most so many lines; the last one ends in dots if it must."""
    lines: list[str] = []
    line = ""
    words = text.split()
    for index, word in enumerate(words):
        longer = f"{line} {word}".strip()
        if not line or face.getlength(longer) <= room:
            line = longer
            continue
        if len(lines) == most - 1:
            return [*lines, _fit(" ".join([line, *words[index:]]), face, room)]
        lines.append(line)
        line = word
    return [*lines, _fit(line, face, room)] if line else lines


def _fit(text: str, face: Font, room: float) -> str:
    if face.getlength(text) <= room:
        return text
    while text and face.getlength(text + "…") > room:
        text = text[:-1].rstrip()
    return text + "…"


@lru_cache(maxsize=64)
def font(name: str, size: int, weight: int = 0) -> Font:
    """Return the site's own face; Pillow's own where it cannot be read."""
    path = finders.find(f"newsroom/fonts/{name}.woff2")
    try:
        face = ImageFont.truetype(path or "", size)
        if weight:
            face.set_variation_by_axes([weight])
    except OSError:
        return ImageFont.load_default(size)
    return face
