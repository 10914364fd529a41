"""What goes out: the links in our mails, the outbox, and what the mail servers said later."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.models.newsletters import Newsletter
from newsroom.newsletters.models.subscribers import Subscriber
from newsroom.newsletters.models.subscriptions import Subscription


class MailedLinkQuerySet(models.QuerySet):
    def usable(self, now: datetime) -> "MailedLinkQuerySet":
        return self.filter(used_at=None, expires_at__gt=now)


class MailedLink(models.Model):
    """A link for one purpose that we mail to one person.

    Its token is made from ``seed`` and our key when the mail is written and is stored only as a
    hash: whoever reads this table cannot follow the link. ``subscriptions`` are what a confirm
    link confirms; ``newsletter`` is what an invitation offers.
    """

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("Confirm a signup")
        PREFERENCES = "preferences", _("Change preferences")
        ADDRESS = "address", _("Take a new address")
        ERASE = "erase", _("Erase everything")
        INVITATION = "invitation", _("Accept an invitation")

    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    # None: somebody asked for a link to an address that we do not know. It is never mailed.
    subscriber = models.ForeignKey(
        Subscriber, null=True, on_delete=models.CASCADE, related_name="links"
    )
    # The earlier address, where a link takes a new one.
    replaces = models.ForeignKey(
        Subscriber, null=True, on_delete=models.CASCADE, related_name="replacing_links"
    )
    newsletter = models.ForeignKey(Newsletter, null=True, on_delete=models.CASCADE)
    subscriptions = models.ManyToManyField(Subscription, related_name="links")
    seed = models.BinaryField(max_length=32)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Set when the mail goes out, so that a mail that waited does not arrive expired.
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    objects = MailedLinkQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Link {self.pk}: {self.purpose}"


class Announcement(models.Model):
    """One thing that happened in a topic, told once to each of its subscribers."""

    event_key = models.CharField(max_length=150, unique=True)
    topic_key = models.CharField(max_length=100, db_index=True)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    url = models.URLField(_("address to read on"), max_length=500, blank=True)
    # Subject, text and address in other languages, by the language's code.
    translations = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(_("announced at"), default=timezone.now)
    # The highest subscription that has its row in the outbox; None when all have.
    fanned_out_to = models.PositiveBigIntegerField(null=True, default=0)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        default_permissions = ["view"]

    def __str__(self) -> str:
        return f"Announcement {self.pk}"


class OutgoingMailQuerySet(models.QuerySet):
    def due(self, now: datetime) -> "OutgoingMailQuerySet":
        """Those to send now, and those whose sender went away in the middle; urgent ones first."""
        is_due = Q(state="waiting", next_attempt_at__lte=now)
        is_orphaned = Q(state="sending", claimed_until__lte=now)
        return self.filter(is_due | is_orphaned).order_by("priority", "next_attempt_at", "pk")


class OutgoingMail(models.Model):
    """A mail to be sent once. Written in the transaction of what it tells about.

    ``event_key`` names the event: a second row for the same one cannot be. The text is made when
    it is sent; no address stands here.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm", _("Please confirm")
        REMINDER = "reminder", _("Reminder to confirm")
        ALREADY = "already", _("You are subscribed already")
        WELCOME = "welcome", _("Welcome")
        PREFERENCES = "preferences", _("Link to the preferences")
        NEW_ADDRESS = "new_address", _("Please confirm the new address")
        OLD_ADDRESS = "old_address", _("Your address was changed")
        ERASE = "erase", _("Link to erase everything")
        ANNOUNCEMENT = "announcement", _("Announcement in a topic")
        INVITATION = "invitation", _("Invitation at the end of a topic")
        STAFF = "staff", _("Note to staff")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not sent")
        FAILED = "failed", _("Given up")

    event_key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    # None: a note to staff, or an answer to an address that we do not know.
    subscriber = models.ForeignKey(
        Subscriber, null=True, on_delete=models.CASCADE, related_name="mails"
    )
    subscription = models.ForeignKey(Subscription, null=True, on_delete=models.CASCADE)
    newsletter = models.ForeignKey(Newsletter, null=True, on_delete=models.CASCADE)
    link = models.OneToOneField(
        MailedLink, null=True, on_delete=models.CASCADE, related_name="mail"
    )
    announcement = models.ForeignKey(Announcement, null=True, on_delete=models.CASCADE)
    # Of the page that caused it; blank for the subscriber's.
    language = models.CharField(_("language"), max_length=15, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    # 0 is what a reader waits for, 5 what goes to many.
    priority = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("next attempt at"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        default_permissions = ["view"]
        indexes = [
            models.Index(
                fields=["priority", "next_attempt_at"],
                name="newsroom_newsletters_outbox",
                condition=Q(state__in=["waiting", "sending"]),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sending", "sent", "dropped", "failed"]),
                name="newsroom_newsletters_mail_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="newsroom_newsletters_mail_sent_when",
            ),
        ]

    def __str__(self) -> str:
        return f"Mail {self.pk}: {self.kind}, {self.state}"


class BounceQuerySet(models.QuerySet):
    def soft_since(self, subscriber: Subscriber, now: datetime, days: int) -> int:
        """Count the days with a soft bounce in the window, since mail last arrived."""
        since = now - timedelta(days=days)
        if subscriber.latest_delivery_at:
            since = max(since, subscriber.latest_delivery_at)
        rows = self.filter(subscriber=subscriber, is_hard=False, occurred_at__gt=since)
        return len({at.date() for at in rows.values_list("occurred_at", flat=True)})


class Bounce(models.Model):
    """A mail that came back, as a mail server or provider told us."""

    # What the provider calls this report: the same one twice is one bounce.
    report_id = models.CharField(max_length=200, unique=True)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="bounces")
    is_hard = models.BooleanField(_("for good"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    occurred_at = models.DateTimeField(_("when"))

    objects = BounceQuerySet.as_manager()

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        default_permissions = ["view"]

    def __str__(self) -> str:
        return f"Bounce {self.pk}"
