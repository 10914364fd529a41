from __future__ import annotations

import secrets
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, PreviewableMixin
from wagtail.search import index

from newsroom.calls_to_action.amounts import AmountsField, read_amounts
from newsroom.calls_to_action.models.copies import CopyFields
from newsroom.calls_to_action.models.donations import DonationPage, check_host
from newsroom.calls_to_action.phases import get_phase_choices
from newsroom.languages import own_language, site_languages
from newsroom.newsletters.models import Newsletter

CONTROL = "control"


class CallToAction(PreviewableMixin, index.Indexed, ClusterableModel):
    """An ask that may stand in many stories, worded in one place."""

    class Kind(models.TextChoices):
        NEWSLETTER = "newsletter", _("Sign up for a newsletter")
        DONATE = "donate", _("Donate")
        ALERT = "alert", _("Hear when a race is called")

    class Audience(models.TextChoices):
        """Whom the reader's own browser shows it to. ``asks.js`` has a branch for each."""

        EVERYONE = "everyone", _("Everyone whom it can still serve")
        ANONYMOUS = "anonymous", _("Those who have not signed up or given here")
        PENDING = "pending", _("Those who have signed up and not confirmed")
        SUBSCRIBER = "subscriber", _("Subscribers")
        DONOR = "donor", _("Donors")

    class Frequency(models.TextChoices):
        """How often one browser sees it. ``asks.js`` has a branch for each."""

        ALWAYS = "always", _("On every page, as far as the allowance goes")
        VISIT = "visit", _("Once in a visit")
        WEEK = "week", _("Once in a week")
        ONCE = "once", _("Once, ever")

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
        help_text=_("For a newsletter ask, or the alerts that a race's followers get."),
    )
    donate_url = models.URLField(
        _("address of the donation page"),
        max_length=500,
        blank=True,
        validators=[
            URLValidator(schemes=["https"], message=_("Use an address that starts with https://."))
        ],
        help_text=_("For a donation ask with one button. It must start with https://."),
    )
    donation_page = models.ForeignKey(
        DonationPage,
        verbose_name=_("donation page"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="calls_to_action",
        help_text=_("For a donation ask that suggests amounts."),
    )
    campaign = models.SlugField(
        _("campaign"),
        max_length=60,
        blank=True,
        help_text=_("Told to the donation page, so that it can tell gifts apart."),
    )
    amounts_once = AmountsField(_("amounts to give once"))
    amounts_monthly = AmountsField(_("amounts to give each month"))
    amounts_yearly = AmountsField(_("amounts to give each year"))
    note = models.CharField(
        _("note"),
        max_length=200,
        blank=True,
        help_text=_("Small print under the button. For example: You can leave at any time."),
    )
    audience = models.CharField(
        _("for whom"), max_length=10, choices=Audience.choices, default=Audience.EVERYONE
    )
    frequency = models.CharField(
        _("how often"), max_length=6, choices=Frequency.choices, default=Frequency.ALWAYS
    )
    resets = models.PositiveIntegerField(
        _("resets"),
        default=0,
        help_text=_("Raise it to show the ask once more to those who have seen it."),
    )
    min_stories = models.PositiveSmallIntegerField(
        _("from so many stories read"),
        default=0,
        help_text=_("In the last 30 days in this browser, the open one not counted."),
    )
    max_stories = models.PositiveSmallIntegerField(
        _("up to so many stories read"),
        null=True,
        blank=True,
        help_text=_("Empty: no limit. 0 is for a first visit only."),
    )
    show_from = models.DateTimeField(_("from"), null=True, blank=True)
    show_until = models.DateTimeField(_("until"), null=True, blank=True)

    panels = [
        FieldPanel("kind"),
        MultiFieldPanel(["heading", "text", "button_label", "note"], heading=_("Words")),
        MultiFieldPanel(["newsletter"], heading=_("What it signs up for")),
        MultiFieldPanel(
            [
                "donate_url",
                "donation_page",
                "campaign",
                FieldRowPanel(["amounts_once", "amounts_monthly", "amounts_yearly"]),
            ],
            heading=_("Where it leads donors"),
        ),
        MultiFieldPanel(
            [
                "audience",
                FieldRowPanel(["frequency", "resets"]),
                FieldRowPanel(["min_stories", "max_stories"]),
                FieldRowPanel(["show_from", "show_until"]),
            ],
            heading=_("Who sees it, and when"),
        ),
        InlinePanel(
            "phase_copies",
            heading=_("Words by phase of the race, and in other languages"),
            label=_("Words"),
            help_text=_(
                "They replace the words above while the race of the page is in the phase, and on "
                "pages in the language."
            ),
        ),
        InlinePanel(
            "variants",
            heading=_("Arms of a test"),
            label=_("Arm"),
            help_text=_("Readers get them while a test of this ask runs. The words above are one."),
        ),
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
                    Q(
                        kind__in=["newsletter", "alert"],
                        newsletter__isnull=False,
                        donate_url="",
                        donation_page__isnull=True,
                    )
                    | Q(
                        kind="donate",
                        newsletter__isnull=True,
                        donation_page__isnull=True,
                        donate_url__startswith="https://",
                    )
                    | Q(
                        kind="donate",
                        newsletter__isnull=True,
                        donation_page__isnull=False,
                        donate_url="",
                    )
                ),
                name="newsroom_calls_to_action_asks_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.heading

    def clean(self) -> None:
        super().clean()
        refuse_other_words(self, self)
        errors = self._donation_errors() if self.kind == self.Kind.DONATE else self._list_errors()
        if self.show_from and self.show_until and self.show_until <= self.show_from:
            errors["show_until"] = _("It must end after it begins.")
        if self.max_stories is not None and self.max_stories < (self.min_stories or 0):
            errors["max_stories"] = _("The upper number must not lie below the lower one.")
        if errors:
            raise ValidationError(errors)

    def _list_errors(self) -> dict:
        errors = {}
        wanted = Newsletter.Scope.TOPIC if self.kind == self.Kind.ALERT else Newsletter.Scope.LIST
        if not self.newsletter_id:
            errors["newsletter"] = _("Choose the newsletter to sign up for.")
        elif self.newsletter.scope != wanted:
            errors["newsletter"] = (
                _("Choose a newsletter for alerts about one topic.")
                if self.kind == self.Kind.ALERT
                else _("This one is for alerts. Choose a newsletter with issues.")
            )
        for field in ("donate_url", "donation_page"):
            if getattr(self, field):
                errors[field] = _("A newsletter ask has no donation page. Empty this field.")
        return errors

    def _donation_errors(self) -> dict:
        errors = {}
        if self.newsletter_id:
            errors["newsletter"] = _("A donation ask has no newsletter. Empty this field.")
        if self.donation_page_id:
            if self.donate_url:
                errors["donate_url"] = _("Give an address or choose a donation page, not both.")
            if not any(self.amounts.values()):
                errors["amounts_once"] = _("Suggest at least one amount.")
        elif not self.donate_url:
            errors["donate_url"] = _("Give the address of the donation page.")
        elif urlsplit(self.donate_url).scheme != "https":
            errors["donate_url"] = _("Use an address that starts with https://.")
        elif reason := check_host(self.donate_url):
            errors["donate_url"] = reason
        return errors

    @property
    def amounts(self) -> dict[str, tuple[str, ...]]:
        """Suggested amounts by frequency, as they are sent: ``{"monthly": ("5", "10")}``."""
        fields = {
            "once": self.amounts_once,
            "monthly": self.amounts_monthly,
            "yearly": self.amounts_yearly,
        }
        return {frequency: read_amounts(text) for frequency, text in fields.items()}

    @property
    def counts_gifts(self) -> bool:
        """Whether a gift comes back with the place where it was asked for."""
        return self.donation_page is not None and self.donation_page.tells_place

    @property
    def is_open(self) -> bool:
        """Whether readers can follow it now. A closed newsletter takes its asks off every page."""
        if self.kind == self.Kind.DONATE:
            return bool(self.donate_url or self.donation_page_id)
        return self.newsletter is not None and self.newsletter.is_open

    def is_due(self, now: datetime) -> bool:
        """Whether its schedule has begun and not ended."""
        has_begun = self.show_from is None or self.show_from <= now
        return has_begun and (self.show_until is None or now < self.show_until)

    @property
    def is_default(self) -> bool:
        """Whether it is shown where the browser cannot choose."""
        return self.audience in (self.Audience.EVERYONE, self.Audience.ANONYMOUS)

    @property
    def memory_key(self) -> str:
        """What a browser remembers it by; another one after a reset."""
        return f"{self.pk}.{self.resets}"

    @property
    def wording(self) -> str:
        """All the words a reader sees, for the record of a signup."""
        return join_words(self.heading, self.text, self.button_label, self.note)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "newsroom/calls_to_action/preview.html"

    @property
    def preview_modes(self) -> list[tuple[str, object]]:
        """A mode for each phase, and ``language:CODE`` for each further language of the site."""
        further = [pair for pair in site_languages().items() if pair[0] != own_language()]
        languages = [(f"language:{code}", name) for code, name in further]
        return [("", _("Without a race")), *get_phase_choices(), *languages]

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict:
        """Show each arm, in the words of the phase or the language that the mode names."""
        from newsroom.calls_to_action.plans import preview_ask

        context = super().get_preview_context(request, mode_name)
        before, _colon, language = mode_name.partition(":")
        shown = preview_ask(self, "" if language else before, language)
        return {**context, "shown": shown}


def join_words(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


TESTED = ("heading", "text", "button_label")


def refuse_other_words(row: models.Model, ask: CallToAction) -> None:
    """Keep the words of an ask or of an arm while they are tested.

    :raises ValidationError: a test runs, and they are others than before
    """
    if row.pk is None or not ask.trials.filter(closed_at=None).exists():
        return
    before = type(row)._default_manager.get(pk=row.pk)
    changed = [name for name in TESTED if getattr(row, name) != getattr(before, name)]
    if changed:
        message = _("A test of this ask is running, and these words are in it. Close it first.")
        raise ValidationError(dict.fromkeys(changed, message))


def make_variant_key() -> str:
    return secrets.token_hex(4)


class Variant(CopyFields, Orderable):
    """One arm of a test. Its key never changes: a draft that comes back finds its readers."""

    call_to_action = ParentalKey(CallToAction, on_delete=models.CASCADE, related_name="variants")
    key = models.CharField(max_length=8, default=make_variant_key, editable=False)
    name = models.CharField(
        _("name"), max_length=60, help_text=_("For the report: what is different about it.")
    )
    is_live = models.BooleanField(
        _("shown to readers"),
        default=True,
        help_text=_("Off: its readers get another arm, and come back to it when it is on again."),
    )

    panels = [
        FieldRowPanel(["name", "is_live"]),
        FieldPanel("heading"),
        FieldPanel("text"),
        FieldPanel("button_label"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("arm of a test")
        verbose_name_plural = _("arms of tests")
        constraints = [
            models.UniqueConstraint(
                fields=["call_to_action", "key"], name="newsroom_calls_to_action_arm_key"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.pk is not None:
            refuse_other_words(self, self.call_to_action)
