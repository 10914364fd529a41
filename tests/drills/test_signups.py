"""Signups on the real things: many at once, and with what is behind them killed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, connections

from newsroom.newsletters import sending, subscriptions
from newsroom.newsletters.append_only import forbidding
from newsroom.newsletters.models import ConsentEvent, OutgoingMail, Subscriber, Subscription
from tests.newsroom.conftest import newsletter
from tests.newsroom.newsletters.people import FORM, wish
from tests.servers import free_port, wait_until

__all__ = ["newsletter"]

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

EMAIL = "ana@example.com"


def in_threads(count: int, act) -> list[BaseException]:
    """Run ``act(number)`` in so many threads at once; return what they raised."""
    errors: list[BaseException] = []
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            gate.wait(timeout=20)
            act(number)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(run, range(count)))
    return errors


class TestTheSameAddressManyTimes:
    def test_is_one_row_and_one_mail(self, newsletter, mailoutbox):
        wishes = [wish(newsletter)]
        for _ in range(4):
            errors = in_threads(25, lambda _: subscriptions.sign_up(EMAIL, wishes, FORM))
            assert errors == []
        assert Subscriber.objects.count() == Subscription.objects.count() == 1
        assert ConsentEvent.objects.count() == 100
        assert OutgoingMail.objects.filter(state="waiting").count() == 1
        errors = in_threads(8, lambda _: sending.send_due())
        assert errors == []
        assert len(mailoutbox) == 1


class TestAClickManyTimes:
    def test_confirms_once(self, newsletter, mailoutbox):
        subscriptions.sign_up(EMAIL, [wish(newsletter)], FORM)
        sending.send_due()
        link = OutgoingMail.objects.get().link
        in_threads(20, lambda _: subscriptions.confirm(link, FORM))
        assert ConsentEvent.objects.filter(kind="confirmed").count() == 1
        assert OutgoingMail.objects.filter(kind="welcome").count() == 1


class TestTheLedger:
    def test_is_guarded_by_postgresql(self, newsletter):
        table = ConsentEvent._meta.db_table
        with connection.cursor() as cursor:
            for sql in forbidding("postgresql", table):
                cursor.execute(sql)
        subscriptions.sign_up(EMAIL, [wish(newsletter)], FORM)
        for sql in (f"UPDATE {table} SET note = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="never changed"), connection.cursor() as cursor:
                cursor.execute(sql)


class Counting:
    """A mail server that counts the mails it takes for each address."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        for address in envelope.rcpt_tos:
            self.taken[address] = self.taken.get(address, 0) + 1
        return "250 OK"


@pytest.mark.slow
class TestAWorkerAndRedisThatGoAway:
    def test_lose_no_signup_and_no_mail(self, services, redis, newsletter, settings):
        settings.NEWSROOM_NEWSLETTER_KEYS = ["a key of the drill"]
        sink = Counting()
        server = Controller(sink, hostname="127.0.0.1", port=free_port())
        server.start()
        services.environment |= {
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(server.port),
            "NEWSLETTER_KEYS": "a key of the drill",
        }
        services.start("beat")
        worker = services.start_worker()
        try:
            for number in range(60):
                if number == 20:
                    worker.kill()
                if number == 30:
                    redis.kill()
                if number == 45:
                    redis.start()
                address = f"reader-{number}@example.com"
                subscriptions.sign_up(address, [wish(newsletter)], FORM)
            services.start_worker()
            wait_for_mails(sink, 60)
        finally:
            server.stop()
        assert Subscription.objects.count() == 60
        assert len(sink.taken) == 60
        # At most the one mail that the killed worker had in its hands may come twice.
        assert sum(sink.taken.values()) <= 61


def wait_for_mails(sink: Counting, count: int) -> None:
    wait_until(lambda: len(sink.taken) >= count, seconds=150, what="The mail")
