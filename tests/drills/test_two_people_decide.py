"""Two people decide on one race in the same moment: one of them is told, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from elections.counting.calls import CallKind
from elections.models import Call, Freeze, Hold, Override, Proposal, Published
from elections.widgets.publish import publish_stale
from tests.elections.conftest import election, night, results_folder, source  # noqa: F401
from tests.elections.documents import at, board, document

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run all in threads that start together; return what each gave or raised."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(index: int) -> None:
        try:
            start.wait(10)
            results[index] = acts[index]()
        except ValidationError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[index]) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.fixture
def people(django_user_model):
    return [django_user_model.objects.create_user(name) for name in ("ann", "ben", "cem", "dee")]


def told(results: list[object]) -> int:
    return sum(isinstance(result, ValidationError) for result in results)


def test_a_race_is_frozen_once(night, people):  # noqa: F811
    race = night.contest
    results = at_once(
        *(
            lambda who=who: Freeze.make(contest=race, reason="The feed jumps.", made_by=who)
            for who in people
        )
    )
    assert told(results) == 3
    assert Freeze.objects.in_force().count() == 1


def test_a_number_is_corrected_once(night, people):  # noqa: F811
    race = night.contest
    scott = race.selections.get(name="Scott Schmerelson")
    facts = {"source_votes": 61_168, "as_of": timezone.now(), "said_by": "x", "reason": "x"}
    results = at_once(
        *(
            lambda votes=votes: Override.make(contest=race, selection=scott, votes=votes, **facts)
            for votes in (61_200, 61_300, 61_400)
        )
    )
    assert told(results) == 2
    (made,) = [result for result in results if isinstance(result, Override)]
    assert Override.objects.get().votes == made.votes


def test_a_freeze_ends_once(night, people):  # noqa: F811
    row = Freeze.make(contest=night.contest, reason="x")
    results = at_once(
        *(
            lambda who=who: Freeze.objects.get(pk=row.pk).end(at=timezone.now(), by=who)
            for who in people
        )
    )
    assert sorted(results) == [False, False, False, True]
    winner = people[results.index(True)]
    assert Freeze.objects.get().ended_by == winner


def test_a_proposal_is_decided_once_and_makes_one_call(night, people):  # noqa: F811
    ann, ben, cem, dee = people
    scott = night.contest.selections.get(name="Scott Schmerelson")
    proposal = Proposal.make(
        contest=night.contest,
        kind=CallKind.WINNER,
        selections=[scott],
        authority="Our desk",
        reason="x",
        made_by=ann,
        grounds={},
    )

    def approve(who):
        mine = Proposal.objects.get(pk=proposal.pk)
        return mine.approve(by=who, at=timezone.now(), grounds={})

    def withdraw():
        mine = Proposal.objects.get(pk=proposal.pk)
        return mine.close(Proposal.Decision.WITHDRAWN, at=timezone.now(), by=ann)

    at_once(lambda: approve(ben), lambda: approve(cem), lambda: approve(dee), withdraw)
    proposal.refresh_from_db()
    is_approved = proposal.decision == Proposal.Decision.APPROVED
    assert Call.objects.count() == (1 if is_approved else 0)
    assert (proposal.call is not None) == is_approved
    assert proposal.decided_by in people


def test_a_freeze_in_the_moment_of_a_release_shows_one_whole_count(night, people):  # noqa: F811
    current = night.contest.current_counts.select_related("count").get()

    def freeze():
        return Freeze.make(
            contest=night.contest, count=current.count, as_of=current.as_of, reason="x"
        )

    at_once(freeze, lambda: night.say(document(at("22:00"), board(62_000, 50_400)), seen="22:01"))
    publish_stale()
    assert Published.objects.get().count == current.count
    assert night.shown == {"Scott Schmerelson": 61_168, "Dan Chang": 50_310}
    assert night.contest.counts.count() == 2
    assert not Hold.objects.exists()
