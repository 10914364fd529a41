from datetime import timedelta

import pytest
from django.urls import reverse

from newsroom.newsletters import subscriptions
from newsroom.newsletters.models import Evidence, Method
from newsroom.newsletters.staff.counting import Day, count_days
from newsroom.newsletters.staff.numbers import draw, summarise
from tests.newsroom.newsletters.people import LEAVE, imported, sign_up, subscribe, wish

pytestmark = pytest.mark.django_db


class TestCountDays:
    def test_tells_sources_apart(self, morning, now):
        sign_up(morning, now=now)
        ask = Evidence(method=Method.FORM, page_id=7, call_to_action_id=3)
        subscriptions.sign_up("bo@example.com", [wish(morning)], ask, now=now)
        subscriptions.bring_in("cy@example.com", morning, imported(), has_consent=True, now=now)
        numbers = count_days(7, now)
        assert numbers.days[-1].came == {"story": 1, "ask": 1, "import": 1, "other": 0}
        assert len(numbers.days) == 7

    def test_counts_by_the_days_of_the_site(self, morning, now):
        # Eleven at night in Los Angeles is the next day in UTC.
        late = now.replace(hour=7) - timedelta(days=1)
        sign_up(morning, now=late)
        days = count_days(7, now).days
        assert [day.total for day in days[-3:]] == [1, 0, 0]

    def test_knows_the_share_that_confirmed(self, morning, now):
        subscribe(morning, now=now)
        sign_up(morning, email="bo@example.com", now=now)
        sign_up(morning, email="bo@example.com", now=now)
        numbers = count_days(7, now)
        assert (numbers.asked, numbers.confirm_rate) == (2, 0.5)

    def test_has_no_rate_without_anybody(self, morning, now):
        assert count_days(7, now).confirm_rate is None

    def test_counts_who_left(self, morning, now):
        subscriptions.unsubscribe(subscribe(morning, now=now), LEAVE, now=now)
        assert count_days(7, now).days[-1].left == 1

    def test_is_of_one_newsletter(self, morning, evening, now):
        sign_up(morning, now=now)
        assert sum(day.total for day in count_days(7, now, evening).days) == 0


def day(now, **came: int) -> Day:
    sources = {"story": 0, "ask": 0, "import": 0, "other": 0}
    return Day(date=now.date(), came={**sources, **came}, confirmed=0, left=0)


class TestDraw:
    def test_stacks_from_the_ground_to_the_top(self, now):
        bars = draw([day(now, story=3, ask=1), day(now)], height=100)
        assert [(bar.source, bar.y, bar.height) for bar in bars] == [
            ("story", "25.00", "75.00"),
            ("ask", "0.00", "25.00"),
        ]

    def test_draws_nothing_for_nobody(self, now):
        assert draw([day(now)]) == []
        assert summarise_of(now) == "Nobody came in these days."


def summarise_of(now) -> str:
    from newsroom.newsletters.staff.counting import Numbers

    return summarise(Numbers(days=[day(now)], confirm_rate=None, asked=0, states={}, bounces=0))


class TestNumbersView:
    def test_draws_and_tells(self, staff, morning):
        sign_up(morning)
        html = staff.get(reverse("newsroom_subscribers:numbers"), {"days": "7"}).content.decode()
        assert "<rect" in html
        assert "1 came in these days" in html
        assert '<th scope="row">' in html
