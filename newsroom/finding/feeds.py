"""Stories for feed readers: Atom for a site, a section, a topic and an author."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import AbstractPage, get_page_models
from wagtail.query import PageQuerySet

from newsroom.caching import public_cache_control
from newsroom.finding.sites import find_site, site_name
from newsroom.finding.stories import stories_about, stories_by, stories_of
from newsroom.models import Author, SectionMixin, Topic
from newsroom.models.listings import newest_stories

NEWEST = 30


@require_safe
def site_feed(request: HttpRequest) -> HttpResponse:
    site = find_site(request)
    return _atom(request, stories_of(site), title=site_name(site), home="/")


@require_safe
def section_feed(request: HttpRequest, page_id: int) -> HttpResponse:
    site = find_site(request)
    kinds = [model for model in get_page_models() if issubclass(model, SectionMixin)]
    pages = site.root_page.get_descendants().live().public().type(*kinds)
    section = get_object_or_404(pages, pk=page_id).specific
    stories = newest_stories(section.story_model, parent=section)
    title = f"{section.title} | {site_name(site)}"
    return _atom(request, stories, title=title, home=section.get_url(request))


@require_safe
def topic_feed(request: HttpRequest, slug: str) -> HttpResponse:
    site = find_site(request)
    topic = get_object_or_404(Topic, slug=slug)
    title = f"{topic.name} | {site_name(site)}"
    home = reverse("newsroom:topic", args=[slug])
    return _atom(request, stories_about(topic, site), title=title, home=home)


@require_safe
def author_feed(request: HttpRequest, slug: str) -> HttpResponse:
    site = find_site(request)
    author = get_object_or_404(Author, slug=slug)
    title = f"{author.name} | {site_name(site)}"
    home = reverse("newsroom:author", args=[slug])
    return _atom(request, stories_by(author, site), title=title, home=home)


def _atom(request: HttpRequest, stories: PageQuerySet, *, title: str, home: str) -> HttpResponse:
    """Answer with a feed, or say that it has not changed."""
    stories = list(stories.prefetch_related("bylines__author")[:NEWEST])
    feed = Atom1Feed(
        title=title,
        link=request.build_absolute_uri(home),
        description="",
        language=get_language(),
        feed_url=request.build_absolute_uri(request.path),
        feed_guid=request.build_absolute_uri(request.path),
    )
    for story in stories:
        _add(feed, story, request)
    text = feed.writeString("utf-8")
    etag = quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    latest = max((_changed_at(story) for story in stories), default=None)
    modified = int(latest.timestamp()) if latest else None
    response = HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
    response = get_conditional_response(request, etag, modified, response)
    response["ETag"] = etag
    if modified:
        response["Last-Modified"] = http_date(modified)
    response["Cache-Control"] = public_cache_control()
    return response


def _changed_at(story: AbstractPage):
    return story.updated_at or story.published_at


def _add(feed: Atom1Feed, story: AbstractPage, request: HttpRequest) -> None:
    authors = [byline.author.name for byline in story.bylines.all()]
    image = story.lead_image
    enclosures = []
    if image is not None:
        rendition = image.get_rendition("fill-1200x800|format-jpeg")
        url = request.build_absolute_uri(rendition.url)
        enclosures.append(Enclosure(url, "0", "image/jpeg"))
    feed.add_item(
        title=story.title,
        link=request.build_absolute_uri(story.get_url(request)),
        description=story.dek,
        unique_id=story_tag(story, request),
        pubdate=story.published_at,
        updateddate=_changed_at(story),
        author_name=", ".join(authors) or None,
        enclosures=enclosures,
    )


def story_tag(story: AbstractPage, request: HttpRequest) -> str:
    """Return an id that stays when the story moves: its host, its first day and its number."""
    host = request.get_host().partition(":")[0]
    return f"tag:{host},{story.published_at:%Y-%m-%d}:story-{story.pk}"
