import json
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from newsroom.newsletters import subscriptions
from newsroom.newsletters.anymail_reports import take_tracking_event
from newsroom.newsletters.models import Bounce, Subscription, Suppression
from newsroom.newsletters.reports import Outcome, Report, take_report
from newsroom.newsletters.views.reports import signature
from tests.newsroom.newsletters.people import EMAIL, LEAVE, subscribe

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def report(outcome: str, at, number: int = 1, email: str = EMAIL) -> bool:
    return take_report(
        Report(report_id=str(number), outcome=Outcome(outcome), address=email, occurred_at=at)
    )


def state() -> str:
    return Subscription.objects.get().state


class TestSoftBounces:
    def test_over_two_years_with_mail_between_end_nothing(self, newsletter, now):
        subscribe(newsletter, now=now)
        for month in range(24):
            at = now + month * 30 * DAY
            report("soft_bounce", at, month)
            report("delivered", at + DAY, 100 + month)
        assert state() == "confirmed"

    def test_far_apart_end_nothing_even_without_deliveries(self, newsletter, now):
        subscribe(newsletter, now=now)
        for month in range(12):
            report("soft_bounce", now + month * 31 * DAY, month)
        assert state() == "confirmed"

    def test_on_some_days_of_a_month_end_it(self, newsletter, now):
        subscribe(newsletter, now=now)
        for day in range(3):
            assert state() == "confirmed"
            report("soft_bounce", now + day * DAY, day)
        assert state() == "bounced"
        assert Suppression.objects.get().reason == "bounced"

    def test_of_one_day_count_once(self, newsletter, now):
        subscribe(newsletter, now=now)
        for number in range(9):
            report("soft_bounce", now, number)
        assert state() == "confirmed"

    def test_before_a_delivery_do_not_count(self, newsletter, now):
        subscribe(newsletter, now=now)
        report("soft_bounce", now, 1)
        report("soft_bounce", now + DAY, 2)
        report("delivered", now + 2 * DAY, 3)
        report("soft_bounce", now + 3 * DAY, 4)
        assert state() == "confirmed"


class TestHardBounce:
    def test_ends_it_at_once(self, newsletter, now):
        subscribe(newsletter, now=now)
        report("hard_bounce", now)
        assert state() == "bounced"

    def test_reported_twice_is_one(self, newsletter, now):
        subscribe(newsletter, now=now)
        assert report("hard_bounce", now)
        assert not report("hard_bounce", now)
        assert Bounce.objects.count() == 1

    def test_leaves_an_opt_out_what_it_is(self, newsletter, now):
        subscriptions.unsubscribe(subscribe(newsletter, now=now), LEAVE, now=now)
        report("hard_bounce", now)
        assert state() == "unsubscribed"


class TestComplaint:
    def test_ends_everything(self, newsletter, now):
        subscribe(newsletter, now=now)
        report("complaint", now)
        assert state() == "complained"

    def test_of_somebody_unknown_is_nothing(self, newsletter, now):
        assert not report("complaint", now, email="nobody@example.com")


class TestAnymail:
    class Event:
        recipient = EMAIL
        event_id = "7"
        message_id = "m"
        timestamp = None

        def __init__(self, event_type, reject_reason=None):
            self.event_type, self.reject_reason = event_type, reject_reason

    @pytest.mark.parametrize(
        ("event", "expected"),
        [
            (Event("delivered"), "confirmed"),
            (Event("opened"), "confirmed"),
            (Event("deferred"), "confirmed"),
            (Event("bounced"), "confirmed"),
            (Event("bounced", "invalid"), "bounced"),
            (Event("complained", "spam"), "complained"),
        ],
    )
    def test_is_understood(self, newsletter, now, event, expected):
        subscribe(newsletter, now=now)
        take_tracking_event(None, event, "Postmark")
        assert state() == expected


class TestWebhook:
    KEY = "shared"

    @pytest.fixture(autouse=True)
    def keys(self, settings):
        settings.NEWSROOM_REPORT_KEYS = ["new", self.KEY]

    def send(self, client, body: object, *, key: str = KEY, at: float = 0, stamp: str = ""):
        data = json.dumps(body).encode()
        stamp = stamp or str(int(time.time() + at))
        headers = {"X-Newsroom-Time": stamp, "X-Newsroom-Signature": signature(key, stamp, data)}
        return client.post(
            "/newsletters/reports/", data, content_type="application/json", headers=headers
        )

    def bounce(self, **changes: object) -> dict:
        at = timezone.now().isoformat()
        fields = {"id": "1", "outcome": "hard_bounce", "address": EMAIL, "at": at, **changes}
        return {"reports": [fields]}

    def test_acts_on_what_is_signed(self, client, newsletter, now):
        subscribe(newsletter, now=now)
        response = self.send(client, self.bounce(reason=f"no {EMAIL} here"))
        assert response.json() == {"acted_on": 1}
        assert state() == "bounced"
        assert Bounce.objects.get().reason == "no … here"

    @pytest.mark.parametrize(
        "options", [{"key": "other"}, {"at": -400}, {"at": 400}, {"stamp": "x"}]
    )
    def test_refuses_what_is_not(self, client, newsletter, now, options):
        subscribe(newsletter, now=now)
        assert self.send(client, self.bounce(), **options).status_code == 403
        assert state() == "confirmed"

    @pytest.mark.parametrize(
        "body",
        [
            [],
            {},
            {"reports": 1},
            {"reports": ["x"]},
            {"reports": [{"id": "1"}]},
            {"reports": [{"id": "1", "outcome": "odd", "address": EMAIL, "at": "2026-01-01"}]},
            {"reports": [{"id": 1, "outcome": "complaint", "address": EMAIL, "at": None}]},
            {"reports": [{"id": 1, "outcome": "complaint", "address": EMAIL, "at": "2026-01-01"}]},
        ],
    )
    def test_says_when_it_does_not_understand(self, client, newsletter, now, body):
        assert self.send(client, body).status_code == 400

    def test_is_not_there_without_keys(self, client, settings):
        settings.NEWSROOM_REPORT_KEYS = []
        assert self.send(client, self.bounce()).status_code == 404
