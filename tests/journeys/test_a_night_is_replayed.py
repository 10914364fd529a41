"""Every document that one collector saw of the count of November 2024, as it came and shuffled.

Needs the real sample data: the folder named by NEWSROOM_SAMPLE_DATA, or ``../shared/data``
beside the checkout.
"""

import hashlib
import json
import os
import random
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection

from elections import replay
from elections.models import (
    Contest,
    ContestCount,
    CurrentCount,
    Election,
    Published,
    Selection,
    Snapshot,
    Source,
)
from elections.widgets.publish import publish_stale

CHECKOUT = Path(__file__).resolve().parents[2]
SAMPLES = Path(os.environ.get("NEWSROOM_SAMPLE_DATA", CHECKOUT.parent / "shared" / "data"))
RELEASES = SAMPLES / "la_county" / "2024-11-05-general" / "results"
BOARD = "LOS ANGELES UNIFIED SCHOOL DISTRICT Member of the Board of Education"
DISTRICT_3 = f"{BOARD}, District 3"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(
        not RELEASES.is_dir(),
        reason=f"There are no recorded releases in {RELEASES}. Set NEWSROOM_SAMPLE_DATA.",
    ),
]


@pytest.fixture(
    autouse=True,
    params=[
        pytest.param("sqlite", id="on-sqlite"),
        pytest.param("postgresql", id="on-postgresql", marks=pytest.mark.services),
    ],
)
def database(request):
    if connection.vendor != request.param:
        pytest.skip(f"This run is on {connection.vendor}.")


class Played:
    """What readers saw of ten races, and what is kept, after the documents were played."""

    def __init__(self, source: Source, documents: list[replay.Recording]):
        self.source = source
        self.seen: dict[str, list[dict[str, int]]] = {}
        self.followed: list[int] = []
        for document in documents:
            replay.play(source, document)
            if not self.followed:
                self.follow()
            self.look()

    def follow(self) -> None:
        """Confirm ten races, as an editor does after the first document. The rest stay drafts."""
        drafts = Contest.objects.filter(election=self.source.election)
        chosen = [
            *drafts.filter(reported_title__startswith=BOARD),
            *drafts.exclude(reported_title__startswith=BOARD).order_by("pk")[:7],
        ]
        self.followed = [contest.pk for contest in chosen]
        Contest.objects.filter(pk__in=self.followed).update(status=Contest.Status.CONFIRMED)
        publish_stale()

    def look(self) -> None:
        """Look at every race that is published, as a reader who reloads after each document."""
        rows = Published.objects.filter(pk__in=self.followed).select_related("contest")
        for row in rows:
            votes = {s["name"]: s["votes"] for s in json.loads(row.payload)["selections"]}
            shown = self.seen.setdefault(row.contest.reported_title, [])
            if not shown or shown[-1] != votes:
                shown.append(votes)

    @property
    def backward_counts(self) -> list[tuple]:
        return [
            (title, before, after)
            for title, shown in self.seen.items()
            for before, after in pairwise(shown)
            if any(after.get(name, 0) < votes for name, votes in before.items())
        ]

    @property
    def standing(self) -> dict[str, tuple[datetime, dict[str, int]]]:
        """Each race's current count, with names in place of ids."""
        rows = CurrentCount.objects.filter(source=self.source).select_related("count__contest")
        return {
            row.count.contest.reported_title: (row.as_of, self.by_name(row.count)) for row in rows
        }

    @property
    def timeline(self) -> dict[str, list[tuple[datetime, dict[str, int]]]]:
        """Each race's counts in the county's own time, each only where it is another one."""
        counts = ContestCount.objects.filter(snapshot__source=self.source)
        lines: dict[str, list] = {}
        for count in counts.select_related("contest").order_by("counted_at", "pk"):
            line, votes = lines.setdefault(count.contest.reported_title, []), self.by_name(count)
            if not line or line[-1][1] != votes:
                line.append((count.counted_at, votes))
        return lines

    @property
    def kept(self) -> list[str]:
        """The hash of each document that is kept."""
        return list(Snapshot.objects.filter(source=self.source).values_list("sha256", flat=True))

    def by_name(self, count: ContestCount) -> dict[str, int]:
        return {self.names[pk]: votes for pk, votes in count.votes.items()}

    @cached_property
    def names(self) -> dict[str, str]:
        selections = Selection.objects.filter(contest__election=self.source.election)
        return {str(pk): name for pk, name in selections.values_list("pk", "reported_name")}


@pytest.fixture
def play(election):
    def play(documents: list[replay.Recording]) -> Played:
        """Play the documents into an election that knows nothing yet."""
        again = Election.objects.get(pk=election.pk)
        again.pk = None
        again.name = f"Election {Election.objects.count()}"
        again.save()
        source = Source.objects.create(
            election=again, name="Registrar", provider="lac_json", mode=Source.Mode.REPLAY
        )
        return Played(source, documents)

    return play


def test_no_count_goes_back_and_any_order_ends_in_the_same_state(play):
    documents = replay.recordings(RELEASES)
    contents = {hashlib.sha256(document.path.read_bytes()).hexdigest() for document in documents}

    night = play(documents)
    board = night.seen[DISTRICT_3]
    assert len(night.seen) == 10
    assert night.backward_counts == []
    assert [sum(votes.values()) for votes in board[:2]] == [0, 61_168 + 50_310]
    assert board[-1] == {"Scott Mark Schmerelson": 124_331, "Dan Chang": 116_478}
    # The ballot of before the election, without votes, and 31 releases.
    assert len(night.timeline[DISTRICT_3]) == 32
    assert sorted(night.kept) == sorted(contents)

    random.Random(20241105).shuffle(documents)
    shuffled = play(documents)
    assert shuffled.standing == night.standing
    assert shuffled.timeline == night.timeline
    assert sorted(shuffled.kept) == sorted(contents)
