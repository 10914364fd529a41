"""Keeping a service's list the same: nothing lost, nothing concluded from half a list."""

import json
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from newsroom.newsletters import asking, subscriptions
from newsroom.newsletters.models import (
    DriftReport,
    MailedLink,
    Newsletter,
    Subscription,
    SyncChange,
    SyncedList,
)
from newsroom.newsletters.syncing import changes, comparing
from newsroom.newsletters.syncing.contract import Member, Membership, NotFromServiceError
from newsroom.newsletters.syncing.in_memory import InMemoryService
from newsroom.newsletters.syncing.mailchimp import Mailchimp
from newsroom.newsletters.syncing.signed_webhook import SignedWebhook
from newsroom.newsletters.views.reports import signature
from tests.newsroom.newsletters.people import (
    LEAVE,
    LINK,
    STAFF,
    imported,
    mail_out,
    sign_up,
    subscribe,
)

pytestmark = pytest.mark.django_db

ON, OFF, ABSENT = Membership.SUBSCRIBED, Membership.UNSUBSCRIBED, Membership.ABSENT
IN_MEMORY = "newsroom.newsletters.syncing.in_memory.InMemoryService"
NAMES = ("ana", "bo", "cy", "di", "ed")


@pytest.fixture(autouse=True)
def _service(settings):
    InMemoryService.reset()
    settings.NEWSROOM_NEWSLETTER_SERVICES = {"memory": {"adapter": IN_MEMORY}}


@pytest.fixture
def synced(newsletter: Newsletter) -> SyncedList:
    return SyncedList.objects.create(newsletter=newsletter, service="memory", remote_id="m1")


def address(name: str) -> str:
    return f"{name}@example.com"


def there() -> dict[str, str]:
    members = InMemoryService.lists.get("m1", {})
    return {member.address: member.membership for member in members.values()}


def put_there(name: str, membership: Membership, changed_at=None) -> None:
    member = Member(address=address(name), membership=membership, changed_at=changed_at)
    InMemoryService.lists.setdefault("m1", {})[address(name)] = member


def come_due() -> None:
    SyncChange.objects.filter(done_at=None).update(next_attempt_at=timezone.now())


def state(name: str) -> str:
    return Subscription.objects.get(subscriber__email=address(name)).state


@pytest.fixture
def five(newsletter, synced) -> SyncedList:
    """Five people on both lists."""
    for name in NAMES:
        subscribe(newsletter, email=address(name), now=timezone.now())
    changes.tell_list(synced.pk)
    assert set(there().values()) == {ON}
    assert len(there()) == 5
    return synced


class TestTelling:
    def test_tells_what_is_true_when_it_is_told(self, newsletter, synced):
        row = subscribe(newsletter, now=timezone.now())
        subscriptions.unsubscribe(row, LEAVE)
        assert SyncChange.objects.filter(done_at=None).count() == 2
        changes.tell_list(synced.pk)
        assert there() == {"ana@example.com": OFF}
        assert len(InMemoryService.told) == 1

    def test_keeps_no_address_of_what_was_told(self, five):
        assert not SyncChange.objects.exclude(address="").exists()

    def test_says_nothing_of_who_only_waits(self, newsletter, synced):
        sign_up(newsletter, now=timezone.now())
        assert not SyncChange.objects.exists()

    def test_says_nothing_when_what_it_is_about_did_not_happen(self, newsletter, synced):
        row = subscribe(newsletter, now=timezone.now())
        changes.tell_list(synced.pk)
        with transaction.atomic():
            subscriptions.unsubscribe(row, LEAVE)
            transaction.set_rollback(True)
        assert not SyncChange.objects.filter(done_at=None).exists()

    def test_puts_away_who_pauses_and_brings_them_back(self, newsletter, synced):
        row = subscribe(newsletter, now=timezone.now())
        until = timezone.now() + timedelta(days=7)
        subscriptions.pause(row.subscriber, until, STAFF)
        changes.tell_list(synced.pk)
        assert there() == {}
        Subscription.objects.update(paused_until=timezone.now())
        come_due()
        changes.tell_list(synced.pk)
        assert there() == {"ana@example.com": ON}

    def test_follows_a_changed_address(self, five, newsletter):
        row = Subscription.objects.get(subscriber__email=address("ana"))
        now = timezone.now()
        asking.mail_new_address(row.subscriber, address("new"), now)
        mail_out(now)
        subscriptions.change_address(MailedLink.objects.get(purpose="address"), LINK)
        changes.tell_list(five.pk)
        assert address("ana") not in there()
        assert there()[address("new")] == ON

    def test_takes_away_who_was_erased(self, five):
        row = Subscription.objects.get(subscriber__email=address("ana"))
        subscriptions.erase(row.subscriber, LINK)
        changes.tell_list(five.pk)
        assert address("ana") not in there()
        assert InMemoryService.told[-1][1] == "erased"

    def test_brings_back_who_was_erased_and_confirms_anew(self, five, newsletter):
        row = Subscription.objects.get(subscriber__email=address("ana"))
        subscriptions.erase(row.subscriber, LINK)
        changes.tell_list(five.pk)
        subscribe(newsletter, email=address("ana"), now=timezone.now())
        changes.tell_list(five.pk)
        assert there()[address("ana")] == ON

    def test_brings_imports_and_takes_them_back(self, newsletter, synced):
        subscriptions.bring_in(address("ana"), newsletter, imported(3), has_consent=True)
        changes.tell_list(synced.pk)
        assert there() == {address("ana"): ON}
        subscriptions.take_back(newsletter.subscriptions.get(), imported(3))
        changes.tell_list(synced.pk)
        assert there() == {}

    def test_loses_nothing_in_an_hour_without_the_service(self, newsletter, synced):
        """Acceptance case 12: kept, tried again, never dropped after some number of errors."""
        InMemoryService.is_down = True
        for name in NAMES:
            subscribe(newsletter, email=address(name), now=timezone.now())
        for _ in range(130):
            come_due()
            changes.tell_list(synced.pk)
        synced.refresh_from_db()
        assert synced.failing_since is not None
        assert SyncChange.objects.filter(done_at=None).count() == 5
        InMemoryService.is_down = False
        come_due()
        changes.tell_list(synced.pk)
        assert there() == {address(name): ON for name in NAMES}
        keys = [key for key, _membership in InMemoryService.told]
        assert len(keys) == len(set(keys)) == 5
        synced.refresh_from_db()
        assert synced.failing_since is None

    def test_waits_an_hour_at_most(self, newsletter, synced):
        InMemoryService.is_down = True
        subscribe(newsletter, now=timezone.now())
        SyncChange.objects.update(attempts=400)
        changes.tell_list(synced.pk)
        wait = SyncChange.objects.get().next_attempt_at - timezone.now()
        assert timedelta(minutes=59) < wait <= timedelta(hours=1)

    def test_is_done_by_one_worker_at_a_time(self, newsletter, synced):
        subscribe(newsletter, now=timezone.now())
        SyncedList.objects.update(leased_until=timezone.now() + timedelta(seconds=60))
        assert changes.tell_list(synced.pk) == 0
        assert there() == {}


class TestCompare:
    def test_concludes_nothing_from_a_read_that_failed(self, five):
        """Acceptance case 11: a failed read never means an empty list."""
        InMemoryService.is_down = True
        report = comparing.compare(five)
        assert not report.is_complete
        assert "down" in report.message
        assert Subscription.objects.filter(state="confirmed").count() == 5
        assert not SyncChange.objects.filter(done_at=None).exists()

    def test_concludes_nothing_from_some_pages(self, five):
        for name in NAMES:
            put_there(name, OFF)
        InMemoryService.breaks_after = 1
        assert not comparing.compare(five).is_complete
        assert Subscription.objects.filter(state="confirmed").count() == 5

    def test_tells_an_empty_list_again_and_takes_nobody_off(self, five):
        InMemoryService.lists.clear()
        report = comparing.compare(five)
        assert report.missing_there == 5
        assert Subscription.objects.filter(state="confirmed").count() == 5
        changes.tell_list(five.pk)
        assert len(there()) == 5

    def test_reports_both_ways(self, five, newsletter):
        put_there("ana", OFF)
        del InMemoryService.lists["m1"][address("bo")]
        put_there("new", ON)
        subscriptions.unsubscribe(Subscription.objects.get(subscriber__email=address("cy")), LEAVE)
        changes.tell_list(five.pk)
        put_there("cy", ON)
        report = comparing.compare(five, timezone.now() + timedelta(seconds=1))
        assert (report.left_there, report.missing_there) == (1, 1)
        assert (report.missing_here, report.still_there) == (1, 1)
        assert (report.here_count, report.there_count) == (4, 5)
        assert (state("ana"), state("bo"), state("cy")) == (
            "unsubscribed",
            "confirmed",
            "unsubscribed",
        )
        changes.tell_list(five.pk)
        assert there()[address("cy")] == OFF
        assert there()[address("bo")] == ON
        assert not Subscription.objects.filter(subscriber__email=address("new")).exists()

    def test_never_brings_back_who_left_here(self, five):
        SyncedList.objects.update(takes_new=True)
        five.refresh_from_db()
        row = Subscription.objects.get(subscriber__email=address("ana"))
        erased = Subscription.objects.get(subscriber__email=address("bo"))
        subscriptions.unsubscribe(row, LEAVE)
        subscriptions.erase(erased.subscriber, LINK)
        SyncChange.objects.filter(done_at=None).delete()
        put_there("new", ON)
        comparing.compare(five, timezone.now() + timedelta(seconds=1))
        assert state("ana") == "unsubscribed"
        assert not Subscription.objects.filter(subscriber__email=address("bo")).exists()
        assert state("new") == "confirmed"
        changes.tell_list(five.pk)
        assert there()[address("ana")] == OFF
        assert address("bo") not in there()

    def test_keeps_out_who_left_only_there(self, five, newsletter):
        put_there("new", OFF)
        comparing.compare(five)
        verdict = subscriptions.bring_in(address("new"), newsletter, imported(), has_consent=True)
        assert verdict == "opted_out"

    def test_leaves_who_confirmed_here_after_they_left_there(self, five):
        put_there("ana", OFF, changed_at=timezone.now() - timedelta(days=1))
        report = comparing.compare(five, timezone.now() + timedelta(seconds=1))
        assert (report.left_there, report.missing_there) == (0, 1)
        assert state("ana") == "confirmed"

    def test_leaves_what_is_on_its_way(self, five, newsletter):
        put_there("ana", OFF)
        changes.note_change(address("ana"), newsletter)
        assert comparing.compare(five).left_there == 0
        assert state("ana") == "confirmed"

    def test_is_due_once_a_day(self, five):
        now = timezone.now()
        assert comparing.lists_to_compare(now) == [five]
        DriftReport.objects.create(synced_list=five, made_at=now, is_complete=False)
        assert comparing.lists_to_compare(now) == [five]
        comparing.compare(five, now)
        assert comparing.lists_to_compare(now) == []
        assert comparing.lists_to_compare(now + timedelta(days=1)) == [five]


class TestNews:
    def send(self, client, *items: dict):
        url = reverse("newsletters:service_news", args=["memory"])
        items = [{"remote_id": "m1", "address": address("ana"), **item} for item in items]
        return client.post(url, json.dumps(items), content_type="application/json")

    @pytest.mark.parametrize(
        ("membership", "after"),
        [
            ("unsubscribed", "unsubscribed"),
            ("cleaned", "bounced"),
            ("complained", "complained"),
            ("subscribed", "confirmed"),
        ],
    )
    def test_comes_in_by_the_one_door(self, client, five, membership, after):
        assert self.send(client, {"membership": membership, "event_id": "e1"}).status_code == 200
        assert state("ana") == after

    def test_brings_back_nobody(self, client, five):
        SyncedList.objects.update(takes_new=True)
        row = Subscription.objects.get(subscriber__email=address("ana"))
        subscriptions.unsubscribe(row, LEAVE)
        self.send(client, {"membership": "subscribed"})
        assert state("ana") == "unsubscribed"

    def test_of_another_list_is_left_alone(self, client, five):
        self.send(client, {"membership": "unsubscribed", "remote_id": "other"})
        assert state("ana") == "confirmed"

    def test_that_is_no_news_is_refused(self, client, five):
        url = reverse("newsletters:service_news", args=["memory"])
        assert client.post(url, "x", content_type="text/plain").status_code == 403

    def test_of_a_service_that_is_not_there_has_no_address(self, client, db):
        url = reverse("newsletters:service_news", args=["nobody"])
        assert client.post(url).status_code == 404
        assert client.get(url).status_code == 404

    def test_changes_nothing_by_a_get(self, client, five):
        url = reverse("newsletters:service_news", args=["memory"])
        assert client.get(url).status_code == 200
        assert state("ana") == "confirmed"


class TestMailchimpNews:
    SERVICE = Mailchimp(api_key="k-us1", webhook_secret="s3cret")
    FORM = {
        "type": "unsubscribe",
        "fired_at": "2026-11-03 21:35:57",
        "data[email]": "ana@example.com",
        "data[list_id]": "a1",
        "data[reason]": "manual",
    }

    def take(self, secret="s3cret", **form):
        request = RequestFactory().post(f"/?secret={secret}", {**self.FORM, **form})
        return self.SERVICE.take_news(request)

    def test_is_read(self):
        (news,) = self.take()
        assert (news.membership, news.remote_id) == (OFF, "a1")
        assert news.occurred_at.isoformat() == "2026-11-03T21:35:57+00:00"

    def test_knows_complaints(self):
        assert self.take(**{"data[reason]": "abuse"})[0].membership == "complained"

    def test_leaves_what_it_does_not_know(self):
        assert self.take(type="campaign") == []

    @pytest.mark.parametrize("secret", ["", "wrong"])
    def test_needs_the_secret(self, secret):
        with pytest.raises(NotFromServiceError):
            self.take(secret)

    def test_is_refused_where_no_secret_is_set(self):
        request = RequestFactory().post("/?secret=", self.FORM)
        with pytest.raises(NotFromServiceError):
            Mailchimp(api_key="k-us1").take_news(request)


class TestSignedNews:
    BODY = json.dumps(
        {
            "events": [
                {
                    "id": "1",
                    "list": "m1",
                    "address": "ana@example.com",
                    "membership": "cleaned",
                    "at": "2026-11-03T21:35:57Z",
                }
            ]
        }
    ).encode()

    def take(self, *, key="k", age=0, body=BODY):
        stamp = str(int(time.time()) - age)
        headers = {"X-Newsroom-Time": stamp, "X-Newsroom-Signature": signature(key, stamp, body)}
        request = RequestFactory().post("/", body, content_type="application/json", headers=headers)
        return SignedWebhook(url="https://x.example", key="k").take_news(request)

    def test_is_read(self):
        assert self.take()[0].membership == "cleaned"

    @pytest.mark.parametrize("how", [{"key": "wrong"}, {"age": 400}, {"body": b"{}"}])
    def test_is_refused_unless_signed_now_and_whole(self, how):
        with pytest.raises(NotFromServiceError):
            self.take(**how)
