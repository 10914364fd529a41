from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index


class CallToAction(index.Indexed, models.Model):
    """An ask that may stand in many stories, worded in one place."""

    class Kind(models.TextChoices):
        NEWSLETTER = "newsletter", _("Sign up for a newsletter")
        DONATE = "donate", _("Donate")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(
        _("text"), max_length=500, blank=True, help_text=_("One or two sentences: why now.")
    )
    button_label = models.CharField(
        _("words on the button"),
        max_length=60,
        help_text=_("What happens next. For example: Sign up for the morning newsletter."),
    )
    newsletter = models.ForeignKey(
        "newsroom_newsletters.Newsletter",
        verbose_name=_("newsletter"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="calls_to_action",
        help_text=_("For a newsletter ask."),
    )
    donate_url = models.URLField(
        _("address of the donation page"),
        max_length=500,
        blank=True,
        validators=[
            URLValidator(schemes=["https"], message=_("Use an address that starts with https://."))
        ],
        help_text=_("For a donation ask. It must start with https://."),
    )
    note = models.CharField(
        _("note"),
        max_length=200,
        blank=True,
        help_text=_("Small print under the button. For example: You can leave at any time."),
    )

    panels = [
        FieldPanel("kind"),
        MultiFieldPanel(["heading", "text", "button_label", "note"], heading=_("Words")),
        MultiFieldPanel(["newsletter", "donate_url"], heading=_("What it asks for")),
    ]
    search_fields = [
        index.SearchField("heading"),
        index.AutocompleteField("heading"),
        index.SearchField("text"),
    ]

    class Meta:
        ordering = ["heading", "pk"]
        verbose_name = _("call to action")
        verbose_name_plural = _("calls to action")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(kind="newsletter", newsletter__isnull=False, donate_url="")
                    | Q(kind="donate", newsletter__isnull=True, donate_url__startswith="https://")
                ),
                name="newsroom_calls_to_action_asks_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.heading

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.kind == self.Kind.NEWSLETTER:
            if not self.newsletter_id:
                errors["newsletter"] = _("Choose the newsletter to sign up for.")
            if self.donate_url:
                errors["donate_url"] = _("A newsletter ask has no donation page. Empty this field.")
        elif self.kind == self.Kind.DONATE:
            if not self.donate_url:
                errors["donate_url"] = _("Give the address of the donation page.")
            elif urlsplit(self.donate_url).scheme != "https":
                errors["donate_url"] = _("Use an address that starts with https://.")
            if self.newsletter_id:
                errors["newsletter"] = _("A donation ask has no newsletter. Empty this field.")
        if errors:
            raise ValidationError(errors)

    @property
    def is_open(self) -> bool:
        """Whether readers can follow it now. A closed newsletter takes its asks off every page."""
        if self.kind == self.Kind.NEWSLETTER:
            return self.newsletter is not None and self.newsletter.is_open
        return bool(self.donate_url)

    @property
    def wording(self) -> str:
        """All the words a reader sees, for the record of a signup."""
        parts = [self.heading, self.text, self.button_label, self.note]
        return "\n".join(part for part in parts if part)


def get_wording(pk: int) -> str | None:
    """Return the words of a call to action now, or None if there is none with this id."""
    ask = CallToAction.objects.filter(pk=pk).first()
    return ask.wording if ask else None
