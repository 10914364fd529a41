"""How often an ask was seen and followed, by day. No row knows a reader."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AskCount(models.Model):
    """One number: what happened, to which ask, where, on one day."""

    class Kind(models.TextChoices):
        """What a browser reports. ``asks.js`` sends no other."""

        IMPRESSION = "impression", _("Seen")
        READER = "reader", _("First seen in a test")
        CLICK = "click", _("Followed")
        GIFT = "gift", _("Gave")

    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    call_to_action_id = models.PositiveBigIntegerField()
    # "trial-arm"; blank outside a test.
    variant = models.CharField(max_length=40, blank=True)
    block_id = models.CharField(max_length=36, blank=True)
    # 0 where there was no page.
    page_id = models.PositiveBigIntegerField(default=0)
    page_revision_id = models.PositiveBigIntegerField(default=0)
    subject = models.CharField(max_length=100, blank=True)
    phase = models.CharField(max_length=40, blank=True)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("count of an ask")
        verbose_name_plural = _("counts of asks")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "call_to_action_id",
                    "day",
                    "kind",
                    "variant",
                    "block_id",
                    "page_id",
                    "page_revision_id",
                    "subject",
                    "phase",
                ],
                name="newsroom_calls_to_action_count_once",
            )
        ]
        indexes = [
            models.Index(fields=["page_id", "kind"], name="newsroom_cta_count_by_page"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class CountBatch(models.Model):
    """A batch of counts that is in the rows: whoever finds it again throws it away."""

    key = models.CharField(max_length=40, unique=True)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class Gift(models.Model):
    """That a donation page has signed for a gift: no person, no amount, one use."""

    reference_hash = models.CharField(max_length=64, unique=True)
    told_at = models.DateTimeField(default=timezone.now)
    # When a browser was told that it belongs to a donor.
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Gift {self.pk}"
