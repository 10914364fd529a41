"""The newsletters of the demonstration and what its stories ask of readers."""

from __future__ import annotations

from newsroom.calls_to_action.models import CallToAction, DonationPage, PhaseCopy, Placement
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
    "race-alerts": {
        "name": "Race alerts",
        "scope": "topic",
        "promise": "One email when the race is called, and one more if we take the call back.",
        "frequency": "Once",
    },
}


SPANISH = {
    "race": {
        "heading": "Entérate cuando se defina esta contienda",
        "text": "No hace falta seguir mirando. Escribimos una vez, cuando no haya duda.",
        "button_label": "Avísame por correo",
        "note": "Termina por sí solo cuando se certifica el resultado.",
    },
    "morning": {
        "heading": "Empieza el día con lo que pasó",
        "text": "Leernos es gratis. El boletín de la mañana, en inglés, te lleva las noticias.",
        "button_label": "Recibir el boletín de la mañana",
        "note": "Gratis. Puedes darte de baja cuando quieras.",
    },
    "donate": {
        "heading": "Leer esto fue gratis",
        "text": "Quienes dan pagan por quienes no pueden. No tenemos fines de lucro.",
        "button_label": "Donar a The Valley Ledger",
        "note": "Una demostración: los botones llevan a una página de ejemplo y no se cobra nada.",
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
            button_label="Donate to The Valley Ledger",
            donation_page=make_donation_page(),
            campaign="story",
            amounts_once="25, 50, 100",
            amounts_monthly="5, 10, 20",
            note="A demonstration: the buttons lead to an example page, and nothing is charged.",
        ),
        "race": CallToAction(
            kind=CallToAction.Kind.ALERT,
            heading="Hear when this race is called",
            text="No need to keep looking. We write once, when our desk is sure.",
            button_label="Mail me when it is called",
            newsletter=newsletters["race-alerts"],
            note="It ends by itself when the result is certified.",
        ),
    }
    for ask in asks.values():
        ask.full_clean()
        ask.save()
    place_asks(asks)
    return {key: ask.pk for key, ask in asks.items()}


def make_donation_page() -> DonationPage:
    address = "https://example.org/donate?amount={amount}&every={frequency}&from={story}"
    return DonationPage.objects.get_or_create(
        name="Example page",
        defaults={"address": f"{address}&campaign={{campaign}}&reference={{place}}"},
    )[0]


def place_asks(asks: dict[str, CallToAction]) -> None:
    """Let rules put asks where no editor did, and word one by how far the race is."""
    where = Placement.Where
    for key, place in (("race", where.RACE), ("morning", where.END), ("donate", where.ELECTION)):
        Placement.objects.create(call_to_action=asks[key], where=place)
    words = {
        "before": "The polls are open. Hear when the race is called",
        "polls-closed": "The polls have closed. Hear when the race is called",
    }
    for phase, heading in words.items():
        PhaseCopy.objects.create(call_to_action=asks["race"], phase=phase, heading=heading)
    for key, said in SPANISH.items():
        PhaseCopy.objects.create(call_to_action=asks[key], language="es", **said)
