"""The screen as it is printed: groups of rows, one page of them, and a mark of its content."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property
from django.utils.translation import get_language

from elections.desk.board.actions import RowAction, actions_of
from elections.desk.board.filters import BoardFilter
from elections.desk.board.rows import Row, build_rows
from elections.desk.board.stories import Story, load_stories
from elections.desk.board.urgency import Urgency
from elections.models import Contest

ROWS_ON_A_PAGE = 60


@dataclass(frozen=True)
class PrintedRow:
    """A row with what the person who reads it may do about it."""

    row: Row
    actions: tuple[RowAction, ...]
    stories: tuple[Story, ...]


@dataclass(frozen=True)
class Group:
    """Rows of one urgency on this page; ``count`` is of all pages."""

    urgency: Urgency
    count: int
    rows: list[PrintedRow]


@dataclass(frozen=True)
class Screen:
    page: Page
    counts: Counter[Urgency]
    drafts: int
    stories: Mapping[int, tuple[Story, ...]]
    user: Any

    @property
    def needing(self) -> int:
        return sum(count for urgency, count in self.counts.items() if urgency.needs_somebody)

    @property
    def groups(self) -> list[Group]:
        by_urgency = groupby(self.page.object_list, key=lambda row: row.urgency)
        return [
            Group(urgency, self.counts[urgency], [self._printed(row) for row in rows])
            for urgency, rows in by_urgency
        ]

    def _printed(self, row: Row) -> PrintedRow:
        actions = tuple(actions_of(row, self.user))
        return PrintedRow(row, actions, self.stories.get(row.pk, ()))

    @cached_property
    def etag(self) -> str:
        """A mark that is the same as long as the same would be printed for the same person."""
        rights = sorted(self.user.get_all_permissions())
        printed = (
            [row.print_of() for row in self.page.object_list],
            sorted(self.stories.items()),
            sorted(self.counts.items()),
            self.page.number,
            self.page.paginator.num_pages,
            self.drafts,
            rights,
            get_language(),
        )
        return f'"{hashlib.sha256(repr(printed).encode()).hexdigest()[:32]}"'


def build_screen(wanted: BoardFilter, *, page: Any, user: Any, now: datetime) -> Screen:
    """Return one page of the races that somebody wants to see."""
    contest_ids = list(wanted.contests().values_list("pk", flat=True))
    rows: Sequence[Row] = wanted.keep(build_rows(contest_ids, now))
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page)
    return Screen(
        page=page,
        counts=Counter(row.urgency for row in rows),
        drafts=_drafts(wanted),
        stories=load_stories([row.pk for row in page.object_list]),
        user=user,
    )


def _drafts(wanted: BoardFilter) -> int:
    drafts = Contest.objects.filter(status=Contest.Status.DRAFT)
    election = wanted.cleaned_data.get("election")
    return (drafts.filter(election=election) if election else drafts).count()
