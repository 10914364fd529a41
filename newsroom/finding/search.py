"""Looking for stories and races, in the site's own database.

Any public page is found. A page type may say more about itself: ``search_kind`` is a key and what
readers call it, ``unlisted()`` returns the ids of pages that no list shows, and
``add_search_lines(pages)`` gives each of its pages a ``search_line``: how a race stands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from wagtail.models import AbstractPage, Site, get_page_models
from wagtail.query import PageQuerySet

from newsroom.caching import publicly_cacheable
from newsroom.finding.sites import find_site, listed_pages

LONGEST_QUERY = 100
RESULTS_PER_PAGE = 20
MOST_PAGES = 10
NO_WORD = re.compile(r"[^\w\s'’.&-]")


@dataclass(frozen=True)
class Kind:
    """A kind of page that readers can choose."""

    key: str
    label: str


def kinds() -> dict[str, tuple[Kind, list[type[AbstractPage]]]]:
    """Return the kinds of pages on this site by key, each with its page types."""
    found: dict[str, tuple[Kind, list[type[AbstractPage]]]] = {}
    for model in get_page_models():
        if hasattr(model, "search_kind"):
            key, label = model.search_kind
            found.setdefault(key, (Kind(key, str(label)), []))[1].append(model)
    return found


def find_pages(site: Site, query: str, models: Sequence[type[AbstractPage]] = ()) -> PageQuerySet:
    """Return the public pages of a site that may be found, of these types or of all."""
    pages = listed_pages(site)
    if models:
        pages = pages.type(*models)
    return pages.search(query)


@require_safe
@publicly_cacheable
def search(request: HttpRequest) -> HttpResponse:
    site = find_site(request)
    query = clean_query(request.GET.get("q", ""))
    choices = kinds()
    chosen, models = choices.get(request.GET.get("kind", ""), (None, ()))
    results = _page(find_pages(site, query, models), request.GET.get("page")) if query else None
    return render(
        request,
        "newsroom/search.html",
        {
            "query": query,
            "kinds": [kind for kind, _models in choices.values()],
            "chosen": chosen,
            "asked": urlencode({"q": query} | ({"kind": chosen.key} if chosen else {})),
            "results": results,
            "found": _describe(results, query) if results else [],
        },
    )


def clean_query(text: str) -> str:
    """Return the words of a query: a mark that an index reads as its own language is left out."""
    return " ".join(NO_WORD.sub(" ", text[: 4 * LONGEST_QUERY]).split())[:LONGEST_QUERY]


def _page(pages: PageQuerySet, number: str | None) -> Page:
    paginator = Paginator(pages[: RESULTS_PER_PAGE * MOST_PAGES], RESULTS_PER_PAGE)
    return paginator.get_page(number)


@dataclass(frozen=True)
class Found:
    """One result. ``title`` and ``words`` have the query marked in them."""

    page: AbstractPage
    kind: str
    title: SafeString
    words: SafeString


def _describe(results: Iterable[AbstractPage], query: str) -> list[Found]:
    pages = _specific(results)
    return [
        Found(
            page=page,
            kind=str(getattr(page, "search_kind", ("", ""))[1]),
            title=mark_words(page.title, query),
            words=mark_words(_words(page), query),
        )
        for page in pages
    ]


def _specific(results: Iterable[AbstractPage]) -> list[AbstractPage]:
    """Return the pages with what their type knows, in the order found: one query for a type."""
    found = list(results)
    ids: dict[type[AbstractPage], list[int]] = defaultdict(list)
    for page in found:
        ids[page.specific_class or type(page)].append(page.pk)
    pages: dict[int, AbstractPage] = {}
    for model, wanted in ids.items():
        of_type = list(model.objects.filter(pk__in=wanted).defer_streamfields())
        if hasattr(model, "add_search_lines"):
            model.add_search_lines(of_type)
        pages |= {page.pk: page for page in of_type}
    return [pages[page.pk] for page in found if page.pk in pages]


def _words(page: AbstractPage) -> str:
    for name in ("search_line", "dek", "introduction", "search_description"):
        if text := getattr(page, name, ""):
            return str(text)
    return ""


def mark_words(text: str, query: str) -> SafeString:
    """Return the text, escaped, with each word of the query in ``<mark>``."""
    words = sorted({re.escape(word) for word in query.split() if len(word) > 1}, key=len)
    if not words:
        return mark_safe(escape(text))
    parts = re.split(f"({'|'.join(reversed(words))})", text, flags=re.IGNORECASE)
    marked = (
        f"<mark>{escape(part)}</mark>" if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )
    return mark_safe("".join(marked))
