from datetime import timedelta
from types import SimpleNamespace

import pytest

from elections.counting.calls import CallKind, RaceState
from elections.models import Call, Contest, Published
from elections.phases import Phase, contests_of, get_phase, phase_of
from elections.widgets.publish import publish_stale
from tests.elections.documents import at
from tests.elections.stories import make_section, make_story

AFTER = at("23:00")
BEFORE = at("19:00")


def show_state(contest: Contest, state: RaceState) -> Contest:
    payload = f'{{"state": "{state.value}"}}'
    Published.objects.filter(contest=contest).update(payload=payload)
    return Contest.objects.select_related("published", "election").get(pk=contest.pk)


class TestPhaseOf:
    @pytest.mark.parametrize("state", list(RaceState))
    def test_knows_every_state(self, night, state):
        phase = phase_of(show_state(night.contest, state), AFTER)
        expected = {
            RaceState.NO_COUNT: Phase.POLLS_CLOSED,
            RaceState.CALLED: Phase.CALLED,
            RaceState.RUNOFF: Phase.CALLED,
            RaceState.PASSED: Phase.CALLED,
            RaceState.FAILED: Phase.CALLED,
            RaceState.CERTIFIED: Phase.CERTIFIED,
        }
        assert phase == expected.get(state, Phase.COUNTING)

    def test_is_before_while_the_polls_are_open(self, night):
        assert phase_of(show_state(night.contest, RaceState.NO_COUNT), BEFORE) == Phase.BEFORE

    def test_is_polls_closed_for_a_race_never_published(self, night):
        Published.objects.all().delete()
        assert phase_of(night.contest, AFTER) == Phase.POLLS_CLOSED

    def test_follows_the_election_when_it_is_certified(self, night):
        night.contest.election.certified_at = AFTER
        contest = night.contest
        contest.election.certified_at = AFTER
        assert phase_of(contest, AFTER) == Phase.CERTIFIED
        assert phase_of(contest, AFTER - timedelta(hours=1)) == Phase.COUNTING

    def test_goes_back_with_a_call_that_is_taken_back(self, night):
        winner = night.contest.selections.first()
        facts = {"authority": "Our desk", "reason": "It is safe."}
        call = Call.make(contest=night.contest, kind=CallKind.WINNER, selections=[winner], **facts)
        publish_stale()
        assert phase_of(night.contest, AFTER) == Phase.CALLED
        Call.make(contest=night.contest, kind=CallKind.RETRACTED, retracts=call, **facts)
        publish_stale()
        assert phase_of(night.contest, AFTER) == Phase.COUNTING


class TestGetPhase:
    def test_is_none_without_a_race(self, night):
        assert get_phase(SimpleNamespace()) is None
        assert get_phase(make_story(make_section())) is None

    def test_is_the_least_far_of_a_storys_races(self, night, election):
        called = show_state(night.contest, RaceState.CALLED)
        story = make_story(make_section(), contests=[called])
        assert get_phase(story, AFTER) == Phase.CALLED
        other = Contest.objects.create(election=election, name="Other")
        story = make_story(story.get_parent().specific, contests=[called, other])
        assert get_phase(story, AFTER) == Phase.POLLS_CLOSED

    def test_is_the_elections_on_its_page(self, election):
        page = SimpleNamespace(election=election)
        assert get_phase(page, BEFORE) == Phase.BEFORE
        assert get_phase(page, AFTER) == Phase.COUNTING
        election.certified_at = AFTER
        assert get_phase(page, AFTER) == Phase.CERTIFIED

    def test_offers_its_words_with_labels(self):
        assert [word for word, _ in get_phase.choices] == [phase.value for phase in Phase]


class TestContestsOf:
    def test_leaves_out_drafts(self, night):
        contest = night.contest
        assert contests_of(SimpleNamespace(contest=contest)) == [contest]
        contest.status = Contest.Status.DRAFT
        assert contests_of(SimpleNamespace(contest=contest)) == []
