"""Sheets that people hand in: the bytes as they came, and how they were read."""

from __future__ import annotations

import hashlib
import zlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from elections.models.counts import Snapshot
from elections.models.sources import Source

KEPT_UNUSED = timedelta(days=1)


class SentSheet(models.Model):
    """A file or a paste. ``snapshot`` is the document that was made of it; None while it is
    only looked at.

    ``roles`` maps what the count needs (race, candidate, votes …) to the place of its column,
    from 0. ``worksheet`` is the name of the sheet of a workbook, "" in a text.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="sent_sheets")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent at"))
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    compressed = models.BinaryField()
    worksheet = models.CharField(_("worksheet"), max_length=255, blank=True)
    roles = models.JSONField(_("columns"), default=dict)
    counted_at = models.DateTimeField(_("counted at"), null=True)
    snapshot = models.OneToOneField(
        Snapshot, on_delete=models.PROTECT, null=True, related_name="sent_sheet"
    )

    class Meta:
        verbose_name = _("sheet that was sent")
        verbose_name_plural = _("sheets that were sent")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name or self.sha256[:12]

    @property
    def body(self) -> bytes:
        """The sheet as it was sent, byte for byte."""
        return zlib.decompress(bytes(self.compressed))

    @classmethod
    def receive(
        cls, *, source: Source, body: bytes, file_name: str, sent_by: Any, now: datetime
    ) -> SentSheet:
        """Keep a sheet to be looked at; what was only looked at goes away after a day."""
        cls.objects.filter(snapshot=None, sent_at__lt=now - KEPT_UNUSED).delete()
        return cls.objects.create(
            source=source,
            sent_by=sent_by,
            sent_at=now,
            file_name=file_name[-255:],
            sha256=hashlib.sha256(body).hexdigest(),
            size=len(body),
            compressed=zlib.compress(body, 1),
        )
