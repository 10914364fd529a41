from datetime import timedelta

import pytest

from newsroom.newsletters import subscriptions, topics
from newsroom.newsletters.models import (
    Announcement,
    ConsentEvent,
    OutgoingMail,
    Subscriber,
    Subscription,
)
from newsroom.newsletters.topics import Topic, announce, close_topic, fan_out, get_topic
from tests.newsroom.newsletters.people import (
    EMAIL,
    FORM,
    LEAVE,
    LINK,
    confirm_all,
    mail_out,
    subscribe,
    wish,
)

pytestmark = pytest.mark.django_db

RACE = {"topic_key": "race-1", "topic_title": "Board District 3"}
DAY = timedelta(days=1)


def provider(subject: object) -> Topic | None:
    return Topic(key="race-1", title="Board District 3", is_open=True) if subject else None


def follow(alerts, now, email: str = EMAIL, **topic: str) -> Subscription:
    subscriptions.sign_up(email, [wish(alerts, **(RACE | topic))], FORM, now=now)
    subscriber = Subscriber.objects.get(email=email)
    confirm_all(subscriber, now)
    return subscriber.subscriptions.get(topic_key=(RACE | topic)["topic_key"])


def announced() -> int:
    return OutgoingMail.objects.filter(kind="announcement").count()


def call(now, event: str = "called:1") -> bool:
    return announce("race-1", event, subject="It is called", text="A won.", now=now)


class TestGetTopic:
    def test_is_what_the_provider_says(self, settings):
        assert get_topic("race-1") is None
        settings.NEWSROOM_TOPIC_PROVIDER = f"{__name__}.provider"
        assert get_topic("race-1").title == "Board District 3"


class TestAnnounce:
    def test_writes_to_each_subscriber_of_the_topic_once(self, alerts, now):
        follow(alerts, now)
        follow(alerts, now, "bo@example.com")
        follow(alerts, now, "cy@example.com", topic_key="race-2", topic_title="Other")
        assert call(now)
        assert not call(now)
        assert fan_out(now) == 2
        assert fan_out(now) == 0
        assert announced() == 2

    def test_goes_on_where_a_worker_stopped(self, alerts, now, monkeypatch):
        monkeypatch.setattr("newsroom.newsletters.topics.CHUNK", 1)
        for number in range(3):
            follow(alerts, now, f"{number}@example.com")
        call(now)
        ours, theirs = Announcement.objects.get(), Announcement.objects.get()
        topics._fan_out_chunk(ours, now)
        topics._fan_out_chunk(theirs, now)
        assert announced() == 1
        fan_out(now)
        assert announced() == 3

    def test_sends_a_correction_as_an_event_of_its_own_once(self, alerts, now):
        """A call is taken back: those who were told are told, and only once."""
        follow(alerts, now)
        call(now)
        for _ in range(2):
            call(now, "retracted:1")
            fan_out(now)
        assert announced() == 2

    def test_leaves_out_who_left_paused_or_never_confirmed(self, alerts, now):
        subscriptions.unsubscribe(follow(alerts, now), LEAVE, now=now)
        paused = follow(alerts, now, "bo@example.com")
        subscriptions.pause(paused.subscriber, now + DAY, LINK, now=now)
        subscriptions.sign_up("cy@example.com", [wish(alerts, **RACE)], FORM, now=now)
        call(now)
        assert fan_out(now) == 0

    def test_tells_a_new_subscriber_nothing_old(self, alerts, now):
        call(now)
        fan_out(now)
        follow(alerts, now)
        assert fan_out(now) == 0


class TestCloseTopic:
    def test_ends_it_and_invites_each_person_once(self, alerts, newsletter, now):
        follow(alerts, now)
        assert close_topic("race-1", invite_to="morning", now=now) == 1
        assert close_topic("race-1", invite_to="morning", now=now) == 0
        assert OutgoingMail.objects.filter(kind="invitation").count() == 1
        assert ConsentEvent.objects.filter(kind="expired").count() == 1
        call(now + DAY)
        assert fan_out(now + DAY) == 0

    def test_invites_by_a_link_that_subscribes(self, alerts, newsletter, now):
        subscriber = follow(alerts, now).subscriber
        close_topic("race-1", invite_to="morning", now=now)
        assert not subscriber.subscriptions.filter(newsletter=newsletter).exists()
        mail_out(now)
        subscriptions.confirm(subscriber.links.get(purpose="invitation"), LINK, now=now)
        assert subscriber.subscriptions.get(newsletter=newsletter).state == "confirmed"

    def test_invites_nobody_who_knows_the_newsletter(self, alerts, newsletter, now):
        subscriptions.unsubscribe(subscribe(newsletter, now=now), LEAVE, now=now)
        follow(alerts, now)
        close_topic("race-1", invite_to="morning", now=now)
        assert not OutgoingMail.objects.filter(kind="invitation").exists()

    def test_invites_nobody_whose_opt_out_came_from_elsewhere(self, alerts, newsletter, now):
        """The newsletter service said so of an address that was on no list of ours."""
        email = follow(alerts, now).subscriber.email
        subscriptions.pull(email, newsletter, is_subscribed=False, evidence=LINK, now=now)
        close_topic("race-1", invite_to="morning", now=now)
        assert not OutgoingMail.objects.filter(kind="invitation").exists()

    def test_may_begin_again(self, alerts, now, settings):
        """After a recount: who follows it anew must confirm anew."""
        settings.NEWSROOM_TOPIC_PROVIDER = f"{__name__}.provider"
        follow(alerts, now)
        close_topic("race-1", now=now)
        follow(alerts, now + 2 * DAY)
        call(now + 2 * DAY)
        assert fan_out(now + 2 * DAY) == 1
