from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from django.utils import timezone, translation

from elections.templatetags.elections_tags import ap_datetime, ap_day, ap_time, figures, percent

MORNING = datetime(2024, 11, 6, 11, 46, 7, tzinfo=UTC)


class TestFigures:
    def test_has_the_separators_of_the_locale(self) -> None:
        assert figures(1_089_674) == "1,089,674"
        with translation.override("de"):
            assert figures(1_089_674) == "1.089.674"

    def test_is_zero_when_zero(self) -> None:
        assert figures(0) == "0"


class TestPercent:
    @pytest.mark.parametrize(
        ("share", "text"),
        [
            (Fraction(0), "0.0%"),
            (Fraction(1), "100.0%"),
            (Fraction(89_674, 172_930), "51.9%"),
            (Fraction(5005, 10_000), "50.1%"),
            (Fraction(4995, 10_000), "50.0%"),
            (None, "—"),
        ],
    )
    def test_has_one_decimal_half_rounded_up(self, share, text) -> None:
        assert percent(share) == text

    def test_has_none_when_asked(self) -> None:
        assert percent(Fraction(1, 2), 0) == "50%"


class TestTimes:
    @pytest.fixture(autouse=True)
    def _in_los_angeles(self):
        with timezone.override("America/Los_Angeles"):
            yield

    def test_are_in_ap_style(self) -> None:
        local = timezone.localtime(MORNING)
        assert ap_time(local) == "3:46 a.m."
        assert ap_datetime(local) == "3:46 a.m. Nov. 6, 2024"
        assert ap_time(local.replace(hour=20, minute=0)) == "8 p.m."
        assert ap_time(local.replace(hour=12, minute=0)) == "noon"
        assert ap_day(local.replace(month=6).date()) == "June 6"

    def test_are_empty_without_a_moment(self) -> None:
        assert ap_time(None) == ap_datetime(None) == ap_day(None) == ""
