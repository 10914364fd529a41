"""What a source calls, beside what the desk calls."""

from django.utils import timezone

from elections.desk.board.urgency import Urgency
from elections.models import ReportedCall, Snapshot


def tell(board, *names: str, kind: str = "winner") -> ReportedCall:
    return ReportedCall.objects.create(
        contest=board,
        source=Snapshot.objects.first().source,
        snapshot=Snapshot.objects.first(),
        authority="The AP",
        kind=kind,
        selections=[board.selections.get(name=name).pk for name in names],
        called_at=timezone.now(),
    )


class TestFlag:
    def test_asks_for_a_call_that_the_desk_has_not_made(self, board, row_of) -> None:
        told = tell(board, "Scott Schmerelson")
        row = row_of(board)
        (flag,) = row.flags
        assert (flag.word, flag.sentence) == ("The AP called it", "Winner: Scott Schmerelson")
        assert flag.url.endswith(f"?contest={board.pk}&told={told.pk}")
        assert row.urgency is Urgency.WAITS

    def test_is_none_once_the_desk_says_the_same(self, board, row_of, call) -> None:
        tell(board, "Scott Schmerelson")
        call(board, "apparent-winner", "Scott Schmerelson")
        assert not row_of(board).flags

    def test_tells_of_another_winner(self, board, row_of, call) -> None:
        tell(board, "Dan Chang")
        call(board, "winner", "Scott Schmerelson")
        row = row_of(board)
        assert [flag.word for flag in row.flags] == ["The AP says otherwise"]
        assert row.urgency is Urgency.CONTRADICTION

    def test_is_none_where_the_source_took_its_call_back(self, board, row_of) -> None:
        tell(board, "Dan Chang")
        tell(board, kind="")
        assert not row_of(board).flags
