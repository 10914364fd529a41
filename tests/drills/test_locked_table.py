"""Somebody holds a lock on the counts for longer than a statement may wait."""

from datetime import timedelta

import psycopg
import pytest
from django.db.models import F

from elections.models import ContestCount, Fetch
from tests.drills.conftest import own_database_url
from tests.servers import wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


def test_a_refresh_gives_up_readers_notice_nothing_and_the_next_one_stores(
    services, make_count, client
):
    count = make_count()
    count.open()
    count.say(2)
    with psycopg.connect(own_database_url()) as blocker:
        blocker.execute("LOCK TABLE elections_contestcount IN EXCLUSIVE MODE")
        worker = services.start_worker()
        services.start("beat")
        wait_until(
            lambda: worker.says("canceling statement due to lock timeout"),
            seconds=45,
            what="The end of the worker's patience",
        )
        fragment = client.get(f"/results/contest/{count.published.pk}.html")
        assert fragment.status_code == 200
        assert b"1,000" in fragment.content
        assert ContestCount.objects.count() == 1
        wait_until(lambda: Fetch.objects.filter(code="internal").exists(), what="The row of it")
    # The next attempt is a minute away; nobody wants to wait for it.
    Fetch.objects.update(started_at=F("started_at") - timedelta(minutes=15))
    count.wait_for(2, seconds=45)
    assert Fetch.objects.latest("pk").outcome == Fetch.Outcome.ACCEPTED
    assert ContestCount.objects.count() == 2
    assert worker.popen.poll() is None
