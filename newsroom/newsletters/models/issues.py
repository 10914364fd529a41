"""Issues of newsletters: stories that a service was given to send, and whether it sent them."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.models.newsletters import Newsletter
from newsroom.newsletters.models.syncing import SyncedList


class Issue(models.Model):
    """One story, as it was published once, for one newsletter.

    The numbers of its page and revision are plain, since the record outlives what they point at.
    ``content_hash`` names what the service has; ``html`` is that, for whoever asks later. A state
    is changed by ``move`` alone, so that of two people, or two clicks, one does it.
    """

    class State(models.TextChoices):
        NEW = "new", _("Not at the service yet")
        SAVING = "saving", _("Being saved at the service")
        SAVED = "saved", _("Saved at the service, not sent")
        SENDING = "sending", _("Handed over for sending, not yet known to be sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed: save it again")

    newsletter = models.ForeignKey(Newsletter, on_delete=models.PROTECT, related_name="issues")
    synced_list = models.ForeignKey(SyncedList, on_delete=models.PROTECT, related_name="issues")
    page_number = models.PositiveBigIntegerField()
    revision_number = models.PositiveBigIntegerField()
    headline = models.CharField(_("headline"), max_length=255)
    subject = models.CharField(_("subject"), max_length=150)
    preview_text = models.CharField(
        _("preview text"),
        max_length=150,
        blank=True,
        help_text=_("Mail programs show it beside the subject."),
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    remote_id = models.CharField(max_length=100, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    html = models.TextField(blank=True)
    error = models.CharField(max_length=400, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    # None: the account is gone, or nobody did it yet; Wagtail's log keeps who did what.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ["view"]
        permissions = [("send_issue", "Can save and send issues of newsletters")]
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["newsletter", "page_number", "revision_number"],
                name="newsroom_newsletters_issue_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.newsletter}: {self.headline}"

    @property
    def is_with_service(self) -> bool:
        """Whether it may have gone out: nothing about it is changed or repeated then."""
        return self.state in (self.State.SENDING, self.State.SENT)

    def move(
        self, *states: str, to: str, changed_before: datetime | None = None, **facts: object
    ) -> bool:
        """Take it from one of these states to another in one statement, unless another was first.

        ``changed_before`` asks that its state has not changed since then.
        """
        rows = Issue.objects.filter(
            pk=self.pk, state__in=states, content_hash=self.content_hash, changed_at=self.changed_at
        )
        if changed_before:
            rows = rows.filter(changed_at__lte=changed_before)
        facts = {"error": "", **facts, "state": to, "changed_at": timezone.now()}
        if not rows.update(**facts):
            self.refresh_from_db()
            return False
        for name, value in facts.items():
            setattr(self, name, value)
        return True
