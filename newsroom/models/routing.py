from collections.abc import Iterator
from functools import reduce
from operator import or_

from django.db.models import Q
from django.http import Http404, HttpRequest
from wagtail.models import AbstractPage
from wagtail.url_routing import RouteResult

from newsroom.languages import address_in, current_language, own_language

# A longer path is walked as Wagtail does it, step by step, to the first that is missing.
MOST_STEPS = 8


class LeanRouteMixin:
    """Finds a page below this one without fetching the whole of every page on the way.

    Wagtail asks for each step of a path by itself, and loads each page on it in its specific form
    only to ask it for the next step. A page that takes that step in Wagtail's ordinary way does
    not need its own fields for it: here all steps come in one query. Pages with routes of their
    own are loaded and asked as usual.
    """

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if not 1 < len(path_components) <= MOST_STEPS:
            return super().route(request, path_components)
        page = self
        for number, child in enumerate(_steps_below(self, path_components), start=1):
            child._cached_parent_obj = page
            remaining = path_components[number:]
            if not remaining or not _routes_plainly(child):
                return _whole(child).route(request, remaining)
            page = child
        raise Http404


def _steps_below(page: AbstractPage, slugs: list[str]) -> Iterator[AbstractPage]:
    """Yield the pages on a path as base pages, as far as there are any; one query."""
    steps = [Q(depth=page.depth + number, slug=slug) for number, slug in enumerate(slugs, start=1)]
    found = list(page.get_descendants().filter(reduce(or_, steps)))
    for slug in slugs:
        below = [one for one in found if one.is_child_of(page) and one.slug == slug]
        if not below:
            return
        page = below[0]
        yield page


def _whole(page: AbstractPage) -> AbstractPage:
    """Return a page in its specific form, together with what its class wants fetched along."""
    along = getattr(page.specific_class, "fetched_along", ())
    if not along:
        return page.specific
    whole = page.specific_class._default_manager.select_related(*along).get(pk=page.pk)
    whole._cached_parent_obj = page._cached_parent_obj
    return whole


def ancestors_at_hand(page: AbstractPage) -> list[AbstractPage] | None:
    """Return the page and those above it, less the root of the tree, as the route has found them.

    None where one of them is not known.
    """
    found = [page]
    while found[-1].depth > 2:
        parent = getattr(found[-1], "_cached_parent_obj", None)
        if parent is None:
            return None
        found.append(parent)
    return found


def _routes_plainly(page: AbstractPage) -> bool:
    route = getattr(page.specific_class, "route", None)
    return route in (AbstractPage.route, LeanRouteMixin.route)


class EveryLanguageMixin:
    """For pages that need no translation, because the machine writes them in every language.

    One page answers at ``/races/mayor/`` and at ``/es/races/mayor/``. ``spoken_title``, where a
    page has it, is what menus call it in the language at hand. Put it before the base page.
    """

    speaks_every_language = True

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple | None:
        """Return the address in the language of the answer at hand."""
        parts = super().get_url_parts(request)
        if parts is None or parts[2] is None:
            return parts
        site_id, root_url, path = parts
        return site_id, root_url, address_in(current_language(), path)


def speaks_every_language(page: AbstractPage) -> bool:
    return getattr(page.specific_class, "speaks_every_language", False)


class LanguageRouteMixin:
    """For the front page: in another language than the site's own it has translated pages only.

    A page that speaks every language needs no translation, and is found where it stands in the
    site's own language.
    """

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        language = current_language()
        if language == own_language():
            return super().route(request, path_components)
        if self.locale.language_code == language:
            try:
                return super().route(request, path_components)
            except Http404:
                own = self.get_translations().filter(locale__language_code=own_language()).first()
                if own is None or not path_components:
                    raise
                result = own.specific.route(request, path_components)
        else:
            result = super().route(request, path_components)
        if not speaks_every_language(result.page):
            raise Http404("This page is not in that language.")
        return result
