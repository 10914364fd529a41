"""For search engines: which pages there are, which are news, and what they may read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from newsroom.caching import publicly_cacheable
from newsroom.conf import newsroom_settings
from newsroom.finding.sites import find_site, listed_pages, site_name
from newsroom.finding.stories import stories_of

# What news search engines want: stories of the last two days, a thousand at most.
NEWS_AGE = timedelta(days=2)
NEWS_MOST = 1000
PER_SITEMAP = 2000
XML = "application/xml; charset=utf-8"


@require_safe
@publicly_cacheable
def index(request: HttpRequest) -> HttpResponse:
    count = listed_pages(find_site(request)).count()
    parts = range(1, max((count - 1) // PER_SITEMAP + 1, 1) + 1)
    addresses = [reverse("newsroom:sitemap", args=[part]) for part in parts]
    urls = [
        request.build_absolute_uri(address)
        for address in [*addresses, reverse("newsroom:news_sitemap")]
    ]
    return render(request, "newsroom/sitemap_index.xml", {"urls": urls}, content_type=XML)


@require_safe
@publicly_cacheable
def sitemap(request: HttpRequest, part: int) -> HttpResponse:
    first = (part - 1) * PER_SITEMAP
    in_order = listed_pages(find_site(request)).order_by("path")
    pages = list(in_order[first : first + PER_SITEMAP]) if part else []
    if not pages:
        raise Http404
    urls = ((page.get_full_url(request), page.latest_revision_created_at) for page in pages)
    context = {"pages": [(url, changed_at) for url, changed_at in urls if url]}
    return render(request, "newsroom/sitemap.xml", context, content_type=XML)


@require_safe
@publicly_cacheable
def news(request: HttpRequest) -> HttpResponse:
    site = find_site(request)
    since = timezone.now() - NEWS_AGE
    stories = stories_of(site).filter(first_published_at__gte=since)[:NEWS_MOST]
    context = {
        "name": site_name(site),
        "language": (get_language() or "en")[:2],
        "stories": [(story.get_full_url(request), story) for story in stories],
    }
    return render(request, "newsroom/news_sitemap.xml", context, content_type=XML)


@require_safe
@publicly_cacheable
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("\n".join(_rules(request)) + "\n", content_type="text/plain; charset=utf-8")


def _rules(request: HttpRequest) -> Iterator[str]:
    yield "User-agent: *"
    if newsroom_settings.DEMONSTRATION:
        yield "Disallow: /"
        return
    yield f"Disallow: {reverse('newsroom:search')}"
    yield "Disallow: /admin/"
    yield ""
    yield f"Sitemap: {request.build_absolute_uri(reverse('newsroom:sitemap_index'))}"
