"""What stands around every page: the site's name, its sections, whether it is a demonstration.

The menu has the sections, and every page that an editor marks for menus. It is the same on every
page, so it is remembered in Django's cache, and forgotten when any page is published, taken down,
moved, renamed or deleted.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db.models.signals import post_delete
from django.http import HttpRequest
from wagtail.models import AbstractPage, Site, get_page_models
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from newsroom.conf import newsroom_settings
from newsroom.languages import (
    Language,
    address_in,
    current_language,
    own_language,
    site_languages,
)
from newsroom.models.routing import speaks_every_language
from newsroom.models.sections import SectionMixin

SIGNALS = (page_published, page_unpublished, page_slug_changed, post_page_move, post_delete)


@dataclass(frozen=True)
class SectionLink:
    title: str
    url: str


@dataclass(frozen=True)
class Chrome:
    site_name: str
    home_url: str
    sections: list[SectionLink]
    is_demonstration: bool
    languages: tuple[Language, ...] = ()


def get_chrome(request: HttpRequest | None, page: AbstractPage | None = None) -> Chrome:
    """Return the chrome for this request's site. An error page may have no request or no site."""
    site = Site.find_for_request(request) if request is not None else None
    return Chrome(
        site_name=(site and site.site_name) or getattr(settings, "WAGTAIL_SITE_NAME", ""),
        home_url=get_home(site, request) if site else "/",
        sections=get_sections(site, request) if site else [],
        is_demonstration=bool(newsroom_settings.DEMONSTRATION),
        languages=tuple(get_languages(request, page)) if request is not None else (),
    )


def get_languages(request: HttpRequest, page: AbstractPage | None) -> Iterable[Language]:
    """Yield every language that this very page is in, with its address; nothing for one alone."""
    names = site_languages()
    if len(names) == 1:
        return
    addresses = _addresses(request, page)
    current = current_language()
    if set(addresses) <= {current}:
        return
    for code, name in names.items():
        if code in addresses:
            address = request.build_absolute_uri(addresses[code])
            yield Language(code, name, address, is_current=code == current)


def _addresses(request: HttpRequest, page: AbstractPage | None) -> dict[str, str]:
    match = request.resolver_match
    if not isinstance(page, AbstractPage):
        is_ours = match is not None and bool(match.namespaces)
        return {code: address_in(code, request.path) for code in site_languages() if is_ours}
    if speaks_every_language(page):
        own = page.get_url(request) or "/"
        return {code: address_in(code, own) for code in site_languages()}
    site = Site.find_for_request(request)
    key = languages_key(page, site.pk if site else 0)
    addresses = cache.get(key)
    if addresses is None:
        pages = page.get_translations(inclusive=True).live().public().select_related("locale")
        addresses = {one.locale.language_code: one.get_url(request) or "/" for one in pages}
        cache.set(key, addresses, newsroom_settings.CHROME_CACHE_SECONDS)
    return addresses


def get_home(site: Site, request: HttpRequest) -> str:
    """Return the front page in the language at hand, or the site's own where there is none."""
    language = current_language()
    if language == own_language():
        return "/"
    key = f"{cache_key(site.pk, language)}-home"
    home = cache.get(key)
    if home is None:
        translated = site.root_page.localized
        home = translated.get_url(request) or "/"
        cache.set(key, home, newsroom_settings.CHROME_CACHE_SECONDS)
    return home


def get_sections(site: Site, request: HttpRequest) -> list[SectionLink]:
    key = cache_key(site.pk, current_language())
    sections = cache.get(key)
    if sections is None:
        sections = _find_sections(site.root_page, request)
        cache.set(key, sections, newsroom_settings.CHROME_CACHE_SECONDS)
    return sections


def _find_sections(root_page: AbstractPage, request: HttpRequest) -> list[SectionLink]:
    pages = {page.pk: page for page in _marked_for_menus(root_page)}
    if current_language() != own_language():
        pages = {pk: page for pk, page in pages.items() if speaks_every_language(page)}
        if root_page.localized == root_page:
            return [_link(page, request) for page in pages.values()]
        root_page = root_page.localized
    for model in get_page_models():
        if issubclass(model, SectionMixin):
            sections = model.objects.child_of(root_page).live().public()
            pages |= {page.pk: page for page in sections}
    in_order = sorted(pages.values(), key=lambda page: page.path)
    return [_link(page, request) for page in in_order]


def _link(page: AbstractPage, request: HttpRequest) -> SectionLink:
    """Return a link; a page that speaks every language may have a ``spoken_title`` in this one."""
    known = page.specific if speaks_every_language(page) else page
    title = getattr(known, "spoken_title", page.title)
    return SectionLink(title, known.get_url(request) or "")


def _marked_for_menus(root_page: AbstractPage) -> Iterable[AbstractPage]:
    """Return the pages an editor marked for menus; a site's own base page may have no such mark."""
    pages = root_page.get_descendants().live().public()
    is_markable = any(field.name == "show_in_menus" for field in pages.model._meta.get_fields())
    return pages.in_menu() if is_markable else []


def cache_key(site_id: int, language: str) -> str:
    return f"newsroom-chrome-sections-{site_id}-{language}"


def languages_key(page: AbstractPage, site_id: int) -> str:
    return f"newsroom-chrome-languages-{page.translation_key}-{site_id}"


def forget_sections(sender: type, **kwargs: object) -> None:
    if isinstance(sender, type) and issubclass(sender, AbstractPage):
        site_ids = list(Site.objects.values_list("pk", flat=True))
        keys = [cache_key(pk, language) for pk in site_ids for language in site_languages()]
        cache.delete_many([*keys, *(f"{key}-home" for key in keys)])
        page = kwargs.get("instance")
        if isinstance(page, AbstractPage):
            cache.delete_many([languages_key(page, pk) for pk in [0, *site_ids]])


def connect_signals() -> None:
    for signal in SIGNALS:
        signal.connect(forget_sections, dispatch_uid="newsroom-chrome")
