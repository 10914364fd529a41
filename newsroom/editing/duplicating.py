"""A story made from another one, for the next race. What it shows is swapped, numbers flagged."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.models import AbstractPage, Comment

from newsroom.linking import stored_items
from newsroom.subjects import get_subjects

FIGURE = re.compile(r"\$?\d[\d.,]*(?:\s?(?:%|percent|points?|votes?|million|billion))?")
MOST_FIGURES = 12


@transaction.atomic
def duplicate(
    story: AbstractPage,
    *,
    title: str,
    slug: str,
    keys: Mapping[str, str],
    user: AbstractBaseUser,
) -> AbstractPage:
    """Return a draft beside the story, about other subjects: ``keys`` gives the new by the old.

    Each paragraph with figures gets a comment that names them: they are of the old race.
    """
    copy = story.copy(
        update_attrs={
            "title": title,
            "slug": slug,
            "draft_title": title,
            "content_hash": "",
            "content_updated_at": None,
            "due_at": None,
        },
        copy_revisions=False,
        keep_live=False,
        user=user,
    )
    provider = get_subjects()
    items = [provider.swap(item, keys) for item in stored_items(story)]
    copy.body = json.dumps(items)
    _swap_links(copy, keys)
    for item in items:
        if figures := figures_in(item):
            _comment(copy, item, figures, user)
    copy.save_revision(user=user)
    return copy


def _swap_links(copy: AbstractPage, keys: Mapping[str, str]) -> None:
    links = {}
    for link in copy.subject_links.all():
        link.subject = keys.get(link.subject, link.subject)
        links.setdefault(link.subject, link)
    copy.subject_links = list(links.values())


def figures_in(item: Mapping[str, Any]) -> list[str]:
    """Return the figures in the words of a stored paragraph, each once; none of data."""
    if item["type"] not in ("paragraph", "heading", "pull_quote", "quotation", "fact_box"):
        return []
    words = " ".join(_words(item["value"]))
    found = (match.strip(" .,") for match in FIGURE.findall(words))
    return list(dict.fromkeys(found))[:MOST_FIGURES]


def _words(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _words(part)]
    if isinstance(value, list):
        return [text for part in value for text in _words(part)]
    return [strip_tags(value)] if isinstance(value, str) else []


def _comment(
    page: AbstractPage, item: Mapping[str, Any], figures: list[str], user: AbstractBaseUser
) -> None:
    said = _("These figures are of the other race. Check each: %(figures)s.")
    text = said % {"figures": "; ".join(figures)}
    page.wagtail_admin_comments.add(Comment(user=user, text=text, contentpath=f"body.{item['id']}"))
