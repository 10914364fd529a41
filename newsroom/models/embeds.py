"""What is remembered of things on other sites, so that a story does not rot with them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.frames import Frame, fingerprint, is_allowed

# One bad night is no death: it counts once a page has been gone for this long.
DEAD_AFTER = timedelta(hours=20)


class EmbedRecordQuerySet(models.QuerySet):
    def troubled(self) -> EmbedRecordQuerySet:
        """Those that are in a live page and could not be reached at the last try."""
        return self.filter(failing_since__isnull=False, uses__isnull=False).distinct()


class EmbedRecord(models.Model):
    """One page of another site that stands in a story: what it shows, and whether it is there.

    ``picture`` is our own copy of its still picture. The machine writes these rows.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    url = models.URLField(_("address"), max_length=1000)
    title = models.CharField(_("title"), max_length=200, blank=True)
    frame_src = models.CharField(max_length=1000, blank=True)
    frame_width = models.PositiveIntegerField(default=640)
    frame_height = models.PositiveIntegerField(default=360)
    picture = models.FileField(_("picture"), upload_to="embeds/", blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True)
    failing_since = models.DateTimeField(_("not reached since"), null=True)
    dead_since = models.DateTimeField(_("gone since"), null=True)
    message = models.TextField(_("what happened"), blank=True)

    objects = EmbedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("embed")
        verbose_name_plural = _("embeds")
        ordering = ["-dead_since", "-failing_since", "pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.url

    @classmethod
    def for_url(cls, url: str) -> EmbedRecord:
        """Return the record of an address, made now if there was none."""
        record, _made = cls.objects.get_or_create(
            fingerprint=fingerprint(url), defaults={"url": url[:1000]}
        )
        return record

    @property
    def frame(self) -> Frame | None:
        """The frame that the provider gave; None where it is not, or no longer, allowed."""
        if not self.frame_src or not is_allowed(self.frame_src):
            return None
        return Frame(self.frame_src, self.frame_width, self.frame_height)

    @property
    def is_dead(self) -> bool:
        return self.dead_since is not None

    def note_alive(self, at: datetime) -> None:
        """Remember that it is there."""
        self.checked_at, self.failing_since, self.dead_since, self.message = at, None, None, ""

    def note_failure(self, at: datetime, message: str, *, may_recover: bool) -> None:
        """Remember that it could not be reached. It is dead once it is gone for a day.

        A server that is merely down is not dead: readers still get the frame.
        """
        self.checked_at, self.message = at, message
        self.failing_since = self.failing_since or at
        if not may_recover and at - self.failing_since >= DEAD_AFTER and self.dead_since is None:
            self.dead_since = self.failing_since


class EmbedUse(models.Model):
    """Which live page shows it.

    The page is a plain number: a site's own base page may stand in an app whose migrations come
    after ours. Rows go when the page is unpublished or deleted.
    """

    record = models.ForeignKey(EmbedRecord, on_delete=models.CASCADE, related_name="uses")
    page_id = models.PositiveBigIntegerField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "page_id"], name="newsroom_embed_use_once")
        ]

    def __str__(self) -> str:
        return f"embed {self.record_id} in page {self.page_id}"
