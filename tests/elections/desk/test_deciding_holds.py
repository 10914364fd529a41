"""Several held counts in one action: each is decided by itself, or it is said why not."""

from __future__ import annotations

import pytest

from elections.desk import decisions
from elections.desk.decisions import REJECT, RELEASE, decide_holds
from elections.models import Contest, CurrentCount, Hold, Published
from elections.widgets import publish

from .conftest import Say, document


@pytest.fixture
def holds(say: Say, board: Contest, bond: Contest) -> tuple[Hold, Hold]:
    """Two holds, of the board and of the bond; that of the board changes nobody's place."""
    publish.publish([board.pk, bond.pk])
    body = document(40, board={"scott_schmerelson": 1100, "dan_chang": 1010})
    body = body.replace(b'"Votes": 600', b'"Votes": 590')
    say(40, body)
    return Hold.objects.get(contest=board), Hold.objects.get(contest=bond)


@pytest.fixture
def grave(say: Say, board: Contest) -> Hold:
    publish.publish([board.pk])
    say(40, scott_schmerelson=900, dan_chang=1010)
    return Hold.objects.get(changes_winners=True)


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def shown(race: Contest) -> list[int]:
    return sorted(CurrentCount.objects.get(contest=race).count.tally.values())


class TestDecideHolds:
    @pytest.mark.parametrize("decision", [RELEASE, REJECT])
    def test_decides_nothing_that_came_in_after_the_look(
        self, holds, board, say, people, monkeypatch, decision
    ) -> None:
        look = decisions._refusal

        def look_and_be_overtaken(*args) -> str:
            refusal = look(*args)
            say(50, scott_schmerelson=900, dan_chang=1010)
            return refusal

        monkeypatch.setattr(decisions, "_refusal", look_and_be_overtaken)
        (outcome,) = decide_holds([holds[0].pk], decision, people["desk"])
        assert not outcome.is_done
        assert "something newer" in outcome.message
        assert Hold.objects.open().get(contest=board).changes_winners
        assert shown(board) == [1000, 1200]

    def test_releases_each_with_the_note(self, holds, board, bond, people, on_commit) -> None:
        ids = [hold.pk for hold in holds]
        with on_commit():
            outcomes = decide_holds(ids, RELEASE, people["desk"], "The county corrected both.")
        assert [outcome.is_done for outcome in outcomes] == [True, True]
        assert (shown(board), shown(bond)) == ([1010, 1100], [400, 590])
        for race in (board, bond):
            assert "The county corrected both." in Published.objects.get(pk=race.pk).html
        decided = Hold.objects.values_list("decided_by__username", flat=True)
        assert list(decided) == ["desk", "desk"]

    def test_rejects_each(self, holds, board, people) -> None:
        outcomes = decide_holds([hold.pk for hold in holds], REJECT, people["desk"])
        assert all(outcome.is_done for outcome in outcomes)
        assert shown(board) == [1000, 1200]

    def test_says_why_one_was_not_decided_and_decides_the_rest(self, holds, people) -> None:
        first, second = holds
        decide_holds([first.pk], REJECT, people["chief"])
        outcomes = decide_holds([first.pk, second.pk, 999_999], RELEASE, people["desk"])
        assert [outcome.is_done for outcome in outcomes] == [False, True, False]
        assert "Somebody has decided this already." in outcomes[0].message
        assert "no such held count" in outcomes[2].message

    def test_decides_each_once_however_often_it_is_named(self, holds, people) -> None:
        ids = [holds[0].pk] * 2
        assert len(decide_holds(ids, RELEASE, people["desk"])) == 1

    def test_leaves_a_change_of_who_is_ahead_to_a_chief(self, grave, board, people) -> None:
        (refused,) = decide_holds([grave.pk], RELEASE, people["desk"])
        assert "Ask a desk chief" in refused.message
        assert shown(board) == [1000, 1200]
        (done,) = decide_holds([grave.pk], RELEASE, people["chief"])
        assert done.is_done
        assert shown(board) == [900, 1010]

    def test_lets_the_desk_reject_a_change_of_who_is_ahead(self, grave, people) -> None:
        (outcome,) = decide_holds([grave.pk], REJECT, people["desk"])
        assert outcome.is_done

    def test_is_not_for_those_who_may_not_decide(self, holds, people) -> None:
        (outcome,) = decide_holds([holds[0].pk], REJECT, people["viewer"])
        assert "You may not decide held counts." in outcome.message
        assert Hold.objects.open().count() == 2

    def test_asks_again_when_the_source_has_spoken_since(self, holds, people) -> None:
        hold = holds[0]
        seen = {hold.pk: hold.snapshot_id + 1}
        (outcome,) = decide_holds([hold.pk], RELEASE, people["desk"], seen=seen)
        assert "something newer" in outcome.message
        seen = {hold.pk: hold.snapshot_id}
        (outcome,) = decide_holds([hold.pk], RELEASE, people["desk"], seen=seen)
        assert outcome.is_done

    def test_goes_on_when_one_cannot_be_stored(self, holds, people, monkeypatch, caplog) -> None:
        from elections.desk import decisions

        store = decisions._store

        def broken(hold, *args):
            if hold == holds[0]:
                raise OSError("The disk is full.")
            return store(hold, *args)

        monkeypatch.setattr(decisions, "_store", broken)
        outcomes = decide_holds([hold.pk for hold in holds], RELEASE, people["desk"])
        assert [outcome.is_done for outcome in outcomes] == [False, True]
        assert "Try it again." in outcomes[0].message
        assert "could not be decided" in caplog.text

    def test_knows_two_decisions(self, holds, people) -> None:
        with pytest.raises(ValueError, match="withdrawn"):
            decide_holds([holds[0].pk], "withdrawn", people["desk"])
