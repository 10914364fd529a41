"""Signup forms one after the other, and the mails they cause.

500 forms a minute leave one process 120 ms for each. An address known and one unknown take turns:
what we know must not show in the time of the answer.
"""

from __future__ import annotations

import time
from statistics import median

from django.core import mail as django_mail
from django.test import Client, override_settings

from newsroom.newsletters import sending
from newsroom.newsletters.models import Newsletter
from newsroom.newsletters.stamps import Place, make_stamp
from tests.benchmarks.figures import Figure

FORMS = 200
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
