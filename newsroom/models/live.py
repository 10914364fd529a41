"""Coverage that grows while it is read: a story, and entries that are rows of their own.

Each entry is saved by itself, so that several people can write at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db import models, transaction
from django.db.models import Max, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.images import get_image_model, get_image_model_string
from wagtail.url_routing import RouteResult

from newsroom.caching import make_cacheable
from newsroom.links import expand_together

ENTRIES_PER_PAGE = 50
KEY_ENTRIES = 12
ENTRY_FEATURES = ["bold", "italic", "link", "document-link", "ul", "ol"]
# Readers' pages ask for the entries all the time, so caches keep them for a moment only.
ENTRIES_CACHE = "public, max-age=5, s-maxage=5, stale-while-revalidate=10, stale-if-error=300"


class LiveEntryQuerySet(models.QuerySet):
    def shown(self) -> LiveEntryQuerySet:
        """What readers get: the pinned first, then the newest, ready to be listed."""
        images = get_image_model().objects.prefetch_renditions()
        return (
            self.filter(is_public=True)
            .select_related("author")
            .prefetch_related(Prefetch("image", queryset=images))
            .order_by("-is_pinned", "-posted_at", "-pk")
        )


class LiveEntryMixin(models.Model):
    """One entry. The concrete class adds ``coverage``, a foreign key to the live coverage, with
    the reverse name ``entries``.

    ``version`` counts the saves of this entry, ``change`` those of the whole coverage.
    """

    posted_at = models.DateTimeField(_("time"), default=timezone.now)
    title = models.CharField(_("headline"), max_length=200, blank=True)
    text = RichTextField(_("text"), features=ENTRY_FEATURES)
    author = models.ForeignKey(
        "newsroom.Author",
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(
        _("description of the image"),
        max_length=300,
        blank=True,
        help_text=_("What the image shows, for readers who cannot see it."),
    )
    image_credit = models.CharField(_("credit"), max_length=160, blank=True)
    is_pinned = models.BooleanField(
        _("pinned"), default=False, help_text=_("Stays on top of the newer ones.")
    )
    is_key = models.BooleanField(
        _("key entry"),
        default=False,
        help_text=_("Listed above all entries. Needs a headline."),
    )
    is_public = models.BooleanField(
        _("readers see it"),
        default=True,
        help_text=_("Take the mark away to write a draft, or to take the entry back."),
    )
    correction = models.TextField(
        _("correction"),
        max_length=800,
        blank=True,
        help_text=_("What was wrong and what is right. Readers see it under the entry."),
    )
    corrected_at = models.DateTimeField(_("corrected at"), null=True, editable=False)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    change = models.PositiveBigIntegerField(default=0, editable=False)

    objects = LiveEntryQuerySet.as_manager()

    panels = [
        FieldPanel("coverage"),
        FieldPanel("title"),
        FieldPanel("text"),
        MultiFieldPanel(["author", "posted_at"], heading=_("Who and when")),
        MultiFieldPanel(["image", "image_alt", "image_credit"], heading=_("Image")),
        MultiFieldPanel(["is_public", "is_pinned", "is_key"], heading=_("Place")),
        FieldPanel("correction"),
    ]

    class Meta:
        abstract = True
        ordering = ["-posted_at", "-pk"]

    def __str__(self) -> str:
        return self.title or strip_tags(self.text)[:80]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the entry, and number the change within its coverage."""
        if self.correction and self.corrected_at is None:
            self.corrected_at = timezone.now()
        elif not self.correction:
            self.corrected_at = None
        with transaction.atomic():
            self._take_turn()
            super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.image_id and not self.image_alt.strip():
            errors["image_alt"] = _("Describe the image for readers who cannot see it.")
        if self.is_key and not self.title.strip():
            errors["title"] = _("A key entry needs a headline.")
        if self.posted_at and self.posted_at > timezone.now() + timedelta(minutes=1):
            errors["posted_at"] = _("An entry cannot be posted in the future.")
        if errors:
            raise ValidationError(errors)

    def _take_turn(self) -> None:
        """Wait for whoever is saving in this coverage, and take the next number."""
        coverages = type(self)._meta.get_field("coverage").related_model
        coverages.objects.select_for_update().filter(pk=self.coverage_id).values("pk").first()
        entries = type(self).objects.filter(coverage=self.coverage_id)
        self.change = (entries.aggregate(Max("change"))["change__max"] or 0) + 1
        self.version += 1

    @property
    def anchor(self) -> str:
        return f"entry-{self.pk}"


class LiveCoverageMixin(models.Model):
    """A story with entries. Put it before the story class.

    Below its own address stand ``entries/``, the newest as HTML, and ``entry/<id>/``, the address
    of one entry.
    """

    ended_at = models.DateTimeField(
        _("ended at"),
        null=True,
        blank=True,
        help_text=_("From then on it is a story: readers’ pages ask for no new entries."),
    )

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None and self.ended_at <= timezone.now()

    @cached_property
    def updated_at(self) -> datetime | None:
        """When the text or an entry last changed for readers."""
        entry_at = self.entries.filter(is_public=True).aggregate(at=Max("posted_at"))["at"]
        times = [moment for moment in (super().updated_at, entry_at) if moment]
        return max(times, default=None)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        match path_components:
            case ["entries"] if self.live:
                return RouteResult(self, kwargs={"as_fragment": True})
            case ["entry", number] if self.live and number.isdecimal() and len(number) < 18:
                return RouteResult(self, kwargs={"entry_id": int(number)})
        return super().route(request, path_components)

    def serve(
        self, request: HttpRequest, *args: Any, as_fragment: bool = False, **kwargs: Any
    ) -> HttpResponse:
        if as_fragment:
            return self._serve_entries(request)
        return super().serve(request, *args, **kwargs)

    def _serve_entries(self, request: HttpRequest) -> HttpResponse:
        """Answer with the newest entries, or that nothing has changed: one query then."""
        version = self.count_changes()
        etag = f'"{version}-{int(self.is_over)}"'
        unchanged = get_conditional_response(request, etag=etag)
        response = unchanged or TemplateResponse(
            request,
            "newsroom/live_entries.html",
            {"page": self, "version": version, "entries": self.get_entries(request)},
        )
        if unchanged is None:
            response.render()
        response = make_cacheable(request, response)
        response["ETag"] = etag
        if "public" in response.get("Cache-Control", ""):
            response["Cache-Control"] = ENTRIES_CACHE
        return response

    def count_changes(self) -> int:
        """Return the number of the latest change of any entry; 0 before the first."""
        return self.entries.aggregate(Max("change"))["change__max"] or 0

    def get_entries(self, request: HttpRequest, number: str | int | None = 1) -> PaginatorPage:
        """Return one page of entries, each with ``html`` and ``url``: one query for all links."""
        page = Paginator(self.entries.shown(), ENTRIES_PER_PAGE).get_page(number)
        page.object_list = self._finish(page.object_list, request)
        return page

    def _finish(self, entries: Iterable[Any], request: HttpRequest) -> list[Any]:
        entries, address = list(entries), self.get_url(request)
        texts = expand_together([entry.text for entry in entries], request)
        for entry, text in zip(entries, texts, strict=True):
            # Safe as Wagtail's own: the source went through the editor's whitelist.
            entry.html = mark_safe(text)
            entry.url = f"{address}entry/{entry.pk}/"
        return entries

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        if kwargs.get("entry_id"):
            return "newsroom/live_entry_page.html"
        return super().get_template(request, *args, **kwargs)

    def get_context(
        self, request: HttpRequest, *args: Any, entry_id: int | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        if entry_id is not None:
            entry = get_object_or_404(self.entries.shown(), pk=entry_id)
            context["entries"] = self._finish([entry], request)
            context["entry"] = entry
            context["canonical_url"] = f"{self.get_full_url(request)}entry/{entry.pk}/"
        else:
            context["version"] = self.count_changes()
            context["entries"] = self.get_entries(request, request.GET.get("page"))
            key_entries = self.entries.filter(is_public=True, is_key=True)
            context["key_entries"] = key_entries.order_by("-posted_at", "-pk")[:KEY_ENTRIES]
        context["address"] = self.get_url(request)
        self.entries_shown = list(context["entries"])
        return context

    def structured_facts(self, request: HttpRequest) -> dict[str, Any]:
        """Return what search engines read beyond the story: while it is live, its updates."""
        if self.is_over or self.published_at is None:
            return {}
        return {
            "@type": "LiveBlogPosting",
            "coverageStartTime": self.published_at.isoformat(),
            "liveBlogUpdate": [
                self._describe(entry, request) for entry in getattr(self, "entries_shown", [])
            ],
        }

    def _describe(self, entry: Any, request: HttpRequest) -> dict[str, str]:
        return {
            "@type": "BlogPosting",
            "headline": str(entry)[:110],
            "url": request.build_absolute_uri(entry.url),
            "datePublished": entry.posted_at.isoformat(),
            "dateModified": (entry.corrected_at or entry.posted_at).isoformat(),
            "articleBody": strip_tags(entry.text)[:600],
        }
