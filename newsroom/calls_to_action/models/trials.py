from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from newsroom.calls_to_action.models.asks import CallToAction

HORIZON = ("call_to_action_id", "readers_per_arm", "ends_at", "judged_on", "key")


def make_key() -> str:
    return secrets.token_hex(4)


class Trial(models.Model):
    """A test of an ask's arms. When it is judged, and on what, is said before it begins."""

    class Goal(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed signups")
        STAYED = "stayed", _("Confirmed, and still subscribed after 30 days")
        GAVE = "gave", _("Gifts, as the donation page signs them")

    call_to_action = models.ForeignKey(
        CallToAction,
        verbose_name=_("call to action"),
        on_delete=models.CASCADE,
        related_name="trials",
    )
    key = models.CharField(max_length=8, default=make_key, editable=False, unique=True)
    name = models.CharField(_("question"), max_length=120, help_text=_("What it should answer."))
    judged_on = models.CharField(
        _("judged on"), max_length=10, choices=Goal.choices, default=Goal.CONFIRMED
    )
    readers_per_arm = models.PositiveIntegerField(
        _("readers for each arm"),
        null=True,
        blank=True,
        help_text=_(
            "What counts ends when each arm was seen by so many; with fewer than 100 there is no "
            "verdict. Or give a time."
        ),
    )
    ends_at = models.DateTimeField(
        _("ends at"),
        null=True,
        blank=True,
        help_text=_("What counts ends then. Instead of a number of readers."),
    )
    started_at = models.DateTimeField(_("started at"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(
        _("closed at"),
        null=True,
        blank=True,
        help_text=_("From then on all readers get the ask's own words."),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("call_to_action"),
        FieldPanel("judged_on"),
        FieldRowPanel(["readers_per_arm", "ends_at"]),
        FieldPanel("closed_at"),
    ]

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("test of an ask")
        verbose_name_plural = _("tests of asks")
        constraints = [
            models.CheckConstraint(
                condition=Q(readers_per_arm__isnull=False, ends_at__isnull=True)
                | Q(readers_per_arm__isnull=True, ends_at__isnull=False),
                name="newsroom_calls_to_action_one_horizon",
            ),
            models.UniqueConstraint(
                fields=["call_to_action"],
                condition=Q(closed_at__isnull=True),
                name="newsroom_calls_to_action_one_trial",
                violation_error_message=_("A test of this ask is running. Close it first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        """:raises ValidationError: the horizon would move"""
        self._refuse_another_horizon()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if (self.readers_per_arm is None) == (self.ends_at is None):
            raise ValidationError(
                {"readers_per_arm": _("Say when it is judged: a number of readers or a date.")}
            )
        self._refuse_another_horizon()
        if self._state.adding and self.ends_at and self.ends_at <= timezone.now():
            raise ValidationError({"ends_at": _("Choose a time that is still to come.")})
        if self._state.adding and self.call_to_action_id and not self._has_arms():
            raise ValidationError(
                {
                    "call_to_action": _(
                        "There is nothing to compare. Give the ask an arm with other words first."
                    )
                }
            )
        is_donation = self.call_to_action_id and self.call_to_action.kind == "donate"
        if self.call_to_action_id and is_donation != (self.judged_on == self.Goal.GAVE):
            raise ValidationError(
                {"judged_on": _("Donation asks are judged on gifts, all others on signups.")}
            )
        if is_donation and not self.call_to_action.counts_gifts:
            raise ValidationError(
                {
                    "call_to_action": _(
                        "Gifts are counted for an ask with a donation page that has {place} in "
                        "its address. Choose such a page for the ask first."
                    )
                }
            )

    def _has_arms(self) -> bool:
        return self.call_to_action.variants.filter(is_live=True).exists()

    def _refuse_another_horizon(self) -> None:
        if self._state.adding:
            return
        before = Trial.objects.get(pk=self.pk)
        if any(getattr(before, name) != getattr(self, name) for name in HORIZON):
            raise ValidationError(
                _(
                    "What is judged, and when, was fixed at the start. Close this test and "
                    "begin another."
                )
            )
