from __future__ import annotations

import re
from string import Formatter
from urllib.parse import quote, urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from newsroom.conf import newsroom_settings

PLACEHOLDERS = ("amount", "frequency", "campaign", "story", "place")
EXAMPLE = (
    "https://give.example.org/?amount={amount}&every={frequency}&from={story}&reference={place}"
)


def check_host(address: str) -> object | None:
    """Return why donors may not be sent there, or None. Only listed hosts pass, if any are."""
    hosts = newsroom_settings.DONATION_HOSTS
    if not hosts or urlsplit(address).hostname in hosts:
        return None
    return _("Donors are not sent to this host. The site allows: %(hosts)s.") % {
        "hosts": ", ".join(hosts)
    }


def validate_template(address: str) -> None:
    """Refuse an address that is not https, or whose host a parameter could change."""
    message = _(
        "Write an https address in which {amount}, {frequency}, {campaign}, {story} and {place} "
        "stand for what is filled in. For example: %(example)s"
    ) % {"example": EXAMPLE}
    try:
        names = {name for _text, name, spec, conversion in Formatter().parse(address) if name}
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError as error:
        raise ValidationError(message) from error
    is_plain = all(part in PLACEHOLDERS for part in names) and "{}" not in address
    has_host = re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", host) and parts.netloc in (host,)
    has_spec = re.search(r"\{[a-z]*[!:]", address)
    if parts.scheme != "https" or not has_host or not is_plain or has_spec:
        raise ValidationError(message)
    if reason := check_host(address):
        raise ValidationError(reason)


class DonationPage(models.Model):
    """Where gifts are taken: another site's page, and how it is told what is suggested."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.CharField(
        _("address"),
        max_length=500,
        validators=[validate_template],
        help_text=_(
            "With {amount}, {frequency}, {campaign} and {story} where they belong, and {place} "
            "where the service keeps a reference: it comes back with a gift, which is counted for "
            "its ask, words and story. For example: "
            "https://give.example.org/?amount={amount}&every={frequency}&from={story}"
            "&reference={place}"
        ),
    )
    word_once = models.CharField(_("its word for once"), max_length=20, default="once")
    word_monthly = models.CharField(_("its word for monthly"), max_length=20, default="monthly")
    word_yearly = models.CharField(_("its word for yearly"), max_length=20, default="yearly")
    currency = models.CharField(_("sign before amounts"), max_length=4, default="$")

    panels = [
        FieldPanel("name"),
        FieldPanel("address"),
        FieldRowPanel(["word_once", "word_monthly", "word_yearly", "currency"]),
    ]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("donation page")
        verbose_name_plural = _("donation pages")

    def __str__(self) -> str:
        return self.name

    @property
    def tells_place(self) -> bool:
        """Whether a gift can be counted for where the donor came from."""
        return "{place}" in self.address

    def build(
        self, *, amount: str, frequency: str, campaign: str, story: str, place: str = ""
    ) -> str:
        """Return the address for one suggestion. ``frequency`` is once, monthly or yearly.

        ``place`` is the signed mark of where the link stands.
        """
        values = {
            "amount": amount,
            "frequency": getattr(self, f"word_{frequency}"),
            "campaign": campaign,
            "story": story,
            "place": place,
        }
        return self.address.format(**{name: quote(text, safe="") for name, text in values.items()})
