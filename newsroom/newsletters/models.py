"""Lists, the people on them, and the record of how each came to be on it."""

import unicodedata
from collections.abc import Mapping

from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index


class NewsletterQuerySet(models.QuerySet):
    def open(self) -> "NewsletterQuerySet":
        """Those that take signups."""
        return self.filter(is_open=True).order_by("name", "pk")


class Newsletter(index.Indexed, models.Model):
    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_("Forms name the newsletter by it. Pages kept in caches break if it changes."),
    )
    promise = models.CharField(
        _("promise"),
        max_length=300,
        help_text=_("What readers get and how often. It stands beside every signup form."),
    )
    frequency = models.CharField(
        _("frequency"), max_length=80, help_text=_("For example: every weekday morning.")
    )
    is_open = models.BooleanField(
        _("takes signups"),
        default=True,
        help_text=_("Closing it takes its forms off every page. Subscribers stay."),
    )

    objects = NewsletterQuerySet.as_manager()

    panels = [
        MultiFieldPanel(["name", "slug"], heading=_("Newsletter")),
        MultiFieldPanel(["promise", "frequency"], heading=_("For readers")),
        FieldPanel("is_open"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("promise"),
    ]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")

    def __str__(self) -> str:
        return self.name


def normalise_email(address: str) -> str:
    """Return the one form in which an address is stored and looked up.

    The part before the @ may in theory be case-sensitive; no mail provider in use makes it so,
    and readers write their address as the keyboard happens to capitalise it.
    """
    return unicodedata.normalize("NFC", address.strip()).lower()


class SubscriberManager(models.Manager):
    def for_email(self, address: str) -> "Subscriber":
        """Return the subscriber with this address, made now if there was none."""
        subscriber, _created = self.get_or_create(email=normalise_email(address))
        return subscriber


class Subscriber(models.Model):
    email = models.EmailField(_("email address"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = SubscriberManager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="newsroom_newsletters_email_once")
        ]

    def __str__(self) -> str:
        # The address itself must not reach logs and error pages through a str().
        return f"Subscriber {self.pk}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.email = normalise_email(self.email)
        super().save(*args, **kwargs)


class Subscription(models.Model):
    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        CONFIRMED = "confirmed", _("Confirmed")
        UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")

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
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PENDING
    )
    created_at = models.DateTimeField(_("first signed up at"), auto_now_add=True)
    state_changed_at = models.DateTimeField(_("state since"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        # Staff look at subscriptions; readers change them.
        default_permissions = ["view"]
        constraints = [
            models.UniqueConstraint(
                fields=["newsletter", "subscriber"], name="newsroom_newsletters_subscribed_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "confirmed", "unsubscribed"]),
                name="newsroom_newsletters_known_state",
            ),
        ]

    def __str__(self) -> str:
        return f"Subscription {self.pk}: {self.state}"


class AppendOnlyError(Exception):
    """A record that stands for what happened cannot be changed or taken back."""


class SignupQuerySet(models.QuerySet):
    def update(self, **kwargs: object) -> int:
        raise AppendOnlyError("A signup is a record of what happened. It cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("A signup is a record of what happened. It cannot be deleted.")

    def bulk_update(self, *args: object, **kwargs: object) -> int:
        raise AppendOnlyError("A signup is a record of what happened. It cannot be changed.")

    def record_form(
        self,
        *,
        email: str,
        wordings: Mapping[Newsletter, str],
        story_id: int | None = None,
        block_id: str = "",
        call_to_action_id: int | None = None,
    ) -> "list[Signup]":
        """Write down one accepted form and the subscriptions it asks for, or nothing of it.

        ``wordings`` gives, for each newsletter asked for, the words that stood beside the form.
        Someone who unsubscribed stays unsubscribed: anyone can type anyone's address into a form.
        """
        with transaction.atomic():
            subscriber = Subscriber.objects.for_email(email)
            for newsletter in wordings:
                Subscription.objects.get_or_create(newsletter=newsletter, subscriber=subscriber)
            return [
                self.create(
                    newsletter=newsletter,
                    subscriber=subscriber,
                    wording=wording,
                    story_id=story_id,
                    block_id=block_id,
                    call_to_action_id=call_to_action_id,
                )
                for newsletter, wording in wordings.items()
            ]


class Signup(models.Model):
    """One form that a reader sent, with the words beside it. Written once, never changed.

    Story, block and call to action are plain numbers: the record outlives what they point at,
    and this app does not know the apps that own them.
    """

    newsletter = models.ForeignKey(
        Newsletter, verbose_name=_("newsletter"), on_delete=models.PROTECT, related_name="signups"
    )
    subscriber = models.ForeignKey(
        Subscriber, verbose_name=_("subscriber"), on_delete=models.PROTECT, related_name="signups"
    )
    wording = models.TextField(_("wording shown"))
    story_id = models.PositiveBigIntegerField(_("story"), null=True, blank=True)
    block_id = models.CharField(_("block"), max_length=36, blank=True)
    call_to_action_id = models.PositiveBigIntegerField(_("call to action"), null=True, blank=True)
    signed_up_at = models.DateTimeField(_("signed up at"), auto_now_add=True)

    objects = SignupQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_up_at", "-pk"]
        verbose_name = _("signup")
        verbose_name_plural = _("signups")
        default_permissions = ["view"]

    def __str__(self) -> str:
        return f"Signup {self.pk}"

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise AppendOnlyError("A signup is a record of what happened. It cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("A signup is a record of what happened. It cannot be deleted.")
