"""Files of addresses that staff bring, and what became of each row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.models.newsletters import Newsletter
from newsroom.newsletters.models.subscriptions import Subscription


class ImportBatch(models.Model):
    """One file for one newsletter. It is judged, then brought in, and may be undone."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        JUDGING = "judging", _("Being looked at")
        JUDGED = "judged", _("Looked at, nothing done yet")
        COMMITTING = "committing", _("Being brought in")
        DONE = "done", _("Brought in")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Cannot be read")

    class Consent(models.TextChoices):
        MUST_CONFIRM = (
            "must_confirm",
            _("They are asked by mail, and are on the list once they confirm"),
        )
        PROVEN = "proven", _("They have agreed elsewhere, and we can prove it")

    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        null=True,
        on_delete=models.PROTECT,
        related_name="imports",
    )
    file_name = models.CharField(_("file"), max_length=200)
    # None once every row has been looked at.
    body = models.BinaryField(null=True)
    columns = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    address_column = models.PositiveSmallIntegerField(null=True)
    consent = models.CharField(_("consent"), max_length=12, choices=Consent.choices, blank=True)
    consent_source = models.CharField(_("where they agreed"), max_length=120, blank=True)
    consent_date = models.DateField(_("when they agreed"), null=True, blank=True)
    wording = models.TextField(_("words they agreed to"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.UPLOADED
    )
    rows_total = models.PositiveIntegerField(default=0)
    rows_judged = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    leased_until = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "failed"]) | Q(newsletter__isnull=False),
                name="newsroom_newsletters_import_has_list",
            )
        ]

    def __str__(self) -> str:
        return f"Import {self.pk}: {self.state}"

    @property
    def has_consent(self) -> bool:
        return self.consent == self.Consent.PROVEN


class ImportRow(models.Model):
    """One row of a file. ``address`` is blanked when its owner is erased, and after a month."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    # Of the file, the head being 1.
    line = models.PositiveIntegerField()
    address = models.CharField(max_length=254, blank=True)
    # What the look at it said, and what became of it; blank while there is something to do.
    verdict = models.CharField(max_length=12)
    result = models.CharField(max_length=12, blank=True)
    subscription = models.ForeignKey(
        Subscription, null=True, on_delete=models.SET_NULL, related_name="import_rows"
    )
    # What was there before it was brought in; None for nothing.
    prior = models.JSONField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["batch", "result"], name="newsroom_newsletters_to_bring"),
            models.Index(fields=["address", "batch"], name="newsroom_newsletters_imported"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="newsroom_newsletters_line_once")
        ]

    def __str__(self) -> str:
        return f"Row {self.line} of import {self.batch_id}"
