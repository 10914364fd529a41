"""What search engines read about a story: schema.org, as data beside the page."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import AbstractPage, Site

from newsroom.blocks.boxes import CorrectionBlock
from newsroom.bodies import blocks_of
from newsroom.finding.sites import site_name

# What could end the element, or be taken for the start of another one.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
IMAGE = "fill-1200x800|format-jpeg"


def as_script(data: dict[str, Any]) -> SafeString:
    """Return the data as an element that no browser runs; a strict policy allows it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


def describe_story(
    story: AbstractPage,
    request: HttpRequest,
    *,
    authors: list,
    section: AbstractPage | None,
    topics: list,
) -> dict[str, Any]:
    """Return a NewsArticle with its breadcrumbs. Its dates move only on a real change."""
    url = story.get_full_url(request)
    article = {
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": url,
        "headline": story.title,
        "description": story.dek,
        "author": [_person(author, request) for author in authors],
        "publisher": _publisher(request),
        "isAccessibleForFree": True,
        **_dates(story),
        **_picture(story, request),
    }
    if section is not None:
        article["articleSection"] = section.title
    if topics:
        article["keywords"] = [topic.name for topic in topics]
    if hasattr(story, "structured_facts"):
        article.update(story.structured_facts(request))
    if corrections := _corrections(story):
        article["correction"] = corrections
    return {"@context": "https://schema.org", "@graph": [article, _crumbs(story, section, request)]}


def _dates(story: AbstractPage) -> dict[str, str]:
    if story.published_at is None:
        return {}
    changed_at = story.updated_at or story.published_at
    return {
        "datePublished": story.published_at.isoformat(),
        "dateModified": changed_at.isoformat(),
    }


def _picture(story: AbstractPage, request: HttpRequest) -> dict[str, Any]:
    if story.lead_image is None:
        return {}
    return {"image": [request.build_absolute_uri(story.lead_image.get_rendition(IMAGE).url)]}


def _person(author: Any, request: HttpRequest) -> dict[str, str]:
    person = {"@type": "Person", "name": author.name}
    return {**person, "url": request.build_absolute_uri(author.url)} if author.url else person


def _publisher(request: HttpRequest) -> dict[str, str]:
    site = Site.find_for_request(request)
    name = site_name(site) if site else request.get_host()
    return {"@type": "NewsMediaOrganization", "name": name, "url": request.build_absolute_uri("/")}


def _corrections(story: AbstractPage) -> list[dict[str, str]]:
    return [
        {
            "@type": "CorrectionComment",
            "text": child.value["text"],
            "datePublished": child.value["date"].isoformat(),
        }
        for child in blocks_of(story.body)
        if isinstance(child.block, CorrectionBlock) and child.value.get("text")
    ]


def _crumbs(
    story: AbstractPage, section: AbstractPage | None, request: HttpRequest
) -> dict[str, Any]:
    pages = [page for page in (section, story) if page is not None]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": page.title,
                "item": page.get_full_url(request),
            }
            for place, page in enumerate(pages, start=1)
        ],
    }
