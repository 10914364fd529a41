from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from elections.models import Contest, ContestCount, Election, Snapshot, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def count(election: Election, source: Source) -> ContestCount:
    now = timezone.now()
    contest = Contest.objects.create(election=election, name="Board of Education")
    snapshot = Snapshot.objects.create(
        source=source, sha256="0" * 64, compressed=b"", size=0, first_seen_at=now, counted_at=now
    )
    votes = {"7": 1024, "9": 0}
    return ContestCount(
        contest=contest, snapshot=snapshot, counted_at=now, votes=votes, undervotes=3
    )


class TestAdd:
    def test_keeps_what_the_rows_say(self, count: ContestCount) -> None:
        ContestCount.objects.add([count])
        row = ContestCount.objects.get()
        assert (row.contest, row.snapshot, row.votes) == (
            count.contest,
            count.snapshot,
            count.votes,
        )
        assert (row.counted_at, row.recorded_at) == (count.counted_at, count.recorded_at)
        assert row.ballots == {"ballots_cast": None, "overvotes": None, "undervotes": 3}

    def test_refuses_a_second_count_of_one_document(self, count: ContestCount) -> None:
        ContestCount.objects.add([count])
        count.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            ContestCount.objects.add([count])
