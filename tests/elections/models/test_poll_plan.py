from datetime import timedelta

import pytest

from elections.models.poll_plan import (
    AROUND_ANNOUNCED_UPDATE,
    BEFORE_ELECTION,
    CANVASS,
    NIGHT,
    QUIET_NIGHT,
    poll_interval,
)
from tests.elections.documents import at

CLOSE = at("20:00")


def interval(now, **facts):
    defaults = {
        "polls_close_at": CLOSE,
        "certified_at": None,
        "latest_change_at": None,
        "next_update_at": None,
        "error_streak": 0,
    }
    return poll_interval(now=now, **{**defaults, **facts})


class TestPollInterval:
    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            (at("12:00", day=4), BEFORE_ELECTION),
            (at("19:29"), BEFORE_ELECTION),
            (at("19:31"), NIGHT),
            (at("20:00"), NIGHT),
            (at("21:59"), NIGHT),
            (at("22:01"), QUIET_NIGHT),
            (at("07:59", day=6), QUIET_NIGHT),
            (at("08:00", day=6), CANVASS),
            (at("12:00", day=20), CANVASS),
        ],
    )
    def test_follows_the_phase(self, now, expected):
        assert interval(now) == expected

    def test_stays_short_while_the_count_moves(self):
        assert interval(at("23:30"), latest_change_at=at("22:40")) == NIGHT

    @pytest.mark.parametrize("minutes", [-29, 0, 29])
    def test_is_short_around_an_announced_update(self, minutes):
        announced = at("16:30", day=7)
        now = announced + timedelta(minutes=minutes)
        assert interval(now, next_update_at=announced) == AROUND_ANNOUNCED_UPDATE

    def test_is_none_once_certified(self):
        assert interval(at("12:00", day=30), certified_at=at("12:00", day=30)) is None

    @pytest.mark.parametrize(
        ("streak", "seconds"), [(1, 60), (2, 120), (4, 480), (5, 600), (50, 600)]
    )
    def test_doubles_with_each_failure_up_to_ten_minutes(self, streak, seconds):
        assert interval(at("21:00"), error_streak=streak) == timedelta(seconds=seconds)

    def test_never_asks_more_often_because_of_failures(self):
        assert interval(at("12:00", day=20), error_streak=1) == CANVASS

    def test_is_an_hour_where_a_person_must_act_first(self):
        day_after = at("12:00", day=6)
        assert interval(day_after, error_streak=6, may_recover=False) == timedelta(hours=1)
        assert interval(day_after, error_streak=5, may_recover=False) == CANVASS
        assert interval(day_after, error_streak=6) == CANVASS

    def test_does_not_give_up_a_missing_document_on_the_night(self):
        waits = interval(at("20:30"), error_streak=200, may_recover=False)
        assert waits == timedelta(minutes=10)
