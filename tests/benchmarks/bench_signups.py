"""Signup forms one after the other, and the mails they cause; and ten thousand of bad will.

500 forms a minute leave one process 120 ms for each. An address known and one unknown take turns:
what we know must not show in the time of the answer.
"""

from __future__ import annotations

import logging
import time
from statistics import median

from django.core import mail as django_mail
from django.core.cache import cache
from django.test import Client, override_settings

from newsroom.newsletters import sending
from newsroom.newsletters.models import Newsletter, OutgoingMail
from newsroom.newsletters.stamps import Place, make_stamp
from tests.benchmarks.figures import Figure

FORMS = 200
BOMB = 10_000
IN_MEMORY = "django.core.mail.backends.locmem.EmailBackend"


def measure() -> list[Figure]:
    Newsletter.objects.get_or_create(
        slug="bench", defaults={"name": "Bench", "promise": "Words.", "frequency": "Daily"}
    )
    options = {"NEWSROOM_FORM_MIN_SECONDS": 0, "NEWSROOM_SIGNUP_LIMIT": 10**6}
    with override_settings(**options):
        client, stamp = Client(SERVER_NAME="localhost"), make_stamp(Place())
        first = [time_form(client, stamp, f"r{number}") for number in range(FORMS)]
        known, unknown = [], []
        for number in range(FORMS):
            known.append(time_form(client, stamp, f"r{number}"))
            unknown.append(time_form(client, stamp, f"u{number}"))
    return [
        Figure("signup form", ours=median(first), goal=120),
        Figure(
            "signup form: known and unknown address apart",
            ours=abs(median(known) - median(unknown)),
            goal=2,
        ),
        Figure("signup mail, written and sent to memory", ours=time_mails()),
        *measure_bomb(),
    ]


def time_form(client: Client, stamp: str, name: str) -> float:
    """Return the milliseconds that one form takes."""
    data = {"newsletter": "bench", "email": f"{name}@example.com", "stamp": stamp}
    started = time.perf_counter()
    answer = client.post("/newsletters/subscribe/", data, secure=True)
    assert answer.status_code == 303, answer.status_code
    return (time.perf_counter() - started) * 1000


def time_mails() -> float:
    """Return the milliseconds for each mail that waits."""
    with override_settings(EMAIL_BACKEND=IN_MEMORY):
        django_mail.outbox = []
        started = time.perf_counter()
        sent = sending.send_due(seconds=60)
        return (time.perf_counter() - started) * 1000 / max(sent, 1)


def measure_bomb() -> list[Figure]:
    """Type 10,000 other people's addresses in: half from one network, half from as many networks.

    The limits are those of a site that sets none. Every form that passes is kept; what an hour
    may send is sent, and staff are told once.
    """
    OutgoingMail.objects.all().delete()
    cache.clear()
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with override_settings(
        NEWSROOM_FORM_MIN_SECONDS=0,
        NEWSROOM_TRUSTED_PROXIES=1,
        NEWSROOM_NEWSLETTER_STAFF=["staff@example.com"],
        EMAIL_BACKEND=IN_MEMORY,
    ):
        client, stamp = Client(SERVER_NAME="localhost"), make_stamp(Place())
        begun = time.perf_counter()
        one = [bomb(client, stamp, f"one{n}", "198.51.100.7") for n in range(BOMB // 2)]
        many = [bomb(client, stamp, f"many{n}", network(n)) for n in range(BOMB // 2)]
        seconds = time.perf_counter() - begun
        django_mail.outbox = []
        while sending.send_due(seconds=60):
            pass
        told = sum(mail.to == ["staff@example.com"] for mail in django_mail.outbox)
    sent = len(django_mail.outbox) - told
    return [
        Figure("10,000 forms of bad will: taken from one network", one.count(303), "", goal=30),
        Figure("10,000 forms of bad will: taken from 5,000 networks", many.count(303), ""),
        Figure("10,000 forms of bad will: mails within the hour", sent, "", goal=3000),
        Figure("10,000 forms of bad will: mails to staff", told, "", goal=1),
        Figure("10,000 forms of bad will: one answer", 1000 * seconds / BOMB, goal=120),
    ]


def network(number: int) -> str:
    return f"10.{number // 250}.{number % 250}.7"


def bomb(client: Client, stamp: str, name: str, address: str) -> int:
    data = {"newsletter": "bench", "email": f"{name}@example.net", "stamp": stamp}
    return client.post(
        "/newsletters/subscribe/", data, secure=True, headers={"X-Forwarded-For": address}
    ).status_code
