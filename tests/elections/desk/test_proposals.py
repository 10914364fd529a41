"""Two people for one call: proposed by one, published by another, or not at all."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from elections.counting.calls import CallKind
from elections.desk import proposals
from elections.desk.seen import seen_now
from elections.models import Call, Contest, Election, Proposal, Published
from elections.widgets import publish

from .conftest import Say
from .test_calls import make


@pytest.fixture
def careful(election: Election) -> Election:
    election.approval_kinds = ["winner", "apparent-winner"]
    election.save()
    return election


@pytest.fixture
def race(careful: Election, board: Contest) -> Contest:
    publish.publish([board.pk])
    return board


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def propose(client: Client, race: Contest, kind: str = "winner") -> Proposal:
    assert make(client, race, kind, "Scott Schmerelson", confirmed="1").status_code == 302
    return Proposal.objects.first()


def look(client: Client, proposal: Proposal):
    return client.get(reverse("elections_proposals:inspect", args=[proposal.pk]))


def post(client: Client, action: str, proposal: Proposal, **fields: str):
    url = reverse(f"elections_proposals:{action}", args=[proposal.pk])
    return client.post(url, fields, follow=True)


def approve(client: Client, proposal: Proposal):
    return post(client, "approve", proposal, confirmed=look(client, proposal).context["seen"])


def test_an_approval_looks_at_the_calls_behind_the_lock_of_the_race(
    desk, chief, race, monkeypatch
) -> None:
    """Otherwise a call taken back between the look and the approval would go unseen."""
    steps = []
    look_at = proposals.grounds_of
    monkeypatch.setattr(proposals, "lock_race", lambda pk: steps.append("lock"))
    monkeypatch.setattr(proposals, "grounds_of", lambda pk: steps.append("look") or look_at(pk))
    proposal = propose(desk, race)
    seen = look(chief, proposal).context["seen"]
    steps.clear()
    post(chief, "approve", proposal, confirmed=seen)
    assert steps[:2] == ["lock", "look"]
    assert Call.objects.count() == 1


class TestProposing:
    def test_says_beforehand_that_a_second_person_must_approve(self, desk, race) -> None:
        text = make(desk, race, "winner", "Scott Schmerelson").content.decode()
        assert "This election asks for two people." in text
        assert "Scott Schmerelson has won" in text
        assert "Propose this call" in text

    def test_shows_readers_nothing(self, desk, race, on_commit, people) -> None:
        with on_commit():
            proposal = propose(desk, race)
        assert not Call.objects.exists()
        publish.publish_stale()
        assert "Winner" not in Published.objects.get(pk=race.pk).html
        assert proposal.made_by == people["desk"]
        entry = ModelLogEntry.objects.get(action="elections.propose")
        assert entry.message == "Proposed: Winner: Scott Schmerelson."

    def test_is_for_the_chosen_calls_only(self, desk, race) -> None:
        make(desk, race, "conceded", "Dan Chang", confirmed="1")
        assert Call.objects.get().kind == "conceded"
        assert not Proposal.objects.exists()

    def test_binds_a_superuser_too(self, as_user, race) -> None:
        propose(as_user("admin"), race)
        assert not Call.objects.exists()

    def test_is_told_when_the_same_call_waits_already(self, desk, chief, race) -> None:
        propose(desk, race)
        response = make(chief, race, "winner", "Scott Schmerelson", confirmed="1")
        assert "proposed already and waits for approval" in response.content.decode()
        assert Proposal.objects.count() == 1


class TestApproving:
    def test_shows_first_what_readers_will_see(self, desk, chief, race) -> None:
        text = look(chief, propose(desk, race)).content.decode()
        assert "Scott Schmerelson has won and is ahead by 200 votes" in text
        assert "Approve and publish" in text

    def test_publishes_at_once(self, desk, chief, race, on_commit, people) -> None:
        proposal = propose(desk, race)
        with on_commit():
            response = approve(chief, proposal)
        assert "Approved. Readers see the call within a minute." in response.content.decode()
        assert "Winner" in Published.objects.get(pk=race.pk).html
        call = Call.objects.get()
        proposal.refresh_from_db()
        assert (call.made_by, proposal.decided_by) == (people["desk"], people["chief"])
        url = reverse("elections_calls:inspect", args=[call.pk])
        assert look(chief, proposal).content.decode().count(url) == 1
        assert "Approved" in desk.get(url).content.decode()
        assert ModelLogEntry.objects.filter(action="elections.approve").exists()

    @pytest.mark.parametrize("role", ["chief", "admin"])
    def test_is_not_for_who_proposed_it(self, as_user, race, role) -> None:
        client = as_user(role)
        proposal = propose(client, race)
        assert "Approve and publish" not in look(client, proposal).content.decode()
        response = approve(client, proposal)
        assert "Another person must approve what you propose." in response.content.decode()
        assert not Call.objects.exists()

    def test_is_for_one_person_where_the_election_says_so(self, chief, race, careful) -> None:
        careful.maker_may_approve = True
        careful.save()
        approve(chief, propose(chief, race))
        assert Call.objects.exists()

    def test_happens_once(self, desk, chief, as_user, race) -> None:
        proposal = propose(desk, race)
        seen = look(chief, proposal).context["seen"]
        approve(as_user("admin"), proposal)
        response = post(chief, "approve", proposal, confirmed=seen)
        assert "Somebody has decided this proposal already." in response.content.decode()
        assert Call.objects.count() == 1

    def test_asks_again_when_the_numbers_have_moved(self, desk, chief, race, say: Say) -> None:
        proposal = propose(desk, race)
        seen = look(chief, proposal).context["seen"]
        say(40, scott_schmerelson=1300, dan_chang=1010)
        response = post(chief, "approve", proposal, confirmed=seen)
        assert "has changed since you looked" in response.content.decode()
        assert not Call.objects.exists()
        approve(chief, proposal)
        assert Call.objects.exists()


class TestStale:
    @pytest.fixture
    def stale(self, desk, race, say: Say) -> Proposal:
        proposal = propose(desk, race)
        say(40, scott_schmerelson=1200, dan_chang=1500)
        return proposal

    def test_is_told_and_cannot_be_approved(self, chief, stale) -> None:
        response = approve(chief, stale)
        assert "The count or the calls have changed since" in response.content.decode()
        text = look(chief, stale).content.decode()
        assert "It cannot be approved." in text
        assert "Approve and publish" not in text
        assert not Call.objects.exists()

    def test_can_be_proposed_again_and_then_approved(self, desk, chief, stale) -> None:
        post(desk, "renew", stale)
        stale.refresh_from_db()
        fresh = Proposal.objects.waiting().get()
        assert stale.decision == Proposal.Decision.RENEWED
        approve(chief, fresh)
        assert Call.objects.get().kind == "winner"

    def test_comes_of_another_call_too(self, desk, chief, race) -> None:
        proposal = propose(desk, race)
        make(desk, race, "too-close", confirmed="1")
        approve(chief, proposal)
        assert not Call.objects.filter(kind="winner").exists()


class TestDeclining:
    def test_keeps_the_reason(self, desk, chief, race) -> None:
        proposal = propose(desk, race)
        post(chief, "decline", proposal, reason="Burbank has not reported.")
        assert "Burbank has not reported." in look(desk, proposal).content.decode()
        assert not Call.objects.exists()
        entry = ModelLogEntry.objects.get(action="elections.decline")
        assert entry.comment == "Burbank has not reported."

    def test_asks_for_a_reason(self, desk, chief, race) -> None:
        proposal = propose(desk, race)
        assert "Say why you decline it." in post(chief, "decline", proposal).content.decode()
        assert Proposal.objects.waiting().exists()


class TestWithdrawing:
    def test_is_for_who_proposed_it(self, desk, chief, race) -> None:
        proposal = propose(desk, race)
        post(chief, "withdraw", proposal)
        assert Proposal.objects.waiting().exists()
        post(desk, "withdraw", proposal)
        assert not Proposal.objects.waiting().exists()

    def test_leaves_nothing_to_approve(self, desk, chief, race) -> None:
        proposal = propose(desk, race)
        post(desk, "withdraw", proposal)
        post(chief, "approve", proposal)
        assert not Call.objects.exists()


class TestTakingBack:
    def test_needs_no_second_person(self, desk, chief, race) -> None:
        approve(chief, propose(desk, race))
        url = reverse("elections_calls:take_back", args=[Call.objects.get().pk])
        fields = {"authority": "Our desk", "reason": "Wrong.", "source_url": ""}
        desk.post(url, {**fields, "seen": str(seen_now(race.pk))})
        assert Call.objects.filter(kind=CallKind.RETRACTED).exists()


class TestElectionForm:
    def test_chooses_the_calls(self, editor, careful) -> None:
        url = reverse("elections_elections:edit", args=[careful.pk])
        form = editor.get(url).context["form"]
        assert form.initial["approval_kinds"] == ["winner", "apparent-winner"]
        offered = [value for value, _label in form.fields["approval_kinds"].choices]
        assert "retracted" not in offered
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        data |= {"polls_close_at": "2024-11-05 20:00", "approval_kinds": ["certified"]}
        response = editor.post(url, data)
        assert response.status_code == 302, response.context["form"].errors
        careful.refresh_from_db()
        assert careful.approval_kinds == ["certified"]


class TestList:
    def test_shows_what_waits_first(self, desk, chief, race) -> None:
        first = propose(desk, race)
        post(desk, "withdraw", first)
        second = propose(desk, race, "apparent-winner")
        response = desk.get(reverse("elections_proposals:index"))
        assert [row.pk for row in response.context["object_list"]] == [second.pk, first.pk]

    def test_says_what_will_be_here(self, desk, db) -> None:
        text = desk.get(reverse("elections_proposals:index")).content.decode()
        assert "Calls that wait for a second person will be listed here." in text
