from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.search import index

from newsroom.caching import CacheablePageMixin
from newsroom.models.listings import newest_stories
from newsroom.models.routing import LeanRouteMixin

STORIES_PER_PAGE = 20


class SectionMixin(LeanRouteMixin, CacheablePageMixin, models.Model):
    """A section: its stories are its children, newest first.

    The concrete class says which pages are stories: ``story_model = "app.StoryPage"``.
    """

    story_model: str

    introduction = models.TextField(
        _("introduction"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences under the name of the section."),
    )

    content_panels = [FieldPanel("introduction")]
    search_fields = [index.SearchField("introduction")]
    api_fields = [APIField("introduction")]

    class Meta:
        abstract = True

    def get_stories(self, page_number: str | int | None = 1) -> PaginatorPage:
        """Return one page of the section's stories; the nearest that exists for a wrong number."""
        stories = newest_stories(self.story_model, parent=self)
        return Paginator(stories, STORIES_PER_PAGE).get_page(page_number)

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["stories"] = self.get_stories(request.GET.get("page"))
        return context
