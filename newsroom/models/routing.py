from django.http import HttpRequest
from wagtail.models import AbstractPage
from wagtail.url_routing import RouteResult


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
