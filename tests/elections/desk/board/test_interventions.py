"""Flags for what the desk has laid over a race, and for what waits for a second person."""

from django.utils import timezone

from elections.counting.calls import CallKind
from elections.desk.board.urgency import Urgency
from elections.models import Contest, ContestCount, Freeze, Override, Pin, Proposal


def words(row) -> list[str]:
    return [flag.word for flag in row.flags]


class TestFlags:
    def test_put_a_call_that_awaits_approval_first(self, board, row_of, people) -> None:
        Proposal.make(
            contest=board,
            kind=CallKind.TOO_CLOSE,
            selections=[],
            authority="Us",
            reason="Few votes apart.",
            grounds={},
            made_by=people["desk"],
        )
        row = row_of(board)
        assert row.urgency is Urgency.WAITS
        assert row.flags[0].sentence == "desk proposed: Too close to call."

    def test_name_a_freeze_and_an_override_until_they_end(self, board, row_of, people) -> None:
        facts = {"contest": board, "reason": "To check.", "made_by": people["desk"]}
        freeze = Freeze.objects.create(count=count_of(board), **facts)
        Override.objects.create(
            selection=board.selections.get(name="Scott Schmerelson"),
            votes=1300,
            source_votes=1200,
            as_of=timezone.now(),
            said_by="The county",
            **facts,
        )
        assert words(row_of(board)) == ["Frozen", "Overridden"]
        freeze.end(at=timezone.now(), reason="Done.")
        assert words(row_of(board)) == ["Overridden"]

    def test_name_a_pin(self, board, row_of, people) -> None:
        facts = {"contest": board, "reason": "To check.", "made_by": people["desk"]}
        Pin.objects.create(count=count_of(board), **facts)
        assert words(row_of(board)) == ["Pinned"]


def count_of(contest: Contest) -> ContestCount:
    return ContestCount.objects.get(contest=contest)
