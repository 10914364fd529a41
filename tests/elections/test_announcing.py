from datetime import timedelta

import pytest
from django.utils.translation import override

from elections.announcing import tell_followers
from elections.counting.calls import CallKind
from elections.following import contest_of_key, get_topic, topic_key
from elections.models import Call, Contest, Phrase
from elections.widgets.publish import publish_stale
from newsroom.newsletters import subscriptions
from newsroom.newsletters.models import (
    Announcement,
    Newsletter,
    OutgoingMail,
    Subscriber,
    Subscription,
)
from newsroom.newsletters.topics import fan_out
from tests.elections.documents import at
from tests.newsroom.newsletters.people import FORM, confirm_all, wish

NOW = at("23:00")
FACTS = {"authority": "The Valley Ledger", "reason": "The lead is larger than what is left."}


@pytest.fixture
def alerts(db) -> Newsletter:
    return Newsletter.objects.create(
        name="Race alerts", slug="alerts", scope="topic", promise="One mail.", frequency="Once"
    )


@pytest.fixture
def daily(db, settings) -> Newsletter:
    settings.NEWSROOM_TOPIC_INVITATION = "daily"
    return Newsletter.objects.create(name="Daily", slug="daily", promise="News.", frequency="Daily")


@pytest.fixture
def follower(night, alerts) -> Subscriber:
    topic = {"topic_key": topic_key(night.contest.pk), "topic_title": night.contest.name}
    subscriptions.sign_up("ana@example.com", [wish(alerts, **topic)], FORM, now=NOW)
    subscriber = Subscriber.objects.get()
    confirm_all(subscriber, NOW)
    return subscriber


def make_call(contest: Contest, kind: CallKind = CallKind.WINNER, **facts: object) -> Call:
    if kind in (CallKind.WINNER, CallKind.APPARENT_WINNER):
        facts["selections"] = [contest.selections.get(name="Scott Schmerelson")]
    call = Call.make(contest=contest, kind=kind, **FACTS, **facts)
    publish_stale()
    return call


def tell() -> int:
    """One round of both tasks, as often as the schedule likes."""
    count = tell_followers(NOW)
    fan_out(NOW)
    return count


def subjects() -> list[str]:
    mails = OutgoingMail.objects.filter(kind="announcement").order_by("pk")
    return [mail.announcement.subject for mail in mails]


class TestGetTopic:
    def test_is_the_race_of_a_key_and_of_a_page(self, night):
        topic = get_topic(topic_key(night.contest.pk), NOW)
        assert topic == get_topic(night.contest, NOW)
        assert (topic.title, topic.is_open) == (night.contest.name, True)

    @pytest.mark.parametrize("key", ["race-", "race-x", "race-²", "district-1", "race-999999"])
    def test_is_none_for_a_key_that_names_no_race(self, night, key):
        assert get_topic(key) is None

    def test_takes_no_signups_once_called_nor_in_a_rehearsal(self, night):
        contest = night.contest
        make_call(contest)
        assert not get_topic(topic_key(contest.pk), NOW).is_open
        call = Call.objects.get()
        make_call(contest, CallKind.RETRACTED, retracts=call)
        assert get_topic(topic_key(contest.pk), NOW).is_open
        contest.election.is_test = True
        assert not get_topic(contest, NOW).is_open

    def test_is_called_what_the_race_is_called_in_the_language_of_the_page(self, night, settings):
        settings.ELECTIONS_LANGUAGES = ["es"]
        name = night.contest.name
        Phrase.objects.create(language="es", text=name, translation="Junta, Distrito 3")
        with override("es"):
            assert get_topic(night.contest, NOW).title == "Junta, Distrito 3"
        assert get_topic(night.contest, NOW).title == name

    def test_reads_its_own_keys_only(self):
        assert contest_of_key("race-17") == 17
        assert contest_of_key("topic-17") is None


class TestTellFollowers:
    def test_tells_of_a_call_once(self, follower, night):
        make_call(night.contest)
        assert tell() == 1
        assert tell() == 0
        assert subjects() == [f"Called: {night.contest.name}"]
        assert "Winner: Scott Schmerelson." in Announcement.objects.get().text

    def test_tells_of_a_correction_once_and_of_the_next_call(self, follower, night):
        call = make_call(night.contest)
        tell()
        make_call(night.contest, CallKind.RETRACTED, retracts=call)
        assert [tell(), tell()] == [1, 0]
        make_call(night.contest)
        assert [tell(), tell()] == [1, 0]
        name = night.contest.name
        assert subjects() == [f"Called: {name}", f"Correction: {name}", f"Called: {name}"]

    def test_is_silent_about_what_was_taken_back_before_it_was_told(self, follower, night):
        call = make_call(night.contest)
        make_call(night.contest, CallKind.RETRACTED, retracts=call)
        assert tell() == 0
        assert not Announcement.objects.exists()

    def test_says_that_a_call_stands_after_all(self, follower, night):
        call = make_call(night.contest)
        tell()
        retraction = make_call(night.contest, CallKind.RETRACTED, retracts=call)
        tell()
        make_call(night.contest, CallKind.RETRACTED, retracts=retraction)
        assert tell() == 1
        assert subjects()[-1] == f"It stands: {night.contest.name}"

    def test_keeps_an_apparent_winner_and_its_end_to_itself(self, follower, night):
        call = make_call(night.contest, CallKind.APPARENT_WINNER)
        make_call(night.contest, CallKind.RETRACTED, retracts=call)
        assert tell() == 0

    def test_tells_nobody_of_a_rehearsal(self, follower, night):
        make_call(night.contest)
        night.contest.election.__class__.objects.update(is_test=True)
        assert tell() == 0

    def test_ends_with_the_certification_and_invites_once(self, follower, night, daily):
        make_call(night.contest)
        make_call(night.contest, CallKind.CERTIFIED)
        tell_followers(NOW)
        assert Subscription.objects.get().expires_at is None
        tell()
        assert subjects() == [f"Called: {night.contest.name}"]
        tell()
        tell()
        assert Subscription.objects.get().expires_at == NOW
        assert OutgoingMail.objects.filter(kind="invitation", newsletter=daily).count() == 1
        later = NOW + timedelta(hours=1)
        assert not Subscription.objects.confirmed(later).exists()
