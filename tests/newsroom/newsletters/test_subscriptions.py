import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsroom.newsletters import subscriptions
from newsroom.newsletters.models import (
    ConsentEvent,
    MailedLink,
    OutgoingMail,
    Subscriber,
    Subscription,
    Suppression,
)
from newsroom.newsletters.subscriptions import Verdict, bring_in, judge, pull
from tests.newsroom.newsletters.people import (
    EMAIL,
    FORM,
    LEAVE,
    LINK,
    STAFF,
    confirm_all,
    imported,
    mail_out,
    sign_up,
    subscribe,
    wish,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def state_on(newsletter, email: str = EMAIL) -> str | None:
    rows = Subscription.objects.filter(newsletter=newsletter, subscriber__email=email)
    return rows.values_list("state", flat=True).first()


def mails(state: str = "waiting") -> list[str]:
    rows = OutgoingMail.objects.filter(state=state).order_by("pk")
    return list(rows.values_list("kind", flat=True))


class TestSignUp:
    def test_waits_for_the_reader_to_confirm(self, newsletter, now):
        sign_up(newsletter, now=now)
        assert state_on(newsletter) == "pending"
        assert mails() == ["confirm"]

    def test_writes_down_the_words_and_the_place(self, newsletter, now):
        sign_up(newsletter, now=now)
        event = ConsentEvent.objects.get()
        assert (event.kind, event.method, event.page_id) == ("signed_up", "form", 7)
        assert event.wording.text == newsletter.promise
        assert event.occurred_at == now

    def test_records_every_form_and_one_subscription(self, newsletter, now):
        sign_up(newsletter, now=now)
        sign_up(newsletter, now=now)
        assert ConsentEvent.objects.count() == 2
        assert Subscription.objects.count() == 1
        assert mails() == ["confirm"]

    def test_mails_an_address_once_a_day_and_three_times_in_all(self, newsletter, now):
        for day in range(5):
            sign_up(newsletter, now=now + day * DAY)
            sign_up(newsletter, now=now + day * DAY + timedelta(hours=3))
            mail_out(now + day * DAY)
        assert mails("sent") == ["confirm"] * 3

    def test_starts_anew_when_the_reader_has_confirmed(self, newsletter, evening, now):
        subscribe(newsletter, now=now)
        sign_up(evening, now=now)
        assert mails() == ["welcome", "confirm"]

    def test_lets_a_second_list_wait_for_the_next_day(self, newsletter, evening, now):
        sign_up(newsletter, now=now)
        sign_up(evening, now=now)
        sign_up(evening, now=now)
        late = OutgoingMail.objects.filter(state="waiting").order_by("pk").last()
        assert late.next_attempt_at == now + DAY
        assert [row.newsletter for row in late.link.subscriptions.all()] == [evening]
        assert mails() == ["confirm", "confirm"]

    def test_tells_only_its_owner_that_an_address_is_known(self, newsletter, now):
        subscribe(newsletter, now=now)
        sign_up(newsletter, now=now)
        assert mails()[-1] == "already"
        assert state_on(newsletter) == "confirmed"

    def test_after_an_opt_out_changes_nothing_until_confirmed(self, newsletter, now):
        subscriptions.unsubscribe(subscribe(newsletter, now=now), LEAVE, now=now)
        subscriber = sign_up(newsletter, now=now + DAY)
        assert state_on(newsletter) == "unsubscribed"
        assert Suppression.objects.exists()
        confirm_all(subscriber, now + DAY)
        assert state_on(newsletter) == "confirmed"
        assert not Suppression.objects.exists()

    def test_writes_no_mail_to_who_complained(self, newsletter, now):
        subscription = subscribe(newsletter, now=now)
        subscriptions.stop_all(subscription.subscriber, "complained", LINK, now=now)
        sign_up(newsletter, now=now + DAY)
        assert "confirm" not in mails()
        assert state_on(newsletter) == "complained"

    def test_does_the_same_work_for_every_address(self, newsletter, now):
        """Same statements in the same order: what we know of an address cannot be timed."""
        addresses = {
            name: f"{name}@example.com"
            for name in ("pending", "confirmed", "left", "complained", "bounced", "erased", "new")
        }
        for name in ("confirmed", "left", "complained", "bounced", "erased"):
            subscribe(newsletter, email=addresses[name], now=now)
        sign_up(newsletter, email=addresses["pending"], now=now)
        people = {row.email.split("@")[0]: row for row in Subscriber.objects.all()}
        subscriptions.unsubscribe(people["left"].subscriptions.get(), LEAVE, now=now)
        subscriptions.stop_all(people["complained"], "complained", LINK, now=now)
        subscriptions.stop_all(people["bounced"], "bounced", LINK, now=now)
        subscriptions.erase(people["erased"], LINK, now=now)

        def statements(email: str) -> list[str]:
            with CaptureQueriesContext(connection) as queries:
                subscriptions.sign_up(email, [wish(newsletter)], FORM, now=now)
            return [
                re.sub(r"'[^']*'|NULL|x?[0-9a-f]{8,}|\d+", "?", query["sql"]) for query in queries
            ]

        seen = {name: statements(email) for name, email in addresses.items()}
        for queries in seen.values():
            assert queries == seen["new"]
        assert len(seen["new"]) > 10


class TestConfirm:
    def test_confirms_exactly_the_lists_of_the_link(self, newsletter, evening, now):
        subscriber = sign_up(newsletter, now=now)
        link = MailedLink.objects.get()
        sign_up(evening, now=now)
        mail_out(now)
        subscriptions.confirm(link, LINK, now=now)
        assert state_on(newsletter) == "confirmed"
        assert state_on(evening) == "pending"
        assert subscriber.links.count() == 2

    def test_works_once(self, newsletter, now):
        sign_up(newsletter, now=now)
        mail_out(now)
        link = MailedLink.objects.get()
        assert subscriptions.confirm(link, LINK, now=now)
        assert subscriptions.confirm(link, LINK, now=now) is None
        assert ConsentEvent.objects.filter(kind="confirmed").count() == 1
        assert mails() == ["welcome"]

    def test_ends_with_the_link(self, newsletter, now):
        sign_up(newsletter, now=now)
        mail_out(now)
        assert subscriptions.confirm(MailedLink.objects.get(), LINK, now=now + 8 * DAY) is None
        assert state_on(newsletter) == "pending"

    def test_does_not_work_before_the_mail_is_sent(self, newsletter, now):
        sign_up(newsletter, now=now)
        assert subscriptions.confirm(MailedLink.objects.get(), LINK, now=now) is None

    def test_is_not_for_a_link_from_before_the_opt_out(self, newsletter, now):
        subscriber = sign_up(newsletter, now=now)
        mail_out(now)
        subscriptions.unsubscribe(subscriber.subscriptions.get(), LEAVE, now=now)
        confirm_all(subscriber, now)
        assert state_on(newsletter) == "unsubscribed"


class TestUnsubscribe:
    def test_is_done_once_however_often(self, newsletter, now):
        subscription = subscribe(newsletter, now=now)
        done = [subscriptions.unsubscribe(subscription, LEAVE, now=now) for _ in range(5)]
        assert done == [True, False, False, False, False]
        assert ConsentEvent.objects.filter(kind="unsubscribed").count() == 1
        assert state_on(newsletter) == "unsubscribed"

    def test_is_for_one_list(self, newsletter, evening, now):
        subscribe(evening, now=now)
        subscriptions.unsubscribe(subscribe(newsletter, now=now), LEAVE, now=now)
        assert state_on(evening) == "confirmed"


class TestBringIn:
    def test_adds_with_proven_consent(self, newsletter, now):
        assert bring_in(EMAIL, newsletter, imported(), has_consent=True, now=now) == Verdict.ADDED
        assert state_on(newsletter) == "confirmed"
        event = ConsentEvent.objects.get()
        assert (event.kind, event.batch_id, event.state_before) == ("imported", 1, "")
        assert mails() == []

    def test_asks_without(self, newsletter, now):
        verdict = bring_in(EMAIL, newsletter, imported(), has_consent=False, now=now)
        assert verdict == Verdict.ASKED
        assert state_on(newsletter) == "pending"
        assert mails() == ["confirm"]

    def test_leaves_who_is_there(self, newsletter, now):
        subscribe(newsletter, now=now)
        assert bring_in(EMAIL, newsletter, imported(), has_consent=True) == Verdict.ALREADY

    @pytest.mark.parametrize("has_consent", [True, False])
    def test_leaves_out_who_opted_out_and_who_is_erased(self, newsletter, now, has_consent):
        subscriptions.unsubscribe(subscribe(newsletter, now=now), LEAVE, now=now)
        erased = subscribe(newsletter, email="bo@example.com", now=now)
        subscriptions.erase(erased.subscriber, LINK, now=now)
        options = {"has_consent": has_consent, "now": now}
        assert bring_in(EMAIL, newsletter, imported(), **options) == Verdict.OPTED_OUT
        assert bring_in("Bo@example.com", newsletter, imported(), **options) == Verdict.ERASED
        assert state_on(newsletter) == "unsubscribed"
        assert not Subscriber.objects.filter(email="bo@example.com").exists()
        refusals = ConsentEvent.objects.filter(kind="refused", batch_id=1)
        assert {event.note for event in refusals} == {"opted_out", "erased"}

    def test_remembers_an_opt_out_over_an_erasure(self, newsletter, evening, now):
        subscription = subscribe(newsletter, now=now)
        subscriptions.unsubscribe(subscription, LEAVE, now=now)
        subscriptions.erase(subscription.subscriber, LINK, now=now)
        assert bring_in(EMAIL, newsletter, imported(), has_consent=True) == Verdict.ERASED
        assert bring_in(EMAIL, evening, imported(), has_consent=True) == Verdict.ERASED

    def test_remembers_it_under_a_new_key(self, newsletter, now, settings):
        settings.NEWSROOM_NEWSLETTER_KEYS = ["old"]
        subscriptions.erase(subscribe(newsletter, now=now).subscriber, LINK, now=now)
        settings.NEWSROOM_NEWSLETTER_KEYS = ["new", "old"]
        assert bring_in(EMAIL, newsletter, imported(), has_consent=True) == Verdict.ERASED

    def test_is_foretold_by_judge(self, newsletter, now):
        subscriptions.unsubscribe(subscribe(newsletter, now=now), LEAVE, now=now)
        subscribe(newsletter, email="bo@example.com", now=now)
        with CaptureQueriesContext(connection) as queries:
            verdicts = judge(["ANA@example.com", "bo@example.com", "cy@example.com"], newsletter)
        assert verdicts == {
            "ana@example.com": Verdict.OPTED_OUT,
            "bo@example.com": Verdict.ALREADY,
            "cy@example.com": Verdict.ADDED,
        }
        assert len(queries) == 2


class TestTakeBack:
    def test_restores_that_there_was_nothing(self, newsletter, now):
        bring_in(EMAIL, newsletter, imported(4), has_consent=True, now=now)
        assert subscriptions.take_back(Subscription.objects.get(), imported(4), now=now)
        assert not Subscriber.objects.exists()

    def test_restores_the_state_of_before(self, newsletter, now):
        sign_up(newsletter, now=now)
        bring_in(EMAIL, newsletter, imported(4), has_consent=True, now=now)
        assert state_on(newsletter) == "confirmed"
        assert subscriptions.take_back(Subscription.objects.get(), imported(4), now=now)
        assert state_on(newsletter) == "pending"

    def test_leaves_what_the_reader_did_since(self, newsletter, now):
        bring_in(EMAIL, newsletter, imported(4), has_consent=True, now=now)
        subscriptions.unsubscribe(Subscription.objects.get(), LEAVE, now=now)
        assert not subscriptions.take_back(Subscription.objects.get(), imported(4), now=now)
        assert state_on(newsletter) == "unsubscribed"

    def test_is_for_its_own_import(self, newsletter, now):
        bring_in(EMAIL, newsletter, imported(4), has_consent=True, now=now)
        assert not subscriptions.take_back(Subscription.objects.get(), imported(5), now=now)
        assert state_on(newsletter) == "confirmed"


class TestPull:
    def test_takes_over_an_opt_out(self, newsletter, now):
        subscribe(newsletter, now=now)
        pull(EMAIL, newsletter, is_subscribed=False, evidence=STAFF, now=now)
        assert state_on(newsletter) == "unsubscribed"

    def test_remembers_the_opt_out_of_somebody_unknown(self, newsletter, now):
        pull(EMAIL, newsletter, is_subscribed=False, evidence=STAFF, now=now)
        verdict = pull(EMAIL, newsletter, is_subscribed=True, evidence=STAFF, now=now)
        assert verdict == Verdict.OPTED_OUT
        assert not Subscription.objects.exists()


class TestForgive:
    def test_lets_somebody_sign_up_again_and_subscribes_to_nothing(self, newsletter, now):
        subscriber = subscribe(newsletter, now=now).subscriber
        subscriptions.stop_all(subscriber, "complained", LINK, now=now)
        assert subscriptions.forgive(subscriber, STAFF, now=now)
        assert state_on(newsletter) == "unsubscribed"
        assert bring_in(EMAIL, newsletter, imported(), has_consent=True) == Verdict.OPTED_OUT
        sign_up(newsletter, now=now + DAY)
        confirm_all(subscriber, now + DAY)
        assert state_on(newsletter) == "confirmed"


class TestErase:
    def test_leaves_a_ledger_without_an_address(self, newsletter, now):
        subscription = subscribe(newsletter, now=now)
        subscriptions.erase(subscription.subscriber, LINK, now=now)
        assert not Subscriber.objects.exists()
        assert not OutgoingMail.objects.exists()
        kinds = ConsentEvent.objects.order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["signed_up", "confirmed", "erased", "erased"]


class TestPause:
    def test_stops_mail_and_keeps_the_subscription(self, newsletter, now):
        subscriber = subscribe(newsletter, now=now).subscriber
        subscriptions.pause(subscriber, now + 7 * DAY, LINK, now=now)
        assert not Subscription.objects.active(now).exists()
        assert Subscription.objects.confirmed(now).exists()
        assert Subscription.objects.active(now + 8 * DAY).exists()


class TestChoose:
    def test_turns_lists_on_and_off(self, newsletter, evening, now):
        subscriber = subscribe(newsletter, now=now).subscriber
        wordings = {newsletter: "m", evening: "e"}
        subscriptions.choose(
            subscriber, {newsletter: False, evening: True}, LINK, wordings=wordings, now=now
        )
        assert (state_on(newsletter), state_on(evening)) == ("unsubscribed", "confirmed")

    def test_changes_nothing_that_is_as_wished(self, newsletter, evening, now):
        subscriber = subscribe(newsletter, now=now).subscriber
        before = ConsentEvent.objects.count()
        wordings = {newsletter: "m", evening: "e"}
        wanted = {newsletter: True, evening: False}
        subscriptions.choose(subscriber, wanted, LINK, wordings=wordings, now=now)
        assert ConsentEvent.objects.count() == before
