"""A deployment in the middle of a count: every process is asked to end and is replaced."""

import pytest

from elections.models import ContestCount, Fetch, Snapshot
from tests.servers import wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


def test_loses_and_doubles_nothing(services, make_count, county):
    count = make_count()
    count.open()
    count.say(2)
    county.silence(count.path)
    worker, beat = services.start_worker(), services.start("beat")
    wait_until(lambda: count.times_asked, seconds=40, what="A worker that waits for the county")
    worker.popen.terminate()
    assert beat.stop() == 0
    county.speak()
    assert worker.popen.wait(timeout=20) == 0
    assert count.shown == 2

    count.say(3)
    count.bring_forward()
    services.start_worker()
    services.start("beat")
    count.wait_for(3, seconds=40)
    outcomes = Fetch.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["accepted", "accepted", "accepted"]
    assert Snapshot.objects.count() == ContestCount.objects.count() == count.published.version == 3
