"""A night on which the board race is counted, and ways to look at its row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from elections.desk.board.rows import Row, build_rows
from elections.models import Call, Contest, ContestCount, Selection


@pytest.fixture
def row_of() -> Callable[..., Row]:
    def row_of(contest: Contest, now: datetime | None = None) -> Row:
        (row,) = build_rows([contest.pk], now or timezone.now())
        return row

    return row_of


@pytest.fixture
def call() -> Callable[..., Call]:
    def call(contest: Contest, kind: str, *names: str) -> Call:
        people = list(Selection.objects.filter(contest=contest, name__in=names))
        return Call.make(
            contest=contest, kind=kind, selections=people, authority="Us", reason="It is clear."
        )

    return call


@pytest.fixture
def an_hour_ago() -> Callable[[], None]:
    """Return what makes everything counted so far an hour old."""

    def make_old() -> None:
        ContestCount.objects.update(recorded_at=F("recorded_at") - timedelta(hours=1))

    return make_old
