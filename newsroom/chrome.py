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
from newsroom.models.sections import SectionMixin

SIGNALS = (page_published, page_unpublished, page_slug_changed, post_page_move, post_delete)


@dataclass(frozen=True)
class SectionLink:
    title: str
    url: str


@dataclass(frozen=True)
class Chrome:
    site_name: str
    sections: list[SectionLink]
    is_demonstration: bool


def get_chrome(request: HttpRequest | None) -> Chrome:
    """Return the chrome for this request's site. An error page may have no request or no site."""
    site = Site.find_for_request(request) if request is not None else None
    return Chrome(
        site_name=(site and site.site_name) or getattr(settings, "WAGTAIL_SITE_NAME", ""),
        sections=get_sections(site, request) if site else [],
        is_demonstration=bool(newsroom_settings.DEMONSTRATION),
    )


def get_sections(site: Site, request: HttpRequest) -> list[SectionLink]:
    key = cache_key(site.pk)
    sections = cache.get(key)
    if sections is None:
        sections = _find_sections(site.root_page, request)
        cache.set(key, sections, newsroom_settings.CHROME_CACHE_SECONDS)
    return sections


def _find_sections(root_page: AbstractPage, request: HttpRequest) -> list[SectionLink]:
    pages = {page.pk: page for page in _marked_for_menus(root_page)}
    for model in get_page_models():
        if issubclass(model, SectionMixin):
            sections = model.objects.child_of(root_page).live().public()
            pages |= {page.pk: page for page in sections}
    in_order = sorted(pages.values(), key=lambda page: page.path)
    return [SectionLink(page.title, page.get_url(request) or "") for page in in_order]


def _marked_for_menus(root_page: AbstractPage) -> Iterable[AbstractPage]:
    """Return the pages an editor marked for menus; a site's own base page may have no such mark."""
    pages = root_page.get_descendants().live().public()
    is_markable = any(field.name == "show_in_menus" for field in pages.model._meta.get_fields())
    return pages.in_menu() if is_markable else []


def cache_key(site_id: int) -> str:
    return f"newsroom-chrome-sections-{site_id}"


def forget_sections(sender: type, **kwargs: object) -> None:
    if isinstance(sender, type) and issubclass(sender, AbstractPage):
        cache.delete_many([cache_key(pk) for pk in Site.objects.values_list("pk", flat=True)])


def connect_signals() -> None:
    for signal in SIGNALS:
        signal.connect(forget_sections, dispatch_uid="newsroom-chrome")
