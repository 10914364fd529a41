"""Which pages show a race, and who is writing in them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import swapper
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.admin.models import EditingSession
from wagtail.models import ReferenceIndex, get_page_models

from elections.models import Contest

swapper.set_app_prefix("wagtailcore", "wagtail")


@dataclass(frozen=True)
class Story:
    """A live page with the race in it. ``editors`` have it open in the admin."""

    page_id: int
    title: str
    editors: tuple[str, ...] = ()

    @property
    def edit_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page_id])


def load_stories(contest_ids: Collection[int]) -> dict[int, tuple[Story, ...]]:
    """Return the live pages that show each race, its own page left out; three queries for all."""
    pages_of = _pages_by_race(contest_ids)
    page_ids = {page_id for found in pages_of.values() for page_id in found}
    if not page_ids:
        return {}
    pages = swapper.load_model("wagtailcore", "Page").objects.live()
    titles = dict(pages.filter(pk__in=page_ids).values_list("pk", "title"))
    editors = _editors(titles)
    stories = {
        page_id: Story(page_id, title, editors.get(page_id, ()))
        for page_id, title in titles.items()
    }
    return {
        contest_id: tuple(
            sorted((stories[pk] for pk in found if pk in stories), key=lambda story: story.title)
        )
        for contest_id, found in pages_of.items()
    }


def _pages_by_race(contest_ids: Collection[int]) -> dict[int, set[int]]:
    page_model = swapper.load_model("wagtailcore", "Page")
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(page_model),
        to_content_type=ContentType.objects.get_for_model(Contest),
        to_object_id__in=[str(pk) for pk in contest_ids],
    ).exclude(model_path="contest")
    pages: dict[int, set[int]] = defaultdict(set)
    for to_object_id, object_id in references.values_list("to_object_id", "object_id"):
        pages[int(to_object_id)].add(int(object_id))
    return pages


def _editors(page_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    sessions = EditingSession.objects.available().filter(
        content_type__in=_page_types(), object_id__in=[str(pk) for pk in page_ids]
    )
    names: dict[int, dict[str, None]] = defaultdict(dict)
    for session in sessions.select_related("user").order_by("-last_seen_at", "pk"):
        names[int(session.object_id)][session.user.get_full_name() or str(session.user)] = None
    return {page_id: tuple(found) for page_id, found in names.items()}


def _page_types() -> list[int]:
    """Return the content types of all kinds of pages; Django keeps them in memory."""
    return [found.pk for found in ContentType.objects.get_for_models(*get_page_models()).values()]
