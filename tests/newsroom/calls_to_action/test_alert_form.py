"""What the form of a race alert lets out about an address: nothing."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsroom.newsletters import subscriptions
from newsroom.newsletters.models import Subscriber
from newsroom.newsletters.stamps import Place, make_stamp
from tests.newsroom.newsletters.people import FORM, LEAVE, confirm_all, wish

pytestmark = pytest.mark.django_db

RACE = {"topic_key": "race-1", "topic_title": "Board District 3"}
STATES = ("unknown", "pending", "confirmed", "unsubscribed")


def meet(alerts, state: str) -> str:
    """Let somebody be in a state already; return their address."""
    email = f"{state}@example.com"
    if state != "unknown":
        subscriptions.sign_up(email, [wish(alerts, **RACE)], FORM)
    if state in ("confirmed", "unsubscribed"):
        subscriber = Subscriber.objects.get(email=email)
        confirm_all(subscriber, timezone.now())
        if state == "unsubscribed":
            subscriptions.unsubscribe(subscriber.subscriptions.get(), LEAVE)
    return email


def test_answers_everybody_the_same_after_the_same_work(home, alert, alerts):
    client = Client(headers={"origin": "http://testserver"})
    answers, work = [], []
    for state in STATES:
        form = {
            "newsletter": alerts.slug,
            "email": meet(alerts, state),
            "stamp": make_stamp(Place(topic="race-1")),
        }
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/newsletters/subscribe/", form)
        answers.append((answer.status_code, answer.content, dict(answer.headers)))
        kinds = [re.sub(r"(SAVEPOINT) .*", r"\1", query["sql"])[:60] for query in queries]
        work.append(kinds)
    assert answers[0][0] == 303
    assert answers == [answers[0]] * len(STATES)
    assert work == [work[0]] * len(STATES)
