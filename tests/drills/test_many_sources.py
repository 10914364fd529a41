"""Fifty counties report in the same minute, and some of them take a request and say nothing."""

import time

import pytest

from elections.models import Fetch, SourceState
from tests.servers import wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

INTERVAL = 30  # seconds


def test_a_silent_one_delays_no_other_by_more_than_an_interval(services, make_count, county):
    counts = [make_count(f"/county-{number}.json") for number in range(50)]
    for count in counts:
        count.say(1)
    silent = counts[::25]
    for count in silent:
        county.silence(count.path)
    services.start_worker(children=4)
    services.start("beat")
    wait_until(lambda: county.asked_at, seconds=40, what="The first question")
    first_asked_at = time.monotonic()

    others = [count.source.pk for count in counts if count not in silent]
    answered = Fetch.objects.filter(source__in=others, outcome="accepted")
    wait_until(lambda: answered.count() == len(others), seconds=INTERVAL, what="Every other county")
    assert time.monotonic() - first_asked_at < INTERVAL

    failed = Fetch.objects.filter(code="timeout")
    wait_until(lambda: failed.count() == len(silent), seconds=20, what="The end of the patience")
    assert not Fetch.objects.exclude(source__in=others).exclude(outcome="failed").exists()
    assert all(count.times_asked == 1 for count in counts)
    assert SourceState.objects.count() == 50
