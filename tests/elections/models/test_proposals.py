"""A call proposed by one person and approved by another; readers see none of it before."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from elections.counting.calls import CallKind
from elections.models import Call, Contest, Proposal, Selection

WINNER = CallKind.WINNER


@pytest.fixture
def race(election) -> Contest:
    election.approval_kinds = [WINNER.value, CallKind.RETRACTED.value]
    election.save()
    race = Contest.objects.create(election=election, name="Board, District 3")
    for name in ("Scott Schmerelson", "Dan Chang"):
        Selection.objects.create(contest=race, name=name)
    return race


@pytest.fixture
def ann(django_user_model):
    return django_user_model.objects.create_user("ann")


@pytest.fixture
def boss(django_user_model):
    return django_user_model.objects.create_superuser("boss")


def grounds(race: Contest, name: str = "Scott Schmerelson") -> dict[str, object]:
    return {"leaders": [race.selections.get(name=name).pk], "call": None}


def propose(race: Contest, by, **facts) -> Proposal:
    plain = {
        "kind": WINNER,
        "selections": list(race.selections.filter(name="Scott Schmerelson")),
        "authority": "Our desk",
        "reason": "The rest cannot change it.",
        "grounds": grounds(race),
    }
    return Proposal.make(contest=race, made_by=by, **{**plain, **facts})


def approve(proposal: Proposal, by, **facts) -> Call:
    plain = {"at": timezone.now(), "grounds": grounds(proposal.contest)}
    return proposal.approve(by=by, **{**plain, **facts})


class TestCall:
    def test_that_needs_a_second_person_is_not_made_by_one(self, race) -> None:
        with pytest.raises(ValidationError, match="A second person"):
            Call.make(
                contest=race,
                kind=WINNER,
                selections=list(race.selections.all())[:1],
                authority="Our desk",
                reason="x",
            )

    def test_is_taken_back_by_one_person_whatever_the_election_says(self, race, ann, boss) -> None:
        call = approve(propose(race, ann), boss)
        retraction = Call.make(
            contest=race, kind=CallKind.RETRACTED, retracts=call, authority="Us", reason="Wrong."
        )
        assert retraction.retracts == call


class TestApprove:
    def test_makes_the_call_in_the_name_of_who_proposed_it(self, race, ann, boss) -> None:
        proposal = propose(race, ann)
        call = approve(proposal, boss)
        assert (call.made_by, proposal.decided_by, proposal.call) == (ann, boss, call)
        assert [selection.name for selection in call.selections.all()] == ["Scott Schmerelson"]

    def test_is_not_for_who_proposed_it_not_even_a_superuser(self, race, boss) -> None:
        proposal = propose(race, boss)
        with pytest.raises(ValidationError, match="Another person"):
            approve(proposal, boss)
        assert not Call.objects.exists()

    def test_by_the_same_person_is_refused_by_the_database(self, race, boss, ann) -> None:
        proposal = propose(race, boss)
        call = approve(propose(race, ann, kind=CallKind.TOO_CLOSE, selections=()), boss)
        call.refresh_from_db()
        Proposal.objects.filter(call=call).update(decision="waiting", call=None)
        with pytest.raises(IntegrityError):
            proposal.close("approved", at=timezone.now(), by=boss, call=call)

    def test_may_be_of_the_same_person_where_the_election_says_so(self, race, boss) -> None:
        race.election.maker_may_approve = True
        race.election.save()
        assert approve(propose(race, boss), boss).made_by == boss

    def test_is_refused_when_somebody_else_leads_by_now(self, race, ann, boss) -> None:
        proposal = propose(race, ann)
        with pytest.raises(ValidationError, match="changed since"):
            approve(proposal, boss, grounds=grounds(race, "Dan Chang"))
        assert not Call.objects.exists()

    def test_happens_once(self, race, ann, boss) -> None:
        proposal = propose(race, ann)
        approve(proposal, boss)
        with pytest.raises(ValidationError, match="decided this proposal already"):
            approve(Proposal.objects.get(pk=proposal.pk), boss)
        assert Call.objects.count() == 1


class TestMake:
    def test_refuses_what_makes_no_sense(self, race, ann) -> None:
        with pytest.raises(ValidationError, match="Say who"):
            propose(race, ann, selections=())

    def test_refuses_the_same_call_twice(self, race, ann, boss) -> None:
        propose(race, ann)
        with pytest.raises(ValidationError, match="proposed already"):
            propose(race, boss)

    def test_replaces_one_that_has_gone_stale(self, race, ann) -> None:
        stale = propose(race, ann)
        fresh = propose(race, ann, renews=stale)
        assert stale.decision == Proposal.Decision.RENEWED
        assert list(Proposal.objects.waiting()) == [fresh]


class TestClose:
    def test_happens_once(self, race, ann, boss) -> None:
        proposal = propose(race, ann)
        same = Proposal.objects.get(pk=proposal.pk)
        now = timezone.now()
        assert proposal.close("withdrawn", at=now, by=ann)
        assert not same.close("declined", at=now, by=boss, reason="Too early.")
        assert Proposal.objects.get().decided_by == ann
