import json

import pytest

from elections import releasing
from elections.models import Hold, Source
from elections.reconciling import hold_switches_due
from elections.widgets.publish import publish
from tests.elections.deciding import reject
from tests.elections.documents import at, board, document


@pytest.fixture
def behind(night, state_count):
    """Readers have the state's count, and the county, now preferred, is behind it."""
    state = state_count("21:50", 70_000, 60_000)
    Source.objects.filter(pk=night.source.pk).update(is_active=False)
    publish([night.contest.pk])
    Source.objects.filter(pk=night.source.pk).update(is_active=True)
    night.state = state
    return night


def shown_source(night) -> str:
    publish([night.contest.pk])
    return json.loads(night.published.payload)["source"]["name"]


class TestHoldSwitches:
    def test_opens_one_hold_with_what_readers_have_and_what_would_come(self, behind):
        assert hold_switches_due(at("22:00")) == 1
        assert hold_switches_due(at("22:01")) == 1
        hold = Hold.objects.get()
        assert (hold.source, hold.instead_of) == (behind.source, behind.state)
        assert sorted(hold.votes_shown.values()) == [60_000, 70_000]
        assert sorted(hold.votes_held.values()) == [50_310, 61_168]
        assert not hold.changes_winners

    def test_opens_none_where_one_source_counts(self, night):
        assert hold_switches_due(at("22:00")) == 0
        assert not Hold.objects.exists()

    def test_withdraws_it_once_nothing_would_be_lowered(self, behind):
        hold_switches_due(at("22:00"))
        behind.say(document(at("22:10"), board(70_001, 60_000)))
        hold_switches_due(at("22:11"))
        assert Hold.objects.get().decision == Hold.Decision.WITHDRAWN
        assert shown_source(behind) == "LA County Registrar"

    def test_is_not_taken_for_a_drop_of_the_source_itself(self, behind):
        hold_switches_due(at("22:00"))
        behind.say(document(at("22:10"), board(62_000, 51_000)))
        behind.say(document(at("22:10"), board(62_000, 51_000)), seen="23:30")
        assert Hold.objects.get().decision == Hold.Decision.OPEN
        assert shown_source(behind) == "Secretary of State"

    def test_waits_for_a_person_however_often_it_is_repeated(self, behind):
        hold_switches_due(at("22:00"))
        body = document(at("22:10"), board(62_000, 51_000))
        for minute in range(10, 50, 5):
            behind.say(body, seen=f"23:{minute}")
        assert Hold.objects.get().decision == Hold.Decision.OPEN


class TestDecision:
    @pytest.fixture
    def hold(self, behind):
        hold_switches_due(at("22:00"))
        return Hold.objects.get()

    def test_to_release_shows_the_preferred_source_with_a_note(self, behind, hold, admin_user):
        assert releasing.release(hold, now=at("22:05"), by=admin_user)
        assert shown_source(behind) == "LA County Registrar"
        assert behind.shown == {"Scott Schmerelson": 61_168, "Dan Chang": 50_310}
        assert "The count now comes from LA County Registrar." in behind.published.html
        assert hold_switches_due(at("22:06")) == 0

    def test_to_reject_keeps_the_other_and_is_not_asked_again(self, behind, hold, admin_user):
        assert reject(hold, now=at("22:05"), by=admin_user)
        hold_switches_due(at("22:06"))
        assert Hold.objects.count() == 1
        assert shown_source(behind) == "Secretary of State"

    def test_to_reject_is_asked_again_when_the_count_is_another(self, behind, hold, admin_user):
        reject(hold, now=at("22:05"), by=admin_user)
        behind.say(document(at("22:10"), board(62_000, 51_000)))
        hold_switches_due(at("22:11"))
        assert Hold.objects.open().count() == 1
