import uuid
from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.addresses import normalise_email


class SubscriberManager(models.Manager):
    def for_email(self, address: str) -> "Subscriber":
        """Return the subscriber with this address, made now if there was none."""
        subscriber, _created = self.get_or_create(email=normalise_email(address))
        return subscriber

    def lock(self, address: str) -> "Subscriber":
        """Return the subscriber with this address for this transaction alone, made if need be.

        The same two queries run for an address known and unknown.
        """
        email = normalise_email(address)
        self.bulk_create([Subscriber(email=email)], ignore_conflicts=True)
        return self.select_for_update().get(email=email)

    def lock_each(self, emails: Iterable[str]) -> "dict[str, Subscriber]":
        """Return the subscribers with these addresses for this transaction alone, as ``lock``.

        Addresses are normalised. Who was erased at this very moment is missing. Two of these at
        once cannot lock each other out: both go in the same order.
        """
        emails = sorted(emails)
        self.bulk_create([Subscriber(email=email) for email in emails], ignore_conflicts=True)
        rows = self.select_for_update().filter(email__in=emails).order_by("pk")
        return {row.email: row for row in rows}


class Subscriber(models.Model):
    """A person's address. It stands in clear here and nowhere else.

    ``person`` is what the ledger calls them: it tells nothing once this row is gone.
    """

    email = models.EmailField(_("email address"))
    person = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Of the form they first filled in, then of the page where they last confirmed something; blank
    # for the site's own.
    language = models.CharField(_("language"), max_length=15, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    # How often a form made us write to them since they last confirmed anything, and when.
    confirmation_mails = models.PositiveSmallIntegerField(default=0, editable=False)
    confirmation_mail_at = models.DateTimeField(null=True, editable=False)
    latest_delivery_at = models.DateTimeField(_("latest delivery at"), null=True, editable=False)

    objects = SubscriberManager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        # Readers change their address themselves, through mails to the old and the new one.
        default_permissions = ["view"]
        permissions = [
            ("manage_subscriber", _("Can unsubscribe and pause people, and ask them to confirm")),
            ("prove_subscriber", _("Can import people with proven consent")),
            ("export_subscriber", _("Can export subscribers and evidence")),
            ("erase_subscriber", _("Can erase people at their wish")),
        ]
        indexes = [
            # Serves = and, on PostgreSQL, the beginning of an address too.
            models.Index(
                fields=["email"],
                name="newsroom_newsletters_address",
                opclasses=["varchar_pattern_ops"],
            )
        ]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="newsroom_newsletters_email_once")
        ]

    def __str__(self) -> str:
        # The address itself must not reach logs and error pages through a str().
        return f"Subscriber {self.pk}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.email = normalise_email(self.email)
        super().save(*args, **kwargs)

    @property
    def masked_email(self) -> str:
        """As much of the address as its owner needs to recognise it: ``a…@example.com``."""
        name, _at, domain = self.email.partition("@")
        return f"{name[:1]}…@{domain}"
