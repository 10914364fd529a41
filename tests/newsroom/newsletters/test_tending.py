from datetime import timedelta

import pytest

from newsroom.newsletters import tending
from newsroom.newsletters.models import ConsentEvent, OutgoingMail, Subscriber, Subscription
from tests.newsroom.newsletters.people import confirm_all, mail_out, sign_up, subscribe

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def kinds() -> list[str]:
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True))


class TestRemind:
    def test_asks_once_more_after_some_days(self, newsletter, now):
        sign_up(newsletter, now=now)
        mail_out(now)
        for day in (1, 3, 3, 4):
            tending.tend(now + day * DAY)
            mail_out(now + day * DAY)
        assert kinds() == ["confirm", "reminder"]
        assert ConsentEvent.objects.filter(kind="reminded").count() == 1

    def test_has_a_link_that_confirms(self, newsletter, now):
        subscriber = sign_up(newsletter, now=now)
        mail_out(now)
        tending.tend(now + 3 * DAY)
        mail_out(now + 3 * DAY)
        reminder = OutgoingMail.objects.get(kind="reminder")
        assert reminder.link.subscriptions.get() == subscriber.subscriptions.get()
        confirm_all(subscriber, now + 3 * DAY)
        assert Subscription.objects.get().state == "confirmed"

    def test_waits_some_days_after_a_first_mail_that_went_out_late(self, newsletter, now):
        sign_up(newsletter, now=now)
        OutgoingMail.objects.all().delete()
        for day in (10, 11, 12):
            tending.tend(now + day * DAY)
            mail_out(now + day * DAY)
        assert kinds() == ["confirm"]
        tending.tend(now + 13 * DAY)
        assert kinds() == ["confirm", "reminder"]

    def test_spares_who_has_confirmed(self, newsletter, now):
        subscribe(newsletter, now=now)
        tending.tend(now + 4 * DAY)
        assert "reminder" not in kinds()


class TestLetGo:
    def test_deletes_who_never_confirmed_and_says_so_in_the_ledger(self, newsletter, now):
        sign_up(newsletter, now=now)
        mail_out(now)
        for day in range(1, 12):
            tending.tend(now + day * DAY)
            mail_out(now + day * DAY)
        assert not Subscriber.objects.exists()
        events = ConsentEvent.objects.order_by("pk").values_list("kind", flat=True)
        assert list(events) == ["signed_up", "reminded", "lapsed"]

    def test_keeps_who_was_never_asked_for_its_turn(self, newsletter, now, monkeypatch):
        monkeypatch.setattr(tending, "CHUNK", 1)
        for name in ("ana", "ben", "cem"):
            sign_up(newsletter, email=f"{name}@example.com", now=now)
        OutgoingMail.objects.all().delete()
        for minute in range(4):
            later = now + 30 * DAY + minute * timedelta(minutes=10)
            tending.tend(later)
            mail_out(later)
        assert Subscription.objects.filter(state="pending").count() == 3
        assert kinds() == ["confirm"] * 3

    def test_waits_for_the_link_of_the_reminder(self, newsletter, now):
        sign_up(newsletter, now=now)
        mail_out(now)
        tending.tend(now + 3 * DAY)
        mail_out(now + 3 * DAY)
        tending.tend(now + 8 * DAY)
        assert Subscription.objects.exists()

    def test_lets_nobody_go_whom_no_mail_reached(self, newsletter, now):
        """As those from before there was mail, and those of days without a mail server."""
        sign_up(newsletter, now=now)
        OutgoingMail.objects.all().delete()
        Subscriber.objects.update(confirmation_mails=0, confirmation_mail_at=None)
        tending.tend(now + 30 * DAY)
        assert Subscription.objects.get().state == "pending"
        assert kinds() == ["confirm"]

    def test_leaves_the_confirmed(self, newsletter, now):
        subscribe(newsletter, now=now)
        tending.tend(now + 400 * DAY)
        assert Subscription.objects.get().state == "confirmed"


class TestClearAway:
    def test_keeps_what_waits_and_drops_what_is_old(self, newsletter, now):
        subscribe(newsletter, now=now)
        mail_out(now)
        sign_up(newsletter, email="bo@example.com", now=now + 99 * DAY)
        tending.clear_away(now + 100 * DAY)
        assert kinds() == ["confirm"]
        assert Subscriber.objects.count() == 2

    def test_forgets_who_is_on_no_list(self, newsletter, now):
        Subscriber.objects.for_email("ana@example.com")
        Subscriber.objects.update(created_at=now - 8 * DAY)
        tending.clear_away(now)
        assert not Subscriber.objects.exists()
