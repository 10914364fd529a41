"""A worker that dies without a word: its machine lost power, or the kernel took its memory."""

import os
import signal
import time

import psycopg
import pytest
from django.db import connection

from elections.models import ContestCount, CurrentCount, Fetch, Snapshot
from tests.drills.conftest import own_database_url
from tests.servers import wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

LEASE = 45
TICK = 10


def is_waiting_for_a_lock() -> bool:
    """Return whether a worker stands before a table, inside the transaction that stores counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND query LIKE 'COPY \"elections_contestcount\"%'"
        )
        return cursor.fetchone()[0] > 0


def test_what_it_left_in_the_middle_is_taken_up_by_the_next(services, make_count, county):
    """One source is killed while the county is silent, the other in the middle of its write."""
    fetched, written = make_count("/fetched.json"), make_count("/written.json")
    for count in (fetched, written):
        count.open()
        count.say(2)
    county.silence("/fetched.json")
    with psycopg.connect(own_database_url()) as blocker:
        blocker.execute("LOCK TABLE elections_contestcount IN EXCLUSIVE MODE")
        worker = services.start_worker()
        services.start("beat")
        wait_until(
            lambda: fetched.times_asked and is_waiting_for_a_lock(),
            seconds=40,
            what="A worker in the middle of both",
        )
        worker.kill()
        killed_at = time.monotonic()
    county.speak()
    assert (fetched.shown, written.shown) == (1, 1)
    assert Fetch.objects.count() == Snapshot.objects.count() == ContestCount.objects.count() == 2

    services.start_worker()
    for count in (fetched, written):
        count.wait_for(2, seconds=LEASE + 2 * TICK)
    assert LEASE - 15 < time.monotonic() - killed_at < LEASE + 15
    for count in (fetched, written):
        attempts = Fetch.objects.filter(source=count.source, outcome="accepted")
        assert attempts.count() == 2
        assert Snapshot.objects.filter(source=count.source).count() == 2
        assert ContestCount.objects.filter(snapshot__source=count.source).count() == 2
        assert CurrentCount.objects.filter(source=count.source).count() == 1
        assert count.published.version == 2


def test_one_of_its_children_alone_is_replaced(services, make_count, county):
    """The kernel kills one child; the worker lives, and the lease runs out by itself."""
    count = make_count()
    count.open()
    count.say(2)
    county.silence(count.path)
    worker = services.start_worker(children=1)
    services.start("beat")
    wait_until(lambda: count.times_asked, seconds=40, what="The first question")
    [child] = worker.children
    os.kill(child, signal.SIGKILL)
    county.speak()
    count.let_lease_run_out()
    count.wait_for(2, seconds=2 * TICK)
    assert worker.popen.poll() is None
    assert Snapshot.objects.count() == ContestCount.objects.count() == 2
    assert count.published.version == 2
