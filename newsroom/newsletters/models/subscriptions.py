from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.models.newsletters import Newsletter
from newsroom.newsletters.models.subscribers import Subscriber


class SubscriptionQuerySet(models.QuerySet):
    def active(self, now: datetime) -> "SubscriptionQuerySet":
        """Those that get mail now: confirmed, not paused, not over."""
        return self.confirmed(now).filter(Q(paused_until=None) | Q(paused_until__lte=now))

    def confirmed(self, now: datetime) -> "SubscriptionQuerySet":
        """Those that readers agreed to and that are not over; some may be paused."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), state="confirmed")


class Subscription(models.Model):
    """One person on one list, or on the alerts about one topic.

    Only ``newsroom.newsletters.subscriptions`` writes here: what it refuses, nobody may do.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        CONFIRMED = "confirmed", _("Confirmed")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
        BOUNCED = "bounced", _("Bounced")
        COMPLAINED = "complained", _("Complained")

    class Source(models.TextChoices):
        STORY = "story", _("A form in a story")
        ASK = "ask", _("A call to action")
        FORM = "form", _("Another form")
        PREFERENCES = "preferences", _("The preference page")
        LINK = "link", _("A link in a mail")
        IMPORT = "import", _("An import")
        STAFF = "staff", _("Staff")
        SERVICE = "service", _("A newsletter service")

    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        on_delete=models.PROTECT,
        related_name="subscriptions",
    )
    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("subscriber"),
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    # What unsubscribe links call it: 128 bits that tell nothing without our key.
    key = models.UUIDField(unique=True, editable=False)
    topic_key = models.CharField(_("topic"), max_length=100, blank=True)
    topic_title = models.CharField(_("title of the topic"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PENDING
    )
    # How it came to be, as the ledger tells it at length.
    source = models.CharField(_("came by"), max_length=12, choices=Source.choices, blank=True)
    created_at = models.DateTimeField(_("first signed up at"), auto_now_add=True)
    state_changed_at = models.DateTimeField(_("state since"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    asked_at = models.DateTimeField(
        _("asked for at"), null=True, blank=True, help_text=_("The latest form not yet confirmed.")
    )
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    expires_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    # When the end was written down and the person told.
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        # Staff look at subscriptions; readers change them.
        default_permissions = ["view"]
        indexes = [
            models.Index(
                fields=["topic_key"],
                name="newsroom_newsletters_topic",
                condition=~Q(topic_key=""),
            ),
            models.Index(
                fields=["newsletter", "state", "-created_at"], name="newsroom_newsletters_by_state"
            ),
            models.Index(fields=["state", "-subscriber"], name="newsroom_newsletters_filtered"),
            models.Index(fields=["source", "-subscriber"], name="newsroom_newsletters_came_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["newsletter", "subscriber", "topic_key"],
                name="newsroom_newsletters_subscribed_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["pending", "confirmed", "unsubscribed", "bounced", "complained"]
                ),
                name="newsroom_newsletters_known_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False),
                name="newsroom_newsletters_confirmed_when",
            ),
            models.CheckConstraint(
                condition=Q(topic_key="", topic_title="") | (~Q(topic_key="") & ~Q(topic_title="")),
                name="newsroom_newsletters_topic_has_title",
            ),
        ]

    def __str__(self) -> str:
        return f"Subscription {self.pk}: {self.state}"

    @property
    def title(self) -> str:
        """What readers call it: the topic if it is about one, or the newsletter. Needs both."""
        if not self.topic_key:
            return self.newsletter.name
        return f"{self.newsletter.name}: {self.topic_title}"

    def is_confirmed(self, now: datetime) -> bool:
        is_over = self.expires_at is not None and self.expires_at <= now
        return self.state == self.State.CONFIRMED and not is_over


class FormerKey(models.Model):
    """A key whose subscription became one with another, when two addresses became one."""

    key = models.UUIDField(unique=True)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="former_keys"
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Former key {self.pk}"


def titles_of(subscriptions: Iterable[Subscription]) -> list[str]:
    return [subscription.title for subscription in subscriptions]
