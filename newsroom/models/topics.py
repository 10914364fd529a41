from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable
from wagtail.search import index


class Topic(index.Indexed, models.Model):
    """What stories are about, across sections: school boards, the count, housing."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(
        _("slug"), max_length=120, unique=True, help_text=_("The name as it appears in addresses.")
    )
    description = models.TextField(
        _("description"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences at the top of the topic’s page."),
    )

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]
    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("description"),
    ]
    api_fields = ["name", "slug"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("newsroom:topic", args=[self.slug])

    @property
    def url(self) -> str:
        """The path of its page; "" where the site does not include ``newsroom.urls``."""
        try:
            return self.get_absolute_url()
        except NoReverseMatch:
            return ""


class TopicLinkMixin(Orderable):
    """One topic of one story. The concrete class adds ``page``, a ``ParentalKey`` named
    ``topic_links`` from the story, and a constraint that names a topic once per story.
    """

    topic = models.ForeignKey(
        "newsroom.Topic", verbose_name=_("topic"), on_delete=models.CASCADE, related_name="+"
    )

    panels = [FieldPanel("topic")]

    class Meta(Orderable.Meta):
        abstract = True
