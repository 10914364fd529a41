from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from elections.counting.calls import CallKind
from elections.models import Call, Contest, Selection


@pytest.fixture
def race(election) -> Contest:
    race = Contest.objects.create(election=election, name="Board, District 3")
    for name in ("Scott Schmerelson", "Dan Chang"):
        Selection.objects.create(contest=race, name=name)
    return race


def make(race: Contest, kind: CallKind, *names: str, **facts) -> Call:
    return Call.make(
        contest=race,
        kind=kind,
        selections=list(Selection.objects.filter(name__in=names)),
        **{"authority": "Our desk", "reason": "The rest cannot change it.", **facts},
    )


class TestMake:
    def test_keeps_who_and_why(self, race):
        call = make(race, CallKind.APPARENT_WINNER, "Scott Schmerelson")
        assert [selection.name for selection in call.selections.all()] == ["Scott Schmerelson"]

    @pytest.mark.parametrize(
        ("kind", "names", "field"),
        [
            (CallKind.WINNER, [], "selections"),
            (CallKind.CONCEDED, [], "selections"),
            (CallKind.WINNER, ["Scott Schmerelson", "Dan Chang"], "selections"),
            (CallKind.PASSED, [], "kind"),
            (CallKind.RETRACTED, [], "retracts"),
        ],
    )
    def test_refuses_what_makes_no_sense(self, race, kind, names, field):
        with pytest.raises(ValidationError) as error:
            make(race, kind, *names)
        assert field in error.value.message_dict
        assert not Call.objects.exists()

    def test_waits_for_the_polls_to_close(self, race):
        made = make(race, CallKind.WINNER, "Dan Chang")
        race.election.polls_close_at = timezone.now() + timedelta(minutes=1)
        for kind in (CallKind.WINNER, CallKind.CONCEDED, CallKind.CERTIFIED):
            with pytest.raises(ValidationError, match="Nothing is called before") as refused:
                make(race, kind, "Dan Chang")
            assert list(refused.value.error_dict) == ["kind"]
        assert make(race, CallKind.RETRACTED, retracts=made)

    def test_refuses_somebody_from_another_race(self, race, election):
        other = Contest.objects.create(election=election, name="Mayor")
        Selection.objects.create(contest=other, name="Stranger")
        with pytest.raises(ValidationError):
            make(race, CallKind.WINNER, "Stranger")

    def test_refuses_a_winner_of_a_measure(self, race):
        race.contest_type = Contest.Type.BALLOT_MEASURE
        with pytest.raises(ValidationError):
            make(race, CallKind.WINNER, "Scott Schmerelson")

    def test_needs_a_reason(self, race):
        with pytest.raises(ValidationError, match="reason"):
            make(race, CallKind.TOO_CLOSE, reason="")

    def test_takes_a_call_back_once(self, race):
        call = make(race, CallKind.WINNER, "Scott Schmerelson")
        make(race, CallKind.RETRACTED, retracts=call)
        with pytest.raises(ValidationError, match="taken back already"):
            make(race, CallKind.RETRACTED, retracts=call)


class TestCall:
    def test_is_never_edited(self, race):
        call = make(race, CallKind.WINNER, "Scott Schmerelson")
        call.reason = "Another one."
        with pytest.raises(ValidationError, match="never edited"):
            call.save()

    def test_is_never_deleted(self, race):
        with pytest.raises(ValidationError, match="never deleted"):
            make(race, CallKind.WINNER, "Scott Schmerelson").delete()
