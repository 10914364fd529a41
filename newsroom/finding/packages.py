"""Where a story stands in a package."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from wagtail.models import AbstractPage, PageViewRestriction

from newsroom.conf import newsroom_settings
from newsroom.finding.related import story_model

CACHE_KEY = "newsroom-stories-in-packages"


@dataclass(frozen=True)
class Place:
    """``number`` counts from 1. ``before`` and ``after`` are the neighbours, None at the ends."""

    package: AbstractPage
    stories: tuple[AbstractPage, ...]
    number: int

    @property
    def count(self) -> int:
        return len(self.stories)

    @property
    def before(self) -> AbstractPage | None:
        return self.stories[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> AbstractPage | None:
        return self.stories[self.number] if self.number < self.count else None


def place_of(story: AbstractPage) -> Place | None:
    """Return a story's place in the first package that has it; None without one.

    One query for a story in a package, and none for the others.

    Only stories that every reader can open count. One alone is no package.
    """
    parts = _part_model()
    if parts is None or story.pk not in _stories_in_packages(parts):
        return None
    path = ExpressionWrapper(OuterRef("story__path"), output_field=CharField())
    private = PageViewRestriction.objects.alias(shown_path=path).filter(
        shown_path__startswith=F("page__path")
    )
    found = (
        parts.objects.filter(package__in=parts.objects.filter(story=story.pk).values("package"))
        .filter(~Exists(private), package__live=True, story__live=True)
        .select_related("package", "story")
        .defer("story__body")
        .order_by("package", "sort_order", "pk")
    )
    in_first = [part for part in found if part.package_id == found[0].package_id]
    stories = tuple(part.story for part in in_first)
    ids = [part.pk for part in stories]
    if len(ids) < 2 or story.pk not in ids:
        return None
    return Place(in_first[0].package, stories, ids.index(story.pk) + 1)


def _part_model() -> type | None:
    model = story_model()
    try:
        return model._meta.get_field("package_parts").related_model if model else None
    except FieldDoesNotExist:
        return None


def _stories_in_packages(parts: type) -> set[int]:
    """Return the ids of all stories in packages, as remembered for up to a minute."""
    found = cache.get(CACHE_KEY)
    if found is None:
        found = set(parts.objects.values_list("story_id", flat=True))
        cache.set(CACHE_KEY, found, newsroom_settings.CHROME_CACHE_SECONDS)
    return found
