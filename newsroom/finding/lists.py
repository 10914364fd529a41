"""A topic's and an author's page: their stories, newest first."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.query import PageQuerySet

from newsroom.caching import publicly_cacheable
from newsroom.finding.sites import find_site
from newsroom.finding.stories import stories_about, stories_by
from newsroom.models import Author, Topic
from newsroom.models.sections import STORIES_PER_PAGE


@require_safe
@publicly_cacheable
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    topic = get_object_or_404(Topic, slug=slug)
    stories = stories_about(topic, find_site(request))
    feed = reverse("newsroom:topic_feed", args=[topic.slug])
    return _list(request, "newsroom/topic.html", stories, topic=topic, feed_url=feed)


@require_safe
@publicly_cacheable
def author(request: HttpRequest, slug: str) -> HttpResponse:
    author = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    stories = stories_by(author, find_site(request))
    feed = reverse("newsroom:author_feed", args=[author.slug])
    return _list(request, "newsroom/author.html", stories, author=author, feed_url=feed)


def _list(
    request: HttpRequest, template: str, stories: PageQuerySet, **context: object
) -> HttpResponse:
    pages = Paginator(stories, STORIES_PER_PAGE)
    number = request.GET.get("page")
    address = request.build_absolute_uri(request.path)
    return render(
        request,
        template,
        {**context, "stories": pages.get_page(number), "canonical_url": address},
    )
