from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.addresses import address_hash, address_hashes
from newsroom.newsletters.models.newsletters import Newsletter


class SuppressionQuerySet(models.QuerySet):
    def of(self, address: str) -> "SuppressionQuerySet":
        return self.filter(address_hash__in=address_hashes(address))

    def on(self, newsletter: Newsletter) -> "SuppressionQuerySet":
        """Those that forbid this newsletter: its own, and those for everything."""
        return self.filter(Q(newsletter=newsletter) | Q(newsletter=None))

    def suppress(self, address: str, reason: str, newsletter: Newsletter | None = None) -> None:
        """Forbid one list, or everything. Saying it again changes nothing."""
        self.bulk_create(
            [Suppression(address_hash=address_hash(address), newsletter=newsletter, reason=reason)],
            ignore_conflicts=True,
        )

    def reasons(self, addresses: Iterable[str], newsletter: Newsletter) -> dict[str, set[str]]:
        """Return for each address that may not be added why not. One query for all of them."""
        by_hash = {digest: address for address in addresses for digest in address_hashes(address)}
        found: dict[str, set[str]] = {}
        rows = self.on(newsletter).filter(address_hash__in=by_hash)
        for digest, reason in rows.values_list("address_hash", "reason"):
            found.setdefault(by_hash[digest], set()).add(reason)
        return found


class Suppression(models.Model):
    """An address that must not be added, known by its keyed hash alone.

    It outlives the person's own rows. Their own click in a mail that we sent to the address
    lifts an opt-out for that list; imports, services and staff cannot.
    """

    class Reason(models.TextChoices):
        OPTED_OUT = "opted_out", _("Opted out")
        ERASED = "erased", _("Erased at their wish")
        COMPLAINED = "complained", _("Complained about spam")
        BOUNCED = "bounced", _("Mail came back")

    address_hash = models.CharField(max_length=64)
    # None: every newsletter, also those to come.
    newsletter = models.ForeignKey(
        Newsletter,
        verbose_name=_("newsletter"),
        null=True,
        on_delete=models.PROTECT,
        related_name="suppressions",
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        default_permissions = ["view"]
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "newsletter", "reason"],
                condition=Q(newsletter__isnull=False),
                name="newsroom_newsletters_suppressed_once",
            ),
            models.UniqueConstraint(
                fields=["address_hash", "reason"],
                condition=Q(newsletter__isnull=True),
                name="newsroom_newsletters_suppressed_everywhere_once",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["opted_out", "erased", "complained", "bounced"]),
                name="newsroom_newsletters_known_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Suppression {self.pk}: {self.reason}"
