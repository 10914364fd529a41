from django.http import Http404, HttpRequest
from wagtail.models import AbstractPage
from wagtail.url_routing import RouteResult

from newsroom.languages import address_in, current_language, own_language


class LeanRouteMixin:
    """Finds a page below this one without fetching the whole of every page on the way.

    Wagtail loads each page on the path in its specific form, only to ask it for the next step.
    A page that takes that step in Wagtail's ordinary way does not need its own fields for it:
    one query less per section. Pages with routes of their own are loaded as usual.
    """

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if len(path_components) < 2:
            return super().route(request, path_components)
        slug, *remaining = path_components
        child = self.get_children().filter(slug=slug).first()
        if child is None or not _routes_plainly(child):
            return super().route(request, path_components)
        child._cached_parent_obj = self
        return AbstractPage.route(child, request, remaining)


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
