"""The links with which an ask suggests gifts. Money and cards are the donation page's matter."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import AbstractPage

from newsroom.calls_to_action.models import CallToAction

FREQUENCIES = {
    "once": pgettext_lazy("how often to give", "Once"),
    "monthly": _("Monthly"),
    "yearly": _("Yearly"),
}


@dataclass(frozen=True)
class Suggestion:
    label: str
    url: str


@dataclass(frozen=True)
class Suggestions:
    """What is suggested for one frequency."""

    frequency: str
    gifts: tuple[Suggestion, ...]


def suggest(ask: CallToAction, page: AbstractPage | None, place: str) -> tuple[Suggestions, ...]:
    """Return the suggestions of a donation ask; none where it has one plain address.

    ``place`` is the signed mark of where the links stand, which comes back with a gift.
    """
    target = ask.donation_page
    if ask.kind != CallToAction.Kind.DONATE or target is None:
        return ()
    story = getattr(page, "slug", "") or ""
    return tuple(
        Suggestions(
            frequency=str(FREQUENCIES[frequency]),
            gifts=tuple(
                Suggestion(
                    label=f"{target.currency}{amount}",
                    url=target.build(
                        amount=amount,
                        frequency=frequency,
                        campaign=ask.campaign,
                        story=story,
                        place=place,
                    ),
                )
                for amount in amounts
            ),
        )
        for frequency, amounts in ask.amounts.items()
        if amounts
    )
