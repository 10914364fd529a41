"""Whose site a request is for."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from wagtail.models import Site


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
