"""A night on the real things: PostgreSQL, Redis, Celery's worker and beat, a county's server."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from elections import ingest
from elections.models import Contest, Election, Fetch, Published, Source, SourceState
from elections.widgets.publish import publish_stale
from tests.drills.county import County
from tests.drills.processes import Services
from tests.elections.conftest import results_folder
from tests.elections.documents import PACIFIC, answering, board, document
from tests.newsroom.conftest import home, make_story, section
from tests.servers import free_port, redis_server, wait_until

__all__ = ["home", "make_story", "results_folder", "section"]


def own_database_url() -> str:
    """Return the address of the database that this test's own rows are in."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture
def county():
    county = County()
    yield county
    county.close()


@pytest.fixture
def redis():
    with redis_server(own=True) as server:
        yield server


@pytest.fixture
def services(transactional_db, tmp_path, redis):
    services = Services(
        tmp_path, database_url=own_database_url(), redis_url=redis.url, port=free_port()
    )
    yield services
    services.end()


class Count:
    """One county's count of the board race tonight. Its releases are a minute apart."""

    def __init__(self, county: County, path: str):
        self.county, self.path = county, path
        now = timezone.now().replace(microsecond=0)
        self.first_release_at = now - timedelta(minutes=30)
        day = now.astimezone(PACIFIC).date()
        election = Election.objects.create(
            name=f"Election of {path}",
            election_date=day,
            jurisdiction="The county",
            polls_close_at=now - timedelta(hours=1),
        )
        self.source = Source.objects.create(
            election=election,
            name=f"Registrar of {path}",
            provider="lac_json",
            address=county.address(path),
        )

    def release(self, number: int) -> bytes:
        """Return the bytes of the release with this number: 1,000 votes more for each of them."""
        counted_at = self.first_release_at + timedelta(minutes=number)
        race = board(1000 * number, 900 * number)
        return document(counted_at, race, date=str(self.source.election.election_date))

    def say(self, number: int) -> None:
        self.county.documents[self.path] = self.release(number)

    def open(self) -> None:
        """Take in the first release a minute ago, confirm the race, and let the next one come."""
        a_minute_ago = timezone.now() - timedelta(minutes=1)
        ingest.refresh(self.source, get=answering(self.release(1)), clock=lambda: a_minute_ago)
        Contest.objects.filter(election=self.source.election).update(
            status=Contest.Status.CONFIRMED
        )
        publish_stale()
        assert self.shown == 1

    def bring_forward(self) -> None:
        """Make the source due, as if half a minute had passed since it was asked."""
        for fetch in Fetch.objects.filter(source=self.source).order_by("-pk")[:1]:
            earlier = fetch.started_at - timedelta(seconds=31)
            Fetch.objects.filter(pk=fetch.pk).update(started_at=earlier)

    def let_lease_run_out(self) -> None:
        """Turn the clock of the lease forward, for a drill that need not wait for it."""
        SourceState.objects.filter(source=self.source).update(lease_expires_at=timezone.now())

    @property
    def times_asked(self) -> int:
        return self.county.times_asked(self.path)

    @property
    def published(self) -> Published:
        return Published.objects.get(contest__election=self.source.election)

    @property
    def shown(self) -> int:
        """The number of the release whose votes readers see."""
        return release_in(self.published.payload)

    def wait_for(self, number: int, *, seconds: float) -> None:
        wait_until(
            lambda: self.shown == number, seconds=seconds, what=f"Release {number} of {self.path}"
        )


def release_in(payload: str) -> int:
    """Return which release a published result shows."""
    votes = [selection["votes"] for selection in json.loads(payload)["selections"]]
    assert votes[0] * 9 == votes[1] * 10
    return votes[0] // 1000


@pytest.fixture
def make_count(transactional_db, county):
    return lambda path="/results.json": Count(county, path)
