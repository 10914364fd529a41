"""Signups on the real things: many at once, and with what is behind them killed."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, connections
from django.utils import timezone

from newsroom.newsletters import sending, subscriptions
from newsroom.newsletters.append_only import forbidding, keeping
from newsroom.newsletters.models import (
    ConsentEvent,
    Newsletter,
    OutgoingMail,
    Subscriber,
    Subscription,
    Suppression,
    Wording,
)
from tests.conftest import plant_site_tree
from tests.newsroom.conftest import newsletter
from tests.newsroom.newsletters.people import FORM, LEAVE, subscribe, wish
from tests.servers import accepts_connections, free_port, wait_until

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

    def test_and_the_opt_outs_are_not_emptied_by_accident(self, newsletter):
        subscribed = subscribe(newsletter, now=timezone.now())
        subscriptions.unsubscribe(subscribed, LEAVE)
        for model in (ConsentEvent, Wording, Suppression):
            table = model._meta.db_table
            for sql in keeping("postgresql", table):
                run(sql)
            try:
                run("SET newsroom.may_empty = 'no'")
                with pytest.raises(Exception, match="not emptied by accident"):
                    run(f"TRUNCATE {table} CASCADE")
            finally:
                run("SET newsroom.may_empty = 'yes'")
            assert model.objects.exists()


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


class Counting:
    """A mail server that counts the mails it takes for each address."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        for address in envelope.rcpt_tos:
            self.taken[address] = self.taken.get(address, 0) + 1
        return "250 OK"


class Readers:
    """Readers who fill in the form of one page, as it was made for everybody."""

    def __init__(self, site: str, newsletter: Newsletter):
        self.site, self.newsletter = site, newsletter
        page = urlopen(f"{site}/newsletters/subscribe/", timeout=20).read().decode()
        self.stamp = re.search(r'name="stamp" value="([^"]+)"', page)[1]

    def send(self, number: int) -> int:
        """Fill the form in from one of many networks; return the status of the answer."""
        fields = {
            "newsletter": self.newsletter.slug,
            "email": f"reader-{number}@example.com",
            "stamp": self.stamp,
        }
        headers = {"X-Forwarded-For": f"203.0.{number // 20}.7"}
        request = Request(
            f"{self.site}/newsletters/subscribe/", urlencode(fields).encode(), headers=headers
        )
        with build_opener(NoRedirect).open(request, timeout=30) as answer:
            return answer.status

    def send_some(self, numbers: range) -> None:
        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(self.send, numbers)) == {303}


class NoRedirect(HTTPRedirectHandler):
    def http_error_303(self, request, answer, *_: object):
        return answer


@pytest.mark.slow
class TestAWorkerAndRedisThatGoAway:
    def test_lose_no_signup_and_no_mail(self, services, redis, newsletter):
        """500 forms to the real site. Meanwhile its worker is killed and Redis goes away."""
        plant_site_tree()
        sink = Counting()
        server = Controller(sink, hostname="127.0.0.1", port=free_port())
        server.start()
        services.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port)}
        services.manage("collectstatic", "--noinput", "--verbosity", "0")
        web = services.start("web")
        wait_until(lambda: accepts_connections(services.port), seconds=60, what=web.name)
        readers = Readers(f"http://127.0.0.1:{services.port}", newsletter)
        services.start("beat")
        worker = services.start_worker()
        try:
            wait_until(lambda: worker.says("ready."), seconds=60, what=worker.name)
            begun = time.monotonic()
            readers.send_some(range(150))
            wait_until(lambda: sink.taken, seconds=60, what="The first mail")
            worker.kill()
            readers.send_some(range(150, 280))
            redis.kill()
            readers.send_some(range(280, 400))
            redis.start()
            readers.send_some(range(400, 500))
            print(f"500 forms in {time.monotonic() - begun:.1f} s")
            services.start_worker()
            wait_until(lambda: len(sink.taken) >= 500, seconds=300, what="The mail")
            print(f"500 mails {time.monotonic() - begun:.1f} s after the first form")
        finally:
            server.stop()
        assert Subscription.objects.filter(state="pending").count() == 500
        mails = OutgoingMail.objects.filter(kind="confirm")
        assert mails.count() == mails.values("subscriber").distinct().count() == 500
        # At most the mails that the killed worker's two children had in hand may come twice.
        assert sum(sink.taken.values()) <= 502
