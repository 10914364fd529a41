from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F, Prefetch, Window
from django.db.models.functions import RowNumber, Substr
from wagtail.coreutils import resolve_model_string
from wagtail.images import get_image_model
from wagtail.models import AbstractPage
from wagtail.query import PageQuerySet


def newest_stories(
    story_model: str,
    *,
    parent: AbstractPage | None = None,
    above: AbstractPage | None = None,
) -> PageQuerySet:
    """Return the stories every reader may open, newest first, ready to be listed.

    ``parent`` keeps its children, ``above`` everything below it. The body is left in the
    database; lead images come with their renditions, whatever the number of stories.
    """
    stories = resolve_model_string(story_model).objects.live().public()
    if parent is not None:
        stories = stories.child_of(parent)
    if above is not None:
        stories = stories.descendant_of(above)
    images = get_image_model().objects.prefetch_renditions()
    return (
        stories.defer_streamfields()
        .prefetch_related(Prefetch("lead_image", queryset=images))
        .order_by("-first_published_at", "-pk")
    )


def newest_by_section(
    story_model: str,
    sections: Sequence[AbstractPage],
    *,
    count: int,
    without: Sequence[int] = (),
) -> dict[str, list[AbstractPage]]:
    """Return up to ``count`` stories of each section by its path, in one query for all.

    The sections are siblings, so their paths are equally long.
    """
    latest: dict[str, list[AbstractPage]] = defaultdict(list)
    if not sections:
        return latest
    depth = len(sections[0].path)
    place = Window(
        RowNumber(),
        partition_by=F("section_path"),
        order_by=[F("first_published_at").desc(), F("pk").desc()],
    )
    stories = (
        newest_stories(story_model)
        .exclude(pk__in=without)
        .annotate(section_path=Substr("path", 1, depth))
        .filter(
            section_path__in=[section.path for section in sections], depth__gt=sections[0].depth
        )
        .annotate(place=place)
        .filter(place__lte=count)
    )
    for story in stories:
        latest[story.section_path].append(story)
    return latest
