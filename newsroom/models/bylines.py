from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable


class BylineMixin(Orderable):
    """One author of one story. The concrete class adds ``page``, a ``ParentalKey`` named
    ``bylines`` from the story, and a constraint that names an author once per story.
    """

    author = models.ForeignKey(
        "newsroom.Author", verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )

    panels = [FieldPanel("author")]

    class Meta(Orderable.Meta):
        abstract = True
