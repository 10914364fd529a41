import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import swapper
from django.core.exceptions import ValidationError
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ListBlock,
    PageChooserBlock,
    StructBlock,
    StructValue,
    TextBlock,
    URLBlock,
)
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock
from wagtail.images.models import AbstractImage
from wagtail.models import AbstractPage, PageViewRestriction
from wagtail.rich_text.rewriters import extract_attrs

from newsroom.blocks import groups

swapper.set_app_prefix("wagtailcore", "wagtail")

ANCHOR = re.compile(r"<a(\s[^>]*)>")


@dataclass(frozen=True)
class RelatedStory:
    title: str
    url: str
    is_external: bool = False
    published_at: datetime | None = None
    dek: str = ""
    image: AbstractImage | None = None


class PublicPageChooserBlock(PageChooserBlock):
    """Fetches the chosen pages of a whole body at once, and whether each may be shown.

    A page that may not be shown stays chosen, so that it comes back when it is published again.
    """

    def bulk_to_python(self, values: Iterable[int | None]) -> list[AbstractPage | None]:
        values = list(values)
        path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
        restricted = PageViewRestriction.objects.alias(shown_path=path).filter(
            shown_path__startswith=F("page__path")
        )
        pages = (
            self.model_class.objects.filter(pk__in=[pk for pk in values if pk])
            .annotate(is_restricted=Exists(restricted))
            .in_bulk()
        )
        unlisted = _unlisted(list(pages.values()))
        for page in pages.values():
            page.is_restricted = page.is_restricted or page.pk in unlisted
        return [pages.get(pk) for pk in values]


def _unlisted(pages: list[AbstractPage]) -> set[int]:
    """Return which of these pages no list shows; one query for each type that has such."""
    found: set[int] = set()
    types = {page.specific_class for page in pages}
    for model in types:
        if hasattr(model, "unlisted"):
            ids = [page.pk for page in pages if page.specific_class is model]
            found |= set(model.unlisted().filter(pk__in=ids).values_list("pk", flat=True))
    return found


def is_public(page: AbstractPage) -> bool:
    if not page.live:
        return False
    is_restricted = getattr(page, "is_restricted", None)
    if is_restricted is None:
        is_restricted = page.get_view_restrictions().exists()
    return not is_restricted


class RelatedItemBlock(StructBlock):
    page = PublicPageChooserBlock(
        label=_("Page of this site"),
        required=False,
        help_text=_("Its own headline is used and kept up to date, unless you write another."),
    )
    url = URLBlock(label=_("Or an outside address"), required=False)
    headline = CharBlock(
        label=_("Headline"),
        required=False,
        max_length=200,
        help_text=_("Needed for an outside address."),
    )
    dek = TextBlock(
        label=_("Dek"),
        required=False,
        max_length=300,
        help_text=_("One sentence: why to read it, too."),
    )
    image = ImageChooserBlock(label=_("Image"), required=False)

    def clean(self, value: StructValue) -> StructValue:
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        page, url = cleaned.get("page"), cleaned.get("url")
        errors = {}
        if page and url:
            errors["url"] = ValidationError(_("Choose a page or give an address, not both."))
        elif not page and not url:
            errors["page"] = ValidationError(_("Choose a page, or give an outside address."))
        elif url and urlsplit(url).scheme not in ("http", "https"):
            errors["url"] = ValidationError(_("Use an address that starts with https://."))
        elif url and not (cleaned.get("headline") or "").strip():
            errors["headline"] = ValidationError(_("Write the headline of the outside story."))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    class Meta:
        icon = "link"
        label = _("Story")
        label_format = "{headline} {page} {url}"


def address_key(item: StructValue) -> tuple[str, object] | None:
    """What makes two items the same story: the page, or the address less its small differences."""
    if item.get("page"):
        return "page", item["page"].pk
    return url_key(item["url"]) if item.get("url") else None


def url_key(url: str) -> tuple[str, object]:
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    return "url", (host, parts.path.rstrip("/"), parts.query)


def linked_keys(sources: Iterable[str]) -> set[tuple[str, object]]:
    """Return what stored rich texts lead to, as ``address_key`` has it."""
    found: set[tuple[str, object]] = set()
    for source in sources:
        for tag in ANCHOR.findall(source):
            attrs = extract_attrs(tag)
            if attrs.get("linktype") == "page" and attrs.get("id", "").isdecimal():
                found.add(("page", int(attrs["id"])))
            elif "href" in attrs:
                found.add(url_key(attrs["href"]))
    return found


class RelatedStoriesBlock(StructBlock):
    heading = CharBlock(
        label=_("Heading"), required=False, max_length=80, default=_("Related stories")
    )
    items = ListBlock(RelatedItemBlock(), label=_("Stories"), min_num=1, max_num=8)

    def clean(self, value: StructValue) -> StructValue:
        cleaned = super().clean(value)
        seen = set()
        errors = {}
        for index, item in enumerate(cleaned["items"]):
            key = address_key(item)
            if key and key in seen:
                reason = ValidationError(
                    _("This story is in the list already. Choose another, or delete this one.")
                )
                errors[index] = StructBlockValidationError(block_errors={key[0]: reason})
            seen.add(key)
        if errors:
            raise StructBlockValidationError(
                block_errors={"items": ListBlockValidationError(block_errors=errors)}
            )
        return cleaned

    def render(self, value: StructValue | None, context: dict | None = None) -> str:
        """Render the stories that the reader can open, or nothing at all when there is none."""
        context = context or {}
        stories = readable_stories(
            value or {},
            request=context.get("request"),
            current_page=context.get("page"),
            seen=context.get("seen_links"),
        )
        return super().render(value, {**context, "related_stories": stories}) if stories else ""

    def get_context(self, value: StructValue, parent_context: dict | None = None) -> dict:
        context = super().get_context(value, parent_context=parent_context)
        stories = context.pop("related_stories", [])
        context["value"] = context["self"] = {"heading": value.get("heading"), "items": stories}
        return context

    class Meta:
        icon = "list-ul"
        label = _("Related stories")
        description = _("Links to stories chosen by hand, here or elsewhere.")
        group = groups.ASKS
        template = "newsroom/blocks/related_stories.html"
        preview_value = {
            "heading": "Related stories",
            "items": [
                {"page": None, "url": "https://www.example.com/2", "headline": "How we call races"},
                {
                    "page": None,
                    "url": "https://www.example.com/3",
                    "headline": "What is left to count",
                    "dek": "Mail ballots, and those that need a second look.",
                },
            ],
        }


class RelatedLinkBlock(RelatedItemBlock):
    """One further story between two paragraphs."""

    def render(self, value: StructValue | None, context: dict | None = None) -> str:
        """Render the link, or nothing where the reader cannot open it."""
        context = context or {}
        stories = readable_stories(
            {"items": [value or {}]},
            request=context.get("request"),
            current_page=context.get("page"),
            seen=context.get("seen_links"),
        )
        return super().render(value, {**context, "story": stories[0]}) if stories else ""

    class Meta:
        icon = "link"
        label = _("Related link")
        description = _("One further story, between two paragraphs.")
        group = groups.ASKS
        template = "newsroom/blocks/related_link.html"
        label_format = "{headline} {page} {url}"
        preview_value = {
            "page": None,
            "url": "https://www.example.com/1",
            "headline": "How we call races",
        }


def readable_stories(
    value: StructValue,
    *,
    request: object,
    current_page: AbstractPage | None,
    seen: set | None = None,
) -> list[RelatedStory]:
    """Return what a reader of ``current_page`` can open, in the editor's order.

    Left out: pages that are deleted, unpublished or not public, the page itself, and what is in
    ``seen``, to which those returned are added.
    """
    seen = set() if seen is None else seen
    stories = []
    for item in value.get("items") or []:
        key = address_key(item)
        is_self = current_page is not None and key == ("page", current_page.pk)
        story = None if key is None or key in seen or is_self else _as_story(item, request)
        if story is not None:
            seen.add(key)
            stories.append(story)
    return stories


def _as_story(item: StructValue, request: object) -> RelatedStory | None:
    """Return what stands in the box for an item; None where the reader cannot open it."""
    page, url, headline = item.get("page"), item.get("url"), item.get("headline")
    dek, image = item.get("dek") or "", item.get("image")
    if not page:
        is_whole = url and headline
        return RelatedStory(headline, url, True, dek=dek, image=image) if is_whole else None
    address = page.get_url(request) if is_public(page) else None
    if not address:
        return None
    return RelatedStory(
        headline or page.title,
        address,
        published_at=page.first_published_at,
        dek=dek,
        image=image,
    )
