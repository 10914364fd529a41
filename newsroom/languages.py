"""The languages that a site speaks to its readers, and where each of them stands.

The site's own language has plain addresses; another one has them behind its code: ``/es/…``.
That is what ``i18n_patterns(…, prefix_default_language=False)`` makes. An address decides the
language, never the browser's wish: caches keep one page for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


@dataclass(frozen=True)
class Language:
    """``name`` is what it calls itself; ``address`` is where the page at hand is in it."""

    code: str
    name: str
    address: str = ""
    is_current: bool = False


def own_language() -> str:
    return settings.LANGUAGE_CODE


def site_languages() -> dict[str, str]:
    """Return code and name of each language that has addresses here, the site's own first."""
    names = dict(settings.LANGUAGES)
    own = {own_language(): names.get(own_language(), own_language())}
    return own | names if getattr(settings, "WAGTAIL_I18N_ENABLED", False) else own


def current_language() -> str:
    """Return the language of the answer at hand; the site's own where it is none of the site's."""
    active = translation.get_language()
    return active if active in site_languages() else own_language()


def language_at(path: str) -> str:
    """Return the language of an address: the code it begins with, or the site's own."""
    code = path.lstrip("/").partition("/")[0]
    return code if code != own_language() and code in site_languages() else own_language()


def address_in(language: str, address: str) -> str:
    """Return the same address in another language.

    >>> address_in("es", "/races/mayor/?page=2")
    '/es/races/mayor/?page=2'
    """
    parts = urlsplit(address)
    path = parts.path or "/"
    here = language_at(path)
    if here != own_language():
        path = path.removeprefix(f"/{here}") or "/"
    if language != own_language():
        path = f"/{language}{path}"
    return urlunsplit(parts._replace(path=path))


class LanguageMiddleware:
    """Lets the address decide the language.

    In place of Django's ``LocaleMiddleware``, which lets cookies and browsers decide and tells
    caches to keep a page for each wish.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_at(request.path_info)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
