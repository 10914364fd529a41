"""Internal links of many rich texts, resolved together."""

import secrets
from collections.abc import Collection, Sequence
from functools import lru_cache
from uuid import UUID

import swapper
from django.http import HttpRequest
from django.utils.html import escape
from wagtail.models import AbstractPage
from wagtail.rich_text import expand_db_html, features
from wagtail.rich_text.rewriters import EmbedRewriter, LinkRewriter, MultiRuleRewriter

from newsroom.languages import current_language, own_language

swapper.set_app_prefix("wagtailcore", "wagtail")


def expand_together(sources: Sequence[str], request: HttpRequest | None) -> list[str]:
    """Return each rich text as readers get it: one batch of lookups for all of them."""
    if not sources:
        return []
    # Random, so that no text can hold it.
    separator = f"<!--{secrets.token_hex(16)}-->"
    rewrite = _rewriter(request) or expand_db_html
    return rewrite(separator.join(sources)).split(separator)


def _rewriter(request: HttpRequest | None) -> MultiRuleRewriter | None:
    """Return Wagtail's rewriters with our page links, or None where Wagtail's must do.

    A site's own handler for page links stays.
    """
    # Wagtail's module needs the models to be loaded.
    from wagtail.rich_text.pages import PageLinkHandler

    link_types = features.get_link_types()
    if link_types.get(PageLinkHandler.identifier) is not PageLinkHandler:
        return None
    links = {name: handler.expand_db_attributes_many for name, handler in link_types.items()}
    links[PageLinkHandler.identifier] = lambda attributes: open_page_links(attributes, request)
    return MultiRuleRewriter([LinkRewriter(bulk_rules=links), _embeds()])


@lru_cache(maxsize=1)
def _embeds() -> EmbedRewriter:
    return EmbedRewriter(
        bulk_rules={
            name: handler.expand_db_attributes_many
            for name, handler in features.get_embed_types().items()
        }
    )


def open_page_links(attributes: Sequence[dict], request: HttpRequest | None) -> list[str]:
    """Return the opening tag of each link, with one query for all pages.

    A page that was deleted or taken down has no address: its link is plain text, not a 404.
    """
    pages = find_pages({link.get("id", "") for link in attributes})
    tags = []
    for link in attributes:
        page = pages.get(link.get("id", ""))
        url = page.get_url(request) if page else None
        tags.append(f'<a href="{escape(url)}">' if url else "<a>")
    return tags


def find_pages(ids: set[str]) -> dict[str, AbstractPage]:
    """Return the live pages by id, in the language at hand where they are translated into it.

    Pages with addresses of their own come in specific form.
    """
    Page = swapper.load_model("wagtailcore", "Page")  # noqa: N806
    pages = Page.objects.live().in_bulk([pk for pk in ids if pk.isdigit()])
    translated = _translations(pages.values())
    return {
        str(pk): _addressable(translated.get(page.translation_key, page))
        for pk, page in pages.items()
    }


def _translations(pages: Collection[AbstractPage]) -> dict[UUID, AbstractPage]:
    """Return translations by their key; no query in the site's own language."""
    language = current_language()
    if language == own_language() or not pages:
        return {}
    Page = swapper.load_model("wagtailcore", "Page")  # noqa: N806
    keys = [page.translation_key for page in pages]
    found = Page.objects.live().filter(translation_key__in=keys, locale__language_code=language)
    return {page.translation_key: page for page in found}


def _addressable(page: AbstractPage) -> AbstractPage:
    specific_class = page.specific_class
    is_plain = specific_class is None or (
        specific_class.get_url_parts is AbstractPage.get_url_parts
        and specific_class.get_url is AbstractPage.get_url
    )
    return page if is_plain else page.specific
