"""What stands around a story by itself: its races, its package, further stories."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from wagtail.models import AbstractPage

from newsroom.finding.packages import Place, place_of
from newsroom.finding.related import RelatedStory, find_related
from newsroom.linking import links_of, roles_of
from newsroom.models import StorySubject, Topic
from newsroom.subjects import Subject, Subjects, get_subjects


@dataclass(frozen=True)
class Surroundings:
    """``about`` is the heading of the subjects."""

    about: str
    subjects: list[Subject]
    place: Place | None
    related: list[RelatedStory]


def surroundings_of(
    story: AbstractPage,
    *,
    topics: Collection[Topic],
    section: AbstractPage | None,
    without: Collection[int] = (),
    is_preview: bool = False,
) -> Surroundings:
    """Return what stands around a story, in three queries.

    Nothing is listed that the text links to already, nor a page of ``without``. A preview has the
    subjects of the draft, other readers have what was written down when the story was published.
    """
    provider = get_subjects()
    subjects = [] if provider.is_empty else _subjects(provider, story, is_preview)
    place = place_of(story)
    beside = [part.pk for part in place.stories] if place else []
    related = []
    if story.lists_further_stories:
        related = find_related(
            story,
            subjects=[subject.key for subject in subjects],
            topics={topic.pk: topic.name for topic in topics},
            section=section,
            without={*links_of(story).pages, *beside, *without},
        )
    return Surroundings(provider.get_about(len(subjects)), subjects, place, related)


def _subjects(provider: Subjects, story: AbstractPage, is_preview: bool) -> list[Subject]:
    if is_preview:
        return list(provider.find(roles_of(story)).values())
    gathered = provider.at_hand(story)
    if gathered is not None:
        return list(gathered.values())
    written = StorySubject.objects.filter(page_id=story.pk)
    return list(provider.find(written.values("subject")).values())
