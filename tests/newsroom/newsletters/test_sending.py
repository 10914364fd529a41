import smtplib
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from newsroom.newsletters import sending, subscriptions
from newsroom.newsletters.models import OutgoingMail, Subscription, Suppression
from tests.newsroom.newsletters.people import EMAIL, LEAVE, sign_up, subscribe

pytestmark = pytest.mark.django_db


class FaultyBackend(EmailBackend):
    """A mail server that raises what it is told, once for each fault in the list."""

    faults: list[Exception] = []

    def send_messages(self, messages):
        if FaultyBackend.faults:
            raise FaultyBackend.faults.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.FaultyBackend"
    FaultyBackend.faults = []
    return FaultyBackend


def the_mail() -> OutgoingMail:
    return OutgoingMail.objects.order_by("pk").last()


def make_due() -> None:
    OutgoingMail.objects.filter(state="waiting").update(next_attempt_at=timezone.now())


class TestSendDue:
    def test_sends_what_waits_once(self, newsletter, mailoutbox):
        sign_up(newsletter)
        assert sending.send_due() == 1
        assert sending.send_due() == 0
        (message,) = mailoutbox
        assert message.to == [EMAIL]
        assert the_mail().state == "sent"

    def test_starts_the_time_of_the_link(self, newsletter, mailoutbox):
        sign_up(newsletter)
        assert the_mail().link.expires_at is None
        sending.send_due()
        assert the_mail().link.expires_at > timezone.now() + timedelta(days=6)

    def test_comes_back_to_a_server_that_was_down(self, newsletter, server, mailoutbox):
        sign_up(newsletter)
        server.faults = [ConnectionRefusedError()]
        assert sending.send_due() == 0
        mail = the_mail()
        assert (mail.state, mail.attempts) == ("waiting", 1)
        assert mail.next_attempt_at <= timezone.now() + timedelta(minutes=5)
        make_due()
        assert sending.send_due() == 1
        assert len(mailoutbox) == 1

    def test_never_waits_longer_than_five_minutes_for_a_server(self, newsletter, server):
        sign_up(newsletter)
        for _ in range(12):
            make_due()
            server.faults = [ConnectionRefusedError()]
            sending.send_due()
        assert the_mail().next_attempt_at <= timezone.now() + timedelta(minutes=5)

    def test_gives_up_after_three_days(self, newsletter, server):
        sign_up(newsletter)
        OutgoingMail.objects.update(created_at=timezone.now() - timedelta(days=4))
        server.faults = [smtplib.SMTPDataError(451, b"later")]
        sending.send_due()
        assert the_mail().state == "failed"

    def test_goes_on_to_the_next_when_one_is_not_taken(self, newsletter, server, mailoutbox):
        sign_up(newsletter)
        sign_up(newsletter, email="bo@example.com")
        server.faults = [smtplib.SMTPDataError(451, b"later")]
        assert sending.send_due() == 1
        assert mailoutbox[0].to == ["bo@example.com"]

    def test_takes_a_refused_address_for_a_bounce(self, newsletter, server):
        sign_up(newsletter)
        server.faults = [smtplib.SMTPRecipientsRefused({EMAIL: (550, b"unknown ana@example.com")})]
        sending.send_due()
        assert the_mail().state == "failed"
        assert Subscription.objects.get().state == "bounced"
        assert Suppression.objects.get().reason == "bounced"

    def test_keeps_addresses_in_errors_out_of_rows_and_logs(self, newsletter, server, caplog):
        sign_up(newsletter)
        server.faults = [smtplib.SMTPDataError(451, b"no ana@example.com")]
        with caplog.at_level("DEBUG"):
            sending.send_due()
        assert "example.com" not in caplog.text
        assert "example.com" not in the_mail().reason

    def test_takes_over_from_a_worker_that_died(self, newsletter, mailoutbox):
        sign_up(newsletter)
        now = timezone.now()
        OutgoingMail.objects.update(state="sending", claimed_until=now + timedelta(seconds=5))
        assert sending.send_due() == 0
        OutgoingMail.objects.update(claimed_until=now - timedelta(seconds=1))
        assert sending.send_due() == 1

    def test_lets_two_workers_share_the_work(self, newsletter, mailoutbox):
        sign_up(newsletter)
        ours = sending._claim(timezone.now())
        assert len(ours) == 1
        assert sending.send_due() == 0
        assert mailoutbox == []

    def test_sends_no_more_than_the_hour_allows(self, newsletter, mailoutbox, settings):
        settings.NEWSROOM_FORM_MAILS_PER_HOUR = 2
        for number in range(4):
            sign_up(newsletter, email=f"{number}@example.com")
        assert sending.send_due() == 2
        assert sending.send_due() == 0
        settings.NEWSROOM_FORM_MAILS_PER_HOUR = 4
        assert sending.send_due() == 2

    def test_does_not_send_what_has_become_wrong(self, newsletter, mailoutbox):
        subscription = subscribe(newsletter, now=timezone.now())
        subscriptions.unsubscribe(subscription, LEAVE)
        assert sending.send_due() == 0
        assert the_mail().state == "dropped"
        assert django_mail.outbox == []
