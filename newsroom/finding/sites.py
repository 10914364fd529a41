"""Whose site a request is for, and which of its pages may be listed."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from wagtail.models import Site, get_page_models
from wagtail.query import PageQuerySet


def find_site(request: HttpRequest) -> Site:
    """Return the site that the request is for.

    :raises Http404: no site answers to this host.
    """
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    return site


def site_name(site: Site) -> str:
    return site.site_name or site.hostname


def listed_pages(site: Site) -> PageQuerySet:
    """Return the pages of a site that a search or a sitemap may name.

    Every reader may open them, and their type keeps none of them back: ``unlisted()`` of a page
    type returns the ids of those that no list shows.
    """
    pages = site.root_page.get_descendants(inclusive=True).live().public()
    for model in get_page_models():
        if hasattr(model, "unlisted"):
            pages = pages.exclude(pk__in=model.unlisted())
    return pages
