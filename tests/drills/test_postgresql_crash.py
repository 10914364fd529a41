"""PostgreSQL falls over in the middle of a write, and comes back."""

import subprocess
from pathlib import Path

import psycopg
import pytest

from tests.drills.conftest import own_database_url, release_in
from tests.drills.processes import Services
from tests.servers import free_port, postgres, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

WAITING = """SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND query LIKE 'COPY "elections_contestcount"%'"""
# Tables that a refresh writes, each with its rows after the first release.
WRITTEN = ("elections_fetch", "elections_snapshot", "elections_contestcount")


class Cluster:
    """A PostgreSQL of this drill's own, filled with the rows that the test has made."""

    def __init__(self, server):
        self.server, self.url = server, server.url
        dump = subprocess.run(
            [server.bin / "pg_dump", "--no-owner", own_database_url()],
            check=True,
            capture_output=True,
        )
        restore = [server.bin / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", self.url]
        subprocess.run(restore, check=True, input=dump.stdout, stdout=subprocess.DEVNULL)

    def ask(self, query: str) -> list[tuple]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query).fetchall()

    @property
    def rows(self) -> list[int]:
        return [self.ask(f"SELECT count(*) FROM {table}")[0][0] for table in WRITTEN]

    @property
    def shown(self) -> int:
        return release_in(self.ask("SELECT payload FROM elections_published")[0][0])


@pytest.fixture
def count(make_count):
    """A count whose first release is on its pages. The rows are made before they are copied."""
    count = make_count()
    count.open()
    return count


@pytest.fixture
def cluster(count):
    with postgres(own=True, durable=True) as server:
        yield Cluster(server)


@pytest.fixture
def services(cluster, tmp_path, redis):
    services = Services(tmp_path, database_url=cluster.url, redis_url=redis.url, port=free_port())
    yield services
    services.end()


def test_leaves_the_files_up_and_the_rows_whole(count, cluster, services, results_folder):
    file = Path(results_folder / "contest" / f"{count.published.pk}.json")
    count.say(2)
    blocker = psycopg.connect(cluster.url)
    blocker.execute("LOCK TABLE elections_contestcount IN EXCLUSIVE MODE")
    worker, beat = services.start_worker(), services.start("beat")
    wait_until(lambda: cluster.ask(WAITING)[0][0], seconds=40, what="A worker that is writing")

    cluster.server.stop("immediate")
    assert release_in(file.read_text()) == 1
    cluster.server.start()
    assert cluster.shown == 1
    assert cluster.rows == [1, 1, 1]

    cluster.ask("UPDATE elections_sourcestate SET lease_expires_at = now() RETURNING lease")
    wait_until(lambda: cluster.shown == 2, seconds=40, what="The second release")
    wait_until(lambda: release_in(file.read_text()) == 2, what="The second release's file")
    assert cluster.rows == [2, 2, 2]
    assert worker.popen.poll() is None
    assert beat.popen.poll() is None
