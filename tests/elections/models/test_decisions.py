"""What the desk lays over a count: one at a time, never edited, ended once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from elections.models import Contest, CorrectionNote, Freeze, Override, Pin, Selection

NOW = timezone.now()


@pytest.fixture
def race(election) -> Contest:
    race = Contest.objects.create(election=election, name="Board, District 3")
    for name in ("Scott Schmerelson", "Dan Chang"):
        Selection.objects.create(contest=race, name=name)
    return race


def override(race: Contest, votes: int = 1210, **facts) -> Override:
    plain = {
        "selection": race.selections.get(name="Scott Schmerelson"),
        "votes_before": 1200,
        "source_votes": 1200,
        "as_of": NOW,
        "said_by": "The registrar, by phone",
        "reason": "The feed leaves out a precinct.",
        "until": Override.Until.DIFFERS,
    }
    return Override.make(contest=race, votes=votes, **{**plain, **facts})


class TestMake:
    def test_lets_one_freeze_stand(self, race) -> None:
        Freeze.make(contest=race, reason="The feed jumps.")
        with pytest.raises(ValidationError):
            Freeze.make(contest=race, reason="The feed jumps.")
        with pytest.raises(IntegrityError), transaction.atomic():
            Freeze.objects.bulk_create([Freeze(contest=race, reason="Past every check.")])

    def test_lets_one_number_of_a_selection_stand(self, race) -> None:
        override(race)
        with pytest.raises(ValidationError, match="corrected already"):
            override(race, 1300)
        override(race, 1010, selection=race.selections.get(name="Dan Chang"))

    def test_may_follow_one_that_has_ended(self, race) -> None:
        Freeze.make(contest=race, reason="x").end(at=NOW)
        assert Freeze.make(contest=race, reason="Again.").ended_at is None

    def test_asks_for_a_reason(self, race) -> None:
        with pytest.raises(ValidationError) as error:
            CorrectionNote.make(contest=race, text="The name was wrong.", reason="")
        assert list(error.value.message_dict) == ["reason"]

    def test_refuses_somebody_of_another_race(self, race, election) -> None:
        other = Contest.objects.create(election=election, name="Mayor")
        stranger = Selection.objects.create(contest=other, name="Stranger")
        with pytest.raises(ValidationError, match="stands in this race"):
            override(race, selection=stranger)

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"until": "time"}, "expires_at"),
            ({"until": "time", "expires_at": NOW - timedelta(hours=1)}, "expires_at"),
            ({"until": "differs", "source_votes": None}, "until"),
        ],
    )
    def test_asks_how_an_override_ends(self, race, facts, field) -> None:
        with pytest.raises(ValidationError) as error:
            override(race, **facts)
        assert field in error.value.message_dict

    def test_pins_a_count_of_the_same_race(self, night, race) -> None:
        count = night.contest.counts.first()
        with pytest.raises(ValidationError, match="count of this race"):
            Pin.make(contest=race, count=count, reason="x", public_note="An earlier count.")


class TestDecision:
    def test_is_never_edited_nor_deleted(self, race) -> None:
        freeze = Freeze.make(contest=race, reason="The feed jumps.")
        with pytest.raises(ValidationError, match="never edited"):
            freeze.save()
        with pytest.raises(ValidationError, match="never deleted"):
            freeze.delete()

    def test_ends_once(self, race, django_user_model) -> None:
        first, second = (django_user_model.objects.create_user(name) for name in "ab")
        freeze = Freeze.make(contest=race, reason="The feed jumps.")
        same = Freeze.objects.get(pk=freeze.pk)
        assert freeze.end(at=NOW, by=first, reason="It is quiet.")
        assert not same.end(at=NOW + timedelta(minutes=1), by=second, reason="Me too.")
        assert (same.ended_by, same.end_reason) == (first, "It is quiet.")
        assert not Freeze.objects.in_force().exists()


class TestOverride:
    def test_is_in_force_until_its_time(self, race) -> None:
        later = NOW + timedelta(hours=1)
        override(race, until="time", expires_at=later)
        assert Override.objects.in_force(later - timedelta(seconds=1)).exists()
        assert not Override.objects.in_force(later).exists()

    @pytest.mark.parametrize(
        ("until", "votes", "source_votes", "is_over"),
        [
            ("differs", 1210, 1200, False),
            ("differs", 1210, 1201, True),
            ("differs", 1210, None, False),
            ("reaches", 1210, 1205, False),
            ("reaches", 1210, 1210, True),
            ("reaches", 1210, 1300, True),
            ("reaches", 1100, 1150, False),
            ("reaches", 1100, 1100, True),
            ("reaches", 1100, 900, True),
            ("time", 1210, 1300, False),
        ],
    )
    def test_is_over_when_its_condition_comes(
        self, race, until, votes, source_votes, is_over
    ) -> None:
        made = override(race, votes, until=until, expires_at=NOW + timedelta(days=1))
        assert made.is_over(now=NOW, source_votes=source_votes) == is_over

    def test_conflicts_with_a_source_that_says_another_number_than_both(self, race) -> None:
        made = override(race, 1210)
        said = [None, 1200, 1210, 1205]
        assert [made.conflicts_with(votes) for votes in said] == [False, False, False, True]
