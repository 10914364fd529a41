from collections.abc import Sequence

import swapper
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import PageChooserPanel
from wagtail.coreutils import resolve_model_string
from wagtail.models import AbstractPage

from newsroom.caching import CacheablePageMixin
from newsroom.models.listings import newest_by_section, newest_stories
from newsroom.models.routing import LanguageRouteMixin, LeanRouteMixin

swapper.set_app_prefix("wagtailcore", "wagtail")

LATEST_STORIES = 6
STORIES_PER_SECTION = 4


class HomeMixin(LanguageRouteMixin, LeanRouteMixin, CacheablePageMixin, models.Model):
    """The front page: a story chosen to lead, the latest of all sections, and the sections.

    The concrete class names its kinds: ``story_model`` and ``section_model``, "app.Model".
    """

    story_model: str
    section_model: str

    lead_story = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        verbose_name=_("lead story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Leave it empty to lead with the newest story."),
    )

    content_panels = [PageChooserPanel("lead_story")]

    class Meta:
        abstract = True

    def get_lead_story(self) -> AbstractPage | None:
        """Return the chosen story if readers can open it, otherwise None."""
        if not self.lead_story_id:
            return None
        return newest_stories(self.story_model).filter(pk=self.lead_story_id).first()

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        context = super().get_context(request, *args, **kwargs)
        stories = list(newest_stories(self.story_model, above=self)[: LATEST_STORIES + 1])
        lead_story = self.get_lead_story() or (stories[0] if stories else None)
        context["lead_story"] = lead_story
        latest = [story for story in stories if story != lead_story][:LATEST_STORIES]
        context["latest"] = latest
        shown = [story.pk for story in (lead_story, *latest) if story is not None]
        context["sections"] = self.get_sections(without=shown)
        return context

    def get_sections(self, without: Sequence[int] = ()) -> list[AbstractPage]:
        """Return the sections in the order of the page tree, each with its ``latest`` stories.

        ``without`` names stories that stand elsewhere on the page; a section with no other
        story is left out.
        """
        sections = resolve_model_string(self.section_model).objects
        sections = list(sections.child_of(self).live().public().order_by("path"))
        latest = newest_by_section(
            self.story_model, sections, count=STORIES_PER_SECTION, without=without
        )
        for section in sections:
            section.latest = latest[section.path]
        return [section for section in sections if section.latest]
