from __future__ import annotations

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.models import AbstractPage, Orderable
from wagtail.search import index

from newsroom.caching import CacheablePageMixin
from newsroom.models.listings import newest_stories


class PackageMixin(CacheablePageMixin, models.Model):
    """Stories that belong together, in an order. Each says which part it is.

    The concrete class names its stories, ``story_model = "app.StoryPage"``. Its parts come from a
    class built on ``PackagePartMixin``.
    """

    story_model: str

    introduction = models.TextField(
        _("introduction"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences about what these stories have in common."),
    )

    search_kind = ("package", _("Package"))
    content_panels = [
        FieldPanel("introduction"),
        InlinePanel(
            "parts",
            heading=_("Stories"),
            label=_("Story"),
            help_text=_("In the order in which they are to be read. Two or more."),
        ),
    ]
    search_fields = [index.SearchField("introduction")]

    class Meta:
        abstract = True

    def get_stories(self) -> list[AbstractPage]:
        """Return the stories that readers can open, in the order of the package."""
        order = list(self.parts.order_by("sort_order", "pk").values_list("story_id", flat=True))
        stories = newest_stories(self.story_model).in_bulk(order)
        return [stories[pk] for pk in order if pk in stories]

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["stories"] = self.get_stories()
        return context


class PackagePartMixin(Orderable):
    """One story of a package. The concrete class adds ``package``, a ``ParentalKey`` named
    ``parts``, and ``story``, a foreign key to the stories with the reverse name ``package_parts``.
    """

    panels = [PageChooserPanel("story")]

    class Meta(Orderable.Meta):
        abstract = True
