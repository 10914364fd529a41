from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from elections.templatetags.elections_tags import ap_datetime, ap_day, ap_time

MORNING = datetime(2024, 11, 6, 11, 46, 7, tzinfo=UTC)


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
