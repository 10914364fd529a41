"""Which further stories stand at the end of a story, and why each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import (
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.utils.translation import gettext as _
from wagtail.coreutils import resolve_model_string
from wagtail.models import AbstractPage, PageViewRestriction
from wagtail.query import PageQuerySet

from newsroom.conf import newsroom_settings
from newsroom.languages import current_language, own_language, site_languages
from newsroom.models.subjects import Role, StorySubject
from newsroom.subjects import get_subjects

MOST = 4
# A box with one story looks like a mistake.
FEWEST = 2

SAME, NEAR, TOPIC, SECTION = range(4)


@dataclass(frozen=True)
class RelatedStory:
    """One further story. ``kicker`` is for readers, ``why`` for the editor."""

    page: AbstractPage
    kicker: str
    why: str


@dataclass(frozen=True)
class StoriesInRole:
    """What a subject's page lists under one heading."""

    label: str
    stories: list[AbstractPage]


def story_model() -> type[AbstractPage] | None:
    """Return the kind of page that lists show; None where the site has not said which."""
    try:
        return resolve_model_string(newsroom_settings.STORY_MODEL)
    except LookupError:
        return None


def listable(model: type[AbstractPage]) -> PageQuerySet:
    """Return the stories that may stand in a list by themselves, without a query of its own.

    Not those that are private, nor those about a rehearsal.
    """
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    private = PageViewRestriction.objects.alias(shown_path=path).filter(
        shown_path__startswith=F("page__path")
    )
    rehearsals = StorySubject.objects.filter(
        page_id=OuterRef("pk"), subject__in=get_subjects().unlisted()
    )
    stories = model.objects.live().filter(~Exists(private), ~Exists(rehearsals))
    return stories.defer_streamfields()


def find_related(
    story: AbstractPage,
    *,
    subjects: Collection[str],
    topics: Mapping[int, str],
    section: AbstractPage | None,
    without: Collection[int] = (),
) -> list[RelatedStory]:
    """Return up to four further stories: of the same race, election, topic, section.

    ``topics`` are names by id; ``without`` are pages that the reader has in front of them. Those
    of another language are left out: one may be this very story. One query. Fewer than two are
    none.
    """
    model = story_model()
    if model is None:
        return []
    nearness = _nearness(model, subjects, topics, section)
    stories = (
        listable(model)
        .filter(locale=story.locale_id)
        .exclude(pk__in={story.pk or 0, *without})
        .annotate(nearness=nearness)
        .filter(nearness__isnull=False)
        .order_by("nearness", "-first_published_at", "-pk")
    )
    found = [_explain(page, topics, section) for page in stories[:MOST]]
    return found if len(found) >= FEWEST else []


def _nearness(
    model: type[AbstractPage],
    subjects: Collection[str],
    topics: Mapping[int, str],
    section: AbstractPage | None,
) -> Case:
    cases = []
    if subjects:
        about = StorySubject.objects.filter(page_id=OuterRef("pk"))
        near = about.filter(subject__in=get_subjects().neighbours(subjects))
        cases.append(When(Exists(about.filter(subject__in=list(subjects))), then=Value(SAME)))
        cases.append(When(Exists(near), then=Value(NEAR)))
    if topics:
        links = model._meta.get_field("topic_links").related_model.objects
        shared = links.filter(page=OuterRef("pk"), topic__in=list(topics))
        cases.append(When(Exists(shared), then=Value(TOPIC)))
    if section is not None:
        below = Q(path__startswith=section.path, depth__gt=section.depth)
        cases.append(When(below, then=Value(SECTION)))
    return Case(*cases, default=None, output_field=IntegerField(null=True))


def _explain(
    page: AbstractPage, topics: Mapping[int, str], section: AbstractPage | None
) -> RelatedStory:
    kicker, why = {
        SAME: (_("On this race"), _("It is linked to the same race.")),
        NEAR: (_("From this election"), _("It is linked to a race of the same election.")),
        TOPIC: (_("On this topic"), _("It has a topic of this story.")),
        SECTION: (
            _("Latest in %(section)s") % {"section": section.title if section else ""},
            _("It is among the latest of this section."),
        ),
    }[page.nearness]
    return RelatedStory(page, kicker, why)


def _is_in(language: str) -> Q:
    """Match pages of a language; the site's own has whatever is in none of the others."""
    others = [code for code in site_languages() if code != own_language()]
    if language == own_language():
        return ~Q(locale__language_code__in=others)
    return Q(locale__language_code=language)


def stories_about_subject(key: str, *, most: int = 30) -> list[StoriesInRole]:
    """Return the stories about a subject by what they are to it, each newest first. Two queries.

    At most ``most``, the newest: those in the language of the answer at hand, or in the site's
    own where there is none.
    """
    model = story_model()
    if model is None:
        return []
    roles = dict(StorySubject.objects.filter(subject=key).values_list("page_id", "role"))
    if not roles:
        return []
    found = listable(model).filter(pk__in=roles).order_by("-first_published_at", "-pk")
    stories = list(found.filter(_is_in(current_language()))[:most])
    if not stories and current_language() != own_language():
        stories = list(found.filter(_is_in(own_language()))[:most])
    in_roles = [
        StoriesInRole(role.label, [story for story in stories if roles[story.pk] == role])
        for role in Role
    ]
    return [group for group in in_roles if group.stories]
