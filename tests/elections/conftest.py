import datetime
from pathlib import Path

import pytest

from elections import ingest
from elections.models import (
    Contest,
    ContestCount,
    CurrentCount,
    Election,
    Published,
    Snapshot,
    Source,
)
from elections.widgets.publish import publish_stale
from tests.elections import documents
from tests.elections.documents import at, board


@pytest.fixture(autouse=True)
def results_folder(settings, tmp_path: Path) -> Path:
    """The folder that result files are written to."""
    folder = tmp_path / "results"
    settings.STORAGES = {
        **settings.STORAGES,
        "elections_results": {
            "BACKEND": "elections.widgets.storage.AtomicFileSystemStorage",
            "OPTIONS": {"location": folder, "base_url": "/results/"},
        },
    }
    return folder


@pytest.fixture
def election(db) -> Election:
    return Election.objects.create(
        name="General election 2024",
        election_date=datetime.date(2024, 11, 5),
        jurisdiction="Los Angeles County",
        polls_close_at=at("20:00"),
    )


@pytest.fixture
def source(election: Election) -> Source:
    return Source.objects.create(
        election=election,
        name="LA County Registrar",
        provider="lac_json",
        address="https://results.example.org/json?electionid=4324",
    )


class Night:
    """A source whose answers a test decides, one after the other."""

    def __init__(self, source: Source):
        self.source = source

    def say(self, body: bytes, *, seen: str = "23:00", day: int = 5, etag: str = ""):
        """Refresh with ``body`` as the answer, at a time of that November."""
        return self.ask(documents.answering(body, etag), seen=seen, day=day)

    def ask(self, get, *, seen: str = "23:00", day: int = 5):
        return ingest.refresh(self.source, get=get, clock=lambda: at(seen, day))

    @property
    def contest(self) -> Contest:
        return Contest.objects.get(election=self.source.election, reported_title=documents.BOARD)

    @property
    def shown(self) -> dict[str, int]:
        """What readers see of the board race: name to votes."""
        import json

        payload = json.loads(Published.objects.get(contest=self.contest).payload)
        return {row["name"]: row["votes"] for row in payload["selections"]}

    @property
    def published(self) -> Published:
        return Published.objects.get(contest=self.contest)


@pytest.fixture
def night(source: Source) -> Night:
    """An election night after the first release, with the board race confirmed by an editor."""
    night = Night(source)
    night.say(documents.document(at("20:36"), board(61_168, 50_310)), seen="20:40")
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    publish_stale()
    return night


@pytest.fixture
def state_count(night: Night):
    """Let a second source, less preferred, say something of the board race."""
    source = Source.objects.create(
        election=night.source.election,
        name="Secretary of State",
        provider="ca_sos",
        address="https://api.sos.ca.gov/returns/x",
        precedence=5,
    )

    def count(clock: str, schmerelson: int, chang: int) -> Source:
        names = {"Scott Schmerelson": schmerelson, "Dan Chang": chang}
        snapshot = Snapshot.objects.create(
            source=source,
            sha256=clock,
            compressed=Snapshot.pack(clock.encode()),
            size=5,
            first_seen_at=at(clock),
            counted_at=at(clock),
            contest_count=1,
            verdict="accepted",
        )
        counted = ContestCount.objects.create(
            contest=night.contest,
            snapshot=snapshot,
            counted_at=at(clock),
            votes={str(s.pk): names[s.name] for s in night.contest.selections.all()},
        )
        CurrentCount.point(
            [CurrentCount(contest=night.contest, source=source, count=counted, as_of=at(clock))]
        )
        return source

    return count
