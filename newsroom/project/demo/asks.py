"""The newsletters of the demonstration and what its stories ask of readers."""

from __future__ import annotations

from newsroom.calls_to_action.models import CallToAction
from newsroom.newsletters.models import Newsletter

NEWSLETTERS = {
    "morning-ledger": {
        "name": "The Morning Ledger",
        "promise": "What happened in the Valley’s schools and city halls, in five minutes.",
        "frequency": "Every weekday morning",
    },
    "count-notes": {
        "name": "Count Notes",
        "promise": "What each new release of an election count changes, and what is left.",
        "frequency": "After each release, while a count goes on",
    },
}


def make_newsletters() -> dict[str, Newsletter]:
    return {
        slug: Newsletter.objects.get_or_create(slug=slug, defaults=facts)[0]
        for slug, facts in NEWSLETTERS.items()
    }


def make_asks() -> dict[str, int]:
    """Make the newsletters and asks; return the ids of the asks by key."""
    newsletters = make_newsletters()
    asks = {
        "morning": CallToAction(
            kind=CallToAction.Kind.NEWSLETTER,
            heading="Start the day knowing",
            text="Our reporting is free to read. The morning newsletter brings it to you.",
            button_label="Sign up for the morning newsletter",
            newsletter=newsletters["morning-ledger"],
            note="Free. You can leave at any time.",
        ),
        "election": CallToAction(
            kind=CallToAction.Kind.NEWSLETTER,
            heading="Sleep. We will watch the count",
            text="One short email after each new release: what changed, and what is left.",
            button_label="Sign up for Count Notes",
            newsletter=newsletters["count-notes"],
            note="Free. It ends when the count is certified.",
        ),
        "donate": CallToAction(
            kind=CallToAction.Kind.DONATE,
            heading="This story was free to read",
            text="Readers who give pay for the ones who cannot. The Valley Ledger is nonprofit.",
            button_label="Donate monthly",
            donate_url="https://example.org/donate",
            note="A demonstration: the button leads to an example page, and nothing is charged.",
        ),
    }
    for ask in asks.values():
        ask.full_clean()
        ask.save()
    return {key: ask.pk for key, ask in asks.items()}
