from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import PreviewableMixin
from wagtail.search import index


class NewsletterQuerySet(models.QuerySet):
    def open(self) -> "NewsletterQuerySet":
        """Those that take signups."""
        return self.filter(is_open=True).order_by("name", "pk")

    def lists(self) -> "NewsletterQuerySet":
        """Those that anyone may choose from a list; alerts about one topic are not among them."""
        return self.filter(scope=Newsletter.Scope.LIST)


class Newsletter(PreviewableMixin, index.Indexed, models.Model):
    class Scope(models.TextChoices):
        LIST = "list", _("A newsletter with issues")
        TOPIC = "topic", _("Alerts about one topic, such as a race")

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("Forms name the newsletter by it. Pages kept in caches break if it changes."),
    )
    scope = models.CharField(
        _("what it is"),
        max_length=5,
        choices=Scope.choices,
        default=Scope.LIST,
        help_text=_("Alerts are signed up for one topic at a time, and end with it."),
    )
    promise = models.CharField(
        _("promise"),
        max_length=300,
        help_text=_("What readers get and how often. It stands beside every signup form."),
    )
    frequency = models.CharField(
        _("frequency"), max_length=80, help_text=_("For example: every weekday morning.")
    )
    sample_url = models.URLField(
        _("address of a sample"),
        max_length=500,
        blank=True,
        help_text=_("An issue that readers may look at before they sign up."),
    )
    is_open = models.BooleanField(
        _("takes signups"),
        default=True,
        help_text=_("Closing it takes its forms off every page. Subscribers stay."),
    )
    sender_name = models.CharField(
        _("sender’s name"),
        max_length=80,
        blank=True,
        help_text=_("Empty: the newsletter’s name."),
    )
    sender_address = models.EmailField(
        _("sender’s address"),
        blank=True,
        help_text=_("Your mail provider must know it. Empty: the site’s own sender."),
    )
    reply_to = models.EmailField(
        _("answers go to"), blank=True, help_text=_("Somebody should read what arrives there.")
    )
    welcome_subject = models.CharField(
        _("subject of the welcome mail"),
        max_length=120,
        blank=True,
        help_text=_("Empty: “Welcome to” and the name."),
    )
    welcome_text = models.TextField(
        _("text of the welcome mail"),
        max_length=4000,
        blank=True,
        help_text=_("What to expect, and from whom. A blank line begins a new paragraph."),
    )

    objects = NewsletterQuerySet.as_manager()

    panels = [
        MultiFieldPanel(["name", "slug", "scope"], heading=_("Newsletter")),
        MultiFieldPanel(["promise", "frequency", "sample_url"], heading=_("For readers")),
        MultiFieldPanel(["sender_name", "sender_address", "reply_to"], heading=_("Sender")),
        MultiFieldPanel(["welcome_subject", "welcome_text"], heading=_("Welcome mail")),
        FieldPanel("is_open"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("promise"),
    ]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=["list", "topic"]), name="newsroom_newsletters_known_scope"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_for_topics(self) -> bool:
        return self.scope == self.Scope.TOPIC

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """Every mail that this newsletter sends, as pages and as text."""
        from newsroom.newsletters.samples import KINDS

        pages = [(kind.value, kind.label) for kind in KINDS]
        texts = [
            (f"{kind.value}-text", _("%(mail)s (plain text)") % {"mail": kind.label})
            for kind in KINDS
        ]
        return pages + texts

    @property
    def default_preview_mode(self) -> str:
        return "welcome"

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from newsroom.newsletters.samples import render_sample

        kind = mode_name.removesuffix("-text")
        as_html = kind == mode_name
        body = render_sample(self, kind, timezone.now(), as_html=as_html)
        content_type = "text/html" if as_html else "text/plain"
        return HttpResponse(body, content_type=f"{content_type}; charset=utf-8")
