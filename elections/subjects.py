"""Races, as subjects of stories: fills the slot ``NEWSROOM_SUBJECTS``."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from django import forms
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import AbstractPage
from wagtail.snippets.widgets import AdminSnippetChooser

from elections.models import Contest
from elections.prose.at_hand import (
    RACE_KEYS,
    gathered,
    gathering,
    key_of,
    races_in,
    with_results,
)
from newsroom.subjects import Subject, Subjects

# A tag of a rich text that speaks of a race: a live figure, a checked fact.
TAG = re.compile(r"<[a-z-]+ [^>]*>")
FIGURE_RACE = re.compile(r'\bcontest="(\d+)"')


class Races(Subjects):
    """The key of a race is its number."""

    is_empty = False

    def get_heading(self) -> str:
        return _("Races")

    def get_about(self, count: int) -> str:
        return ngettext("About this race", "About these races", count)

    def get_widget(self) -> forms.Widget:
        return AdminSnippetChooser(model=Contest)

    def find(self, keys: Collection[str] | QuerySet) -> dict[str, Subject]:
        """Return the confirmed races, with the word for how each stands."""
        contests = with_results().filter(status=Contest.Status.CONFIRMED)
        if isinstance(keys, QuerySet):
            contests = contests.alias(key=Cast("pk", CharField())).filter(key__in=keys)
        else:
            contests = contests.filter(pk__in=_ids(keys))
        return {str(contest.pk): as_subject(contest) for contest in contests}

    def gather(self, page: AbstractPage) -> AbstractContextManager[None]:
        return gathering(page)

    def at_hand(self, page: AbstractPage) -> dict[str, Subject] | None:
        shelf = gathered()
        if shelf is None or shelf.page.pk != page.pk:
            return None
        races = [race for race in shelf.contests.values() if race.is_subject and race.is_confirmed]
        return {str(race.pk): as_subject(race) for race in races}

    def in_body(self, items: Iterable[Mapping[str, Any]]) -> list[str]:
        return list(dict.fromkeys(str(pk) for item in items for pk in races_in(item)))

    def neighbours(self, keys: Collection[str]) -> QuerySet:
        """Return the keys of all races of the same elections."""
        return _keys(Contest.objects.filter(election__contests__in=_ids(keys)))

    def unlisted(self) -> QuerySet:
        return _keys(Contest.objects.filter(election__is_test=True))

    def show(self, key: str) -> dict[str, Any] | None:
        return {"type": "live_result", "value": {"contest": int(key), "size": "story"}}

    def swap(self, item: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
        return _swap(dict(item), {int(old): int(new) for old, new in keys.items()})


def as_subject(contest: Contest) -> Subject:
    published = getattr(contest, "published", None)
    page = getattr(contest, "race_page", None)
    return Subject(
        key=str(contest.pk),
        title=contest.name,
        url=page.get_url() or "" if page is not None and page.live else "",
        date=contest.election.election_date,
        state=json.loads(published.payload)["state_label"] if published else "",
        is_test=contest.election.is_test,
    )


def _ids(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]


def _keys(contests: QuerySet[Contest]) -> QuerySet:
    return contests.order_by().values_list(Cast("pk", CharField()), flat=True)


def _swap(value: Any, ids: Mapping[int, int], key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {name: _swap(part, ids, key_of(name, key)) for name, part in value.items()}
    if isinstance(value, list):
        return [_swap(part, ids, key) for part in value]
    if key in RACE_KEYS and isinstance(value, int):
        return ids.get(value, value)
    return _swap_figures(value, ids) if isinstance(value, str) else value


def _swap_figures(text: str, ids: Mapping[int, int]) -> str:
    """Return rich text whose live figures are of other races."""

    def swap_one(tag: re.Match[str]) -> str:
        return FIGURE_RACE.sub(
            lambda found: f'contest="{ids.get(int(found[1]), int(found[1]))}"', tag[0]
        )

    return TAG.sub(swap_one, text)
