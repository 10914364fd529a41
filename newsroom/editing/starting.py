"""Stories to begin with: a body with headings, and a comment at each place that says what goes in.

The help is a comment, not text, so that none of it can be published by mistake.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import AbstractPage, Comment

from newsroom.models.subjects import Role
from newsroom.subjects import get_subjects

Piece = tuple[dict[str, Any], str]


@dataclass(frozen=True)
class Beginning:
    """``pieces`` are stored blocks, each with its help; ``is_live`` makes it live coverage."""

    label: str
    description: str
    role: Role
    pieces: Callable[[], list[Piece]]
    is_live: bool = False


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def _paragraph(help_text: str) -> Piece:
    return _block("paragraph", ""), help_text


def _heading(words: str) -> Piece:
    return _block("heading", {"text": words, "level": "h2"}), ""


def _result_story() -> list[Piece]:
    return [
        _paragraph(_("Who is ahead, by how much, as of when. Let live figures carry the numbers.")),
        _heading(_("What is still to be counted")),
        _paragraph(_("How many ballots are left, who says so, and when the next release comes.")),
        _heading(_("What they said")),
        _paragraph(_("Whether somebody has conceded. Link to the statement.")),
        _heading(_("What was at stake")),
        _paragraph(_("Why this race matters, and what it cost.")),
    ]


def _voter_guide() -> list[Piece]:
    dates = _block("key_dates", {"heading": _("Key dates"), "items": []})
    questions = _block("questions", {"heading": _("Questions and answers"), "items": []})
    return [
        _paragraph(_("What is decided, and who may vote in it.")),
        (
            dates,
            _("Last day to register, last day to mail, election day. Give the county’s hours."),
        ),
        _heading(_("Who is running")),
        _paragraph(_("A few lines on each, in the order of the ballot. The same length for all.")),
        _heading(_("Who pays")),
        _paragraph(_("Money for and against, from the filings, with their date.")),
        (questions, _("What readers ask. Each question gets an address of its own.")),
    ]


def _live_coverage() -> list[Piece]:
    return [_paragraph(_("Two or three sentences for who comes late. Keep them up to date."))]


BEGINNINGS = {
    "result": Beginning(
        gettext_lazy("Result story"),
        gettext_lazy("Who is ahead, what is left to count, what they said."),
        Role.RESULT,
        _result_story,
    ),
    "guide": Beginning(
        gettext_lazy("Voter guide"),
        gettext_lazy("What is decided, who is running, key dates, questions and answers."),
        Role.PREVIEW,
        _voter_guide,
    ),
    "live": Beginning(
        gettext_lazy("Live coverage"),
        gettext_lazy("Short entries, the newest first, while the night goes on."),
        Role.LIVE,
        _live_coverage,
        is_live=True,
    ),
}


@transaction.atomic
def start(
    beginning: Beginning,
    page: AbstractPage,
    *,
    parent: AbstractPage,
    subject: str,
    user: AbstractBaseUser,
) -> AbstractPage:
    """Add the unsaved story as a draft below ``parent``, with the body of a beginning.

    ``subject`` is what it is about, "" for nothing: its result stands after the first paragraph.
    """
    pieces = beginning.pieces()
    shown = get_subjects().show(subject) if subject else None
    if shown:
        pieces.insert(1, ({**shown, "id": str(uuid.uuid4())}, ""))
    page.body = json.dumps([block for block, _help in pieces])
    page.owner, page.live = user, False
    if subject:
        link = page.subject_links.model(subject=subject, role=beginning.role)
        page.subject_links.add(link)
    parent.add_child(instance=page)
    for block, help_text in pieces:
        if help_text:
            path = f"body.{block['id']}"
            comment = Comment(user=user, text=help_text, contentpath=path)
            page.wagtail_admin_comments.add(comment)
    page.save_revision(user=user, log_action=True)
    return page
