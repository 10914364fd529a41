"""Which stories stand in which list."""

from __future__ import annotations

from wagtail.models import Site
from wagtail.query import PageQuerySet

from newsroom.conf import newsroom_settings
from newsroom.models import Author, Topic
from newsroom.models.listings import newest_stories


def stories_of(site: Site) -> PageQuerySet:
    """Return the stories of a site that every reader may open, newest first."""
    return newest_stories(newsroom_settings.STORY_MODEL, above=site.root_page)


def stories_about(topic: Topic, site: Site) -> PageQuerySet:
    return stories_of(site).filter(topic_links__topic=topic)


def stories_by(author: Author, site: Site) -> PageQuerySet:
    return stories_of(site).filter(bylines__author=author)
