from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.search import index


class Author(index.Indexed, models.Model):
    name = models.CharField(_("name"), max_length=160, help_text=_("As it stands in a byline."))
    slug = models.SlugField(
        _("slug"), max_length=160, unique=True, help_text=_("The name as it may appear in URLs.")
    )
    role = models.CharField(
        _("role"), max_length=160, blank=True, help_text=_("For example: education reporter.")
    )
    bio = models.TextField(_("biography"), blank=True, help_text=_("Two or three sentences."))
    portrait = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    email = models.EmailField(
        _("public email address"),
        blank=True,
        help_text=_("Readers see it. Leave it empty to show none."),
    )

    panels = [
        MultiFieldPanel(["name", "slug", "role"], heading=_("Byline")),
        MultiFieldPanel(["bio", "portrait", "email"], heading=_("For readers")),
    ]
    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("role"),
    ]
    api_fields = ["name", "slug", "role", "bio"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("newsroom:author", args=[self.slug])

    @property
    def url(self) -> str:
        """The path of its page; "" where the site does not include ``newsroom.urls``."""
        try:
            return self.get_absolute_url()
        except NoReverseMatch:
            return ""
