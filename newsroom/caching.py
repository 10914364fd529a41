"""Which responses any cache in front may keep, and for how long.

A public page is the same for everyone: it reads no cookie, sets none and holds no token. Whatever
breaks that (a view restriction, a session that was read, a CSRF token in a template) makes the
response private again, whatever the page asked for.
"""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from newsroom.conf import newsroom_settings
from newsroom.languages import current_language, own_language

PRIVATE = "private, no-store"


def public_cache_control() -> str:
    """Return the Cache-Control header of a public page."""
    directives = newsroom_settings.PAGE_CACHE
    return ", ".join(["public", *(f"{name}={seconds}" for name, seconds in directives.items())])


def decide_caching(request: HttpRequest, response: HttpResponse) -> None:
    """Write Cache-Control on a finished response, unless it is private already."""
    if is_personal(request, response):
        response["Cache-Control"] = PRIVATE
        response.headers.pop("Expires", None)
    elif request.method in ("GET", "HEAD") and response.status_code == 200:
        response["Cache-Control"] = public_cache_control()


def is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether this response may hold something that is not for everyone."""
    stated = response.get("Cache-Control", "")
    session = getattr(request, "session", None)
    return bool(
        "private" in stated
        or "no-store" in stated
        or getattr(request, "is_preview", False)
        or (session is not None and session.accessed)
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        or response.cookies
    )


def make_cacheable(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Decide about a response once it is rendered and every hook has had its say.

    Wagtail marks a restricted page after ``serve()`` and before rendering; a template that reads
    the session or writes a token shows itself in rendering.
    """
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.add_post_render_callback(lambda rendered: decide_caching(request, rendered))
    else:
        decide_caching(request, response)
    return response


def publicly_cacheable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views other than pages, whose GET answers are the same for everyone."""

    @wraps(view)
    def cacheable_view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return make_cacheable(request, view(request, *args, **kwargs))

    return cacheable_view


class CacheablePageMixin:
    """For page types whose pages are the same for every reader. Put it before the base page."""

    speaks_every_language = False

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Answer in the page's own language only, unless it speaks every one of them."""
        if not self.speaks_every_language and not self._is_in(current_language()):
            raise Http404
        return make_cacheable(request, super().serve(request, *args, **kwargs))

    def _is_in(self, language: str) -> bool:
        return language == own_language() or self.locale.language_code == language
