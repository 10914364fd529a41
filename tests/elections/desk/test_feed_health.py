from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from elections.feeds.contract import FeedError
from elections.models import Heartbeat, Source
from tests.elections.desk.conftest import POLLS_CLOSE_AT

URL = "/admin/elections/sources/health/"


def after(minutes: float):
    return time_machine.travel(POLLS_CLOSE_AT + timedelta(minutes=minutes), tick=False)


@pytest.fixture
def page(desk):
    """The text of the page so many minutes after the polls closed."""

    def page(minutes: float, **query: str) -> str:
        with after(minutes):
            response = desk.get(URL, query)
        assert response.status_code == 200
        return " ".join(strip_tags(response.content.decode()).split())

    return page


class TestSources:
    def test_say_when_they_answered_and_when_they_are_asked_again(self, page, counted):
        text = page(31.2)
        assert (
            "LA County Registrar Answers just now 0 Every 30 seconds 11/05/2024 8:31 p.m." in text
        )

    def test_that_fail_are_asked_more_rarely(self, page, say, counted):
        for minute in (32, 33, 34):
            say(minute, error=FeedError("No answer.", code="timeout"))
        assert "Failing 5 min ago 3 Every 4 minutes: more rarely while it fails" in page(36)

    def test_that_need_a_person_say_so(self, page, say, counted):
        for minute in range(900, 906):
            say(minute, error=FeedError("Gone.", code="http-status", status=404))
        text = page(910)
        assert "6 Every 60 minutes: somebody has to act first" in text

    def test_that_are_off_are_not_planned(self, page, counted):
        Source.objects.update(is_active=False)
        assert "Off just now 0 – –" in page(31.2)


class TestTasks:
    def test_that_ran_lately_are_alive(self, page, counted):
        for name in ("refresh_due", "publish_due", "alert_due"):
            Heartbeat.beat(name, POLLS_CLOSE_AT + timedelta(minutes=31))
        text = page(31.2)
        assert text.count("Alive") == 3
        assert page(33).count("Not running") == 2

    def test_that_never_ran_are_not(self, page, counted):
        assert "Asking sources: never Not running" in page(31.2)


class TestAttempts:
    def test_are_all_listed_and_filtered_by_outcome(self, page, say, counted):
        say(32, error=FeedError("The county did not answer.", code="timeout"))
        assert "The county did not answer." in page(33).split("All attempts")[1]
        assert (
            "The county did not answer."
            not in page(33, outcome="accepted").split("All attempts")[1]
        )

    def test_lead_here_from_the_list_of_sources(self, desk, source):
        assert URL in desk.get(reverse("elections_sources:index")).content.decode()
