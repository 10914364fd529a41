"""Two workers and two beats, as after a deployment that started before the old one ended."""

import json
import time

import pytest

from elections.models import ContestCount, CurrentCount, Fetch, Hold, Snapshot
from newsroom.project.celery import app
from tests.servers import wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

INTERVAL = 30  # seconds between two questions on an election night
TICK = 10


def test_each_source_is_asked_once_per_interval_and_its_changes_are_stored_once(
    services, make_count, county, results_folder
):
    counts = [make_count("/north.json"), make_count("/south.json")]
    for count in counts:
        count.open()
        count.say(1)
    for service in ["worker", "beat", "worker", "beat"]:
        services.start_worker() if service == "worker" else services.start(service)

    wait_until(lambda: all(c.times_asked for c in counts), seconds=40, what="The first question")
    for count in counts:
        count.say(2)
    deliver_again(services, counts)
    for count in counts:
        count.wait_for(2, seconds=INTERVAL + 2 * TICK)
    time.sleep(TICK + 2)  # one more tick of either beat

    for count in counts:
        first, second = county.asked_at[count.path]
        assert INTERVAL - 3 <= second - first <= INTERVAL + 2 * TICK
        outcomes = Fetch.objects.filter(source=count.source).order_by("pk")
        expected = ["accepted", "unchanged", "accepted"]
        assert list(outcomes.values_list("outcome", flat=True)) == expected
        assert Snapshot.objects.filter(source=count.source).count() == 2
        assert ContestCount.objects.filter(snapshot__source=count.source).count() == 2
        assert CurrentCount.objects.filter(source=count.source).count() == 1
        assert count.published.version == 2
        file = results_folder / "contest" / f"{count.published.pk}.html"
        assert file.read_text() == count.published.html
        manifest = results_folder / "election" / f"{count.source.election_id}" / "manifest.json"
        assert json.loads(manifest.read_text())["versions"] == {str(count.published.pk): 2}
    assert not Hold.objects.exists()
    assert not any(process.says("Traceback") for process in services.started)


def deliver_again(services, counts) -> None:
    """Send each source's task ten times over, as a broker does that lost its memory."""
    with app.connection_for_write(services.environment["REDIS_URL"]) as broker:
        for count in counts:
            for _ in range(10):
                app.send_task(
                    "elections.tasks.refresh_source",
                    kwargs={"source_id": count.source.pk},
                    connection=broker,
                )
