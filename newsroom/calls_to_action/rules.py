"""The rules and quiet times of a site, remembered in Django's cache.

Every page asks for them, most pages have none to follow. They are forgotten when staff change
one; a schedule that begins or ends by itself is looked at anew on every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from wagtail.models import AbstractPage

from newsroom.calls_to_action.models import Placement, QuietTime

CACHE_KEY = "newsroom-ask-rules-2"
CACHE_SECONDS = 60


@dataclass(frozen=True)
class Rule:
    """``path`` is the page tree below which it holds; blank for the whole site."""

    ask_id: int
    where: str
    paragraph: int
    path: str

    def holds_for(self, page: AbstractPage) -> bool:
        return (page.path or "").startswith(self.path)


@dataclass(frozen=True)
class Quiet:
    """``path`` as in a rule; with a topic, it holds for the stories about that."""

    path: str
    topic_id: int | None
    until: datetime


@dataclass(frozen=True)
class Rules:
    rules: tuple[Rule, ...]
    quiet: tuple[Quiet, ...]

    def is_quiet(self, page: AbstractPage, now: datetime) -> bool:
        ours = [one for one in self.quiet if now < one.until]
        if any((page.path or "").startswith(one.path) for one in ours if not one.topic_id):
            return True
        topics = {one.topic_id for one in ours if one.topic_id}
        return bool(topics) and not topics.isdisjoint(_topics_of(page))


def _topics_of(page: AbstractPage) -> list[int]:
    links = getattr(page, "topic_links", None)
    return [link.topic_id for link in links.all()] if links is not None else []


def get_rules(now: datetime) -> Rules:
    found = cache.get(CACHE_KEY)
    if found is None:
        found = _load(now)
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return found


def _load(now: datetime) -> Rules:
    placements = Placement.objects.filter(is_active=True).order_by("order", "pk")
    quiet = QuietTime.objects.filter(until__gt=now).order_by("pk")
    return Rules(
        rules=tuple(
            Rule(ask_id, where, paragraph, path or "")
            for ask_id, where, paragraph, path in placements.values_list(
                "call_to_action", "where", "paragraph", "section__path"
            )
        ),
        quiet=tuple(
            Quiet(path or "", topic_id, until)
            for path, topic_id, until in quiet.values_list("page__path", "topic", "until")
        ),
    )


def forget_rules(**kwargs: object) -> None:
    cache.delete(CACHE_KEY)


def connect_signals() -> None:
    for model in (Placement, QuietTime):
        for signal in (post_save, post_delete):
            signal.connect(forget_rules, sender=model, dispatch_uid=f"ask-rules-{model.__name__}")
