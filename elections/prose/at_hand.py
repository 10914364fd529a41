"""The races of one story, fetched together the first time that any of them is asked for.

Blocks of several kinds, live figures and the list of a story's races would each ask by
themselves. Inside ``gathering`` they share one query, whatever the story shows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, Exists, OuterRef, Q, When
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from wagtail.models import AbstractPage

from elections.models import Contest
from newsroom.linking import stored_items
from newsroom.models import StorySubject

# Where a block of ours keeps the race, or the races, that it shows.
RACE_KEYS = ("contest", "contests", "races")
NUMBER = r"^[0-9]{1,18}$"
# A live figure, a checked fact.
RACE_OF_TEXT = re.compile(r'<[a-z-]+ [^>]*\bcontest="(\d{1,18})"')


class Gathered:
    """The races of a page: those that its body shows or names, and those that it is about."""

    def __init__(self, page: AbstractPage):
        self.page = page

    @cached_property
    def asked(self) -> set[int]:
        """The ids of all races in the body, whether they exist or not."""
        items = stored_items(self.page)
        return {pk for item in items for pk in (*races_in(item), *_races_of_texts(item))}

    @cached_property
    def contests(self) -> dict[int, Contest]:
        written = StorySubject.objects.filter(page_id=self.page.pk)
        named = written.filter(subject=Cast(OuterRef("pk"), CharField()))
        # A key of another app is no number, and must not be read as one.
        number = When(subject__regex=NUMBER, then=Cast("subject", BigIntegerField()))
        keys = written.annotate(race=Case(number)).filter(race__isnull=False).values("race")
        contests = with_results().filter(Q(pk__in=self.asked) | Q(pk__in=keys))
        return {race.pk: race for race in contests.annotate(is_subject=Exists(named))}

    def pick(self, ids: Collection[int]) -> dict[int, Contest] | None:
        """Return those that exist of these; None where the page's body has not named one."""
        if not self.asked.issuperset(ids):
            return None
        return {pk: self.contests[pk] for pk in ids if pk in self.contests}


_gathered: ContextVar[Gathered | None] = ContextVar("gathered_races", default=None)


@contextmanager
def gathering(page: AbstractPage) -> Iterator[None]:
    token = _gathered.set(Gathered(page))
    try:
        yield
    finally:
        _gathered.reset(token)


def gathered() -> Gathered | None:
    return _gathered.get()


def with_results() -> Any:
    """Return all races with election, result and page, where the ready-made ones are installed."""
    contests = Contest.objects.select_related("election", "published")
    has_pages = any(field.name == "race_page" for field in Contest._meta.related_objects)
    return contests.select_related("race_page") if has_pages else contests


def races_in(value: Any, key: str = "") -> list[int]:
    """Return the ids of races in a stored block, wherever they stand in it."""
    if isinstance(value, Mapping):
        return [pk for name, part in value.items() for pk in races_in(part, key_of(name, key))]
    if isinstance(value, list):
        return [pk for part in value for pk in races_in(part, key)]
    return [value] if key in RACE_KEYS and isinstance(value, int) else []


def key_of(name: str, key: str) -> str:
    """Return what a part of a stored block is called: an item of a list as the list is."""
    return key if name == "value" and key in RACE_KEYS else name


def _races_of_texts(value: Any) -> list[int]:
    if isinstance(value, Mapping):
        return [pk for part in value.values() for pk in _races_of_texts(part)]
    if isinstance(value, list):
        return [pk for part in value for pk in _races_of_texts(part)]
    return [int(pk) for pk in RACE_OF_TEXT.findall(value)] if isinstance(value, str) else []
