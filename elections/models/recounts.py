"""At which margins the law knows of a recount. Editors own this table; empty says nothing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from elections.counting.recounts import RecountMargin


class RecountRuleQuerySet(models.QuerySet):
    def of_jurisdiction(self, name: str) -> RecountRuleQuerySet:
        return self.filter(jurisdiction__iexact=name.strip())


class RecountRule(models.Model):
    """One margin of one law, for the elections of one jurisdiction."""

    class Trigger(models.TextChoices):
        AUTOMATIC = "automatic", _("There is one without a request")
        ON_REQUEST = "on-request", _("It may be requested")

    class ShareOf(models.TextChoices):
        ALL = "all", _("all votes in the race")
        TWO = "two", _("the votes for the two at the line")

    jurisdiction = models.CharField(
        _("jurisdiction"),
        max_length=200,
        help_text=_("Written as in the elections that it is for, such as Los Angeles County."),
    )
    group = models.CharField(
        _("group"),
        max_length=200,
        blank=True,
        help_text=_("Only for races of this group. Leave empty for all races."),
    )
    place = models.CharField(
        _("whose law"),
        max_length=200,
        help_text=_("As readers see it after “in”: Florida, the city of Seattle."),
    )
    trigger = models.CharField(_("how it comes"), max_length=12, choices=Trigger.choices)
    largest_percent = models.DecimalField(
        _("largest margin in percent"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text=_("0.5 for half a percent. Where both are given, either is enough."),
    )
    share_of = models.CharField(
        _("percent of"), max_length=4, choices=ShareOf.choices, default=ShareOf.ALL
    )
    largest_votes = models.PositiveIntegerField(_("largest margin in votes"), null=True, blank=True)
    who_pays = models.CharField(
        _("who pays"),
        max_length=200,
        blank=True,
        help_text=_("A whole sentence, such as “Whoever asks for it pays.”"),
    )
    source_url = models.URLField(
        _("where the law says so"), max_length=1000, help_text=_("Readers see this link.")
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = RecountRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("recount margin")
        verbose_name_plural = _("recount margins")
        ordering = ["jurisdiction", "group", "pk"]
        constraints = [
            models.CheckConstraint(
                name="elections_recount_margin",
                condition=models.Q(largest_percent__isnull=False)
                | models.Q(largest_votes__isnull=False),
                violation_error_message=_("Give the margin in percent, in votes, or both."),
            ),
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def margin(self) -> RecountMargin:
        percent = self.largest_percent
        return RecountMargin(
            votes=self.largest_votes,
            share=None if percent is None else Fraction(percent) / 100,
            of_the_two=self.share_of == self.ShareOf.TWO,
        )

    def clean(self) -> None:
        super().clean()
        if self.largest_percent is None and self.largest_votes is None:
            raise ValidationError(
                {"largest_percent": _("Give the margin in percent, in votes, or both.")}
            )
