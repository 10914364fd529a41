"""Who is told of alerts, and the outbox: a row for each message that has to go out."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from elections.models.alerts import Alert, AlertKind


class AlertSubscription(models.Model):
    """One person who gets mail about one kind of alert."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alert_subscriptions"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=AlertKind.choices)

    class Meta:
        verbose_name = _("alert by mail")
        verbose_name_plural = _("alerts by mail")
        ordering = ["user", "kind"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="elections_alert_subscription", fields=["user", "kind"])
        ]

    def __str__(self) -> str:
        return f"{self.kind} for user {self.user_id}"


class AlertWebhook(models.Model):
    """A channel of a chat that takes messages in Slack's form. Its address is a secret."""

    name = models.CharField(_("name"), max_length=100, help_text=_("For example “Slack #desk”."))
    address = models.CharField(
        _("address"),
        max_length=1000,
        help_text=_(
            "The address that the chat gave you, starting with https://. Whoever knows it can "
            "write there, so it is not shown again."
        ),
    )
    kinds = models.JSONField(_("kinds"), default=list, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """The part of the address that is no secret."""
        return urlsplit(self.address).hostname or ""

    def wants(self, kind: str) -> bool:
        """Whether it is told of this kind; one that names none is told of all."""
        return not self.kinds or kind in self.kinds


class AlertDelivery(models.Model):
    """One message of an alert to one receiver; stays until it has gone out, or too often failed.

    ``claimed_until`` keeps two workers from sending the same one; a worker that dies gives
    it back by letting the time pass.
    """

    class About(models.TextChoices):
        OPENED = "opened", _("News")
        RECOVERED = "recovered", _("Recovered")

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="deliveries")
    about = models.CharField(_("about"), max_length=12, choices=About.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    webhook = models.ForeignKey(AlertWebhook, on_delete=models.CASCADE, null=True, related_name="+")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    failed_at = models.DateTimeField(_("given up at"), null=True)
    error = models.CharField(_("latest error"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("message of an alert")
        verbose_name_plural = _("messages of alerts")
        ordering = ["pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="elections_delivery_mail_once",
                fields=["alert", "about", "user"],
                condition=Q(user__isnull=False),
            ),
            models.UniqueConstraint(
                name="elections_delivery_webhook_once",
                fields=["alert", "about", "webhook"],
                condition=Q(webhook__isnull=False),
            ),
            models.CheckConstraint(
                name="elections_delivery_has_receiver",
                condition=Q(user__isnull=False, webhook__isnull=True)
                | Q(user__isnull=True, webhook__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                name="elections_delivery_due",
                fields=["next_try_at"],
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.about} of alert {self.alert_id}"
