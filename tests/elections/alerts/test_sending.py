from datetime import timedelta
from email.header import decode_header, make_header

import pytest
import time_machine

from elections import tasks
from elections.alerts.outbox import fill_outbox
from elections.alerts.sending import MOST_ATTEMPTS, send_due
from elections.models import Alert, AlertDelivery, AlertKind, Election, Heartbeat
from tests.elections.documents import at, failing


class TestMail:
    def test_says_what_happened_and_when(self, mailbox, editor, raise_alert):
        raise_alert()
        fill_outbox(at("21:43"))
        assert send_due(at("21:43")) == 1
        (mail,) = mailbox.mails
        assert mail["To"] == "editor@example.org"
        assert mail["Subject"] == "Source failing: LA County Registrar"
        text = mail.get_payload(decode=True).decode()
        assert "9:42 p.m.: LA County Registrar failed 3 times in a row." in text
        assert "/admin/elections/alerts/" in text

    def test_is_sent_once(self, mailbox, editor, raise_alert):
        raise_alert()
        for minute in range(3):
            fill_outbox(at(f"21:4{3 + minute}"))
            send_due(at(f"21:4{3 + minute}"))
        assert len(mailbox.mails) == 1

    def test_says_once_that_it_is_over(self, mailbox, editor, raise_alert):
        raise_alert()
        fill_outbox(at("21:43"))
        send_due(at("21:43"))
        Alert.objects.update(closed_at=at("21:57"))
        for minute in (58, 59):
            fill_outbox(at(f"21:{minute}"))
            send_due(at(f"21:{minute}"))
        assert mailbox.mails[1]["Subject"] == "Over: Source failing: LA County Registrar"
        assert "Over since 9:57 p.m." in mailbox.mails[1].get_payload(decode=True).decode()
        assert len(mailbox.mails) == 2

    def test_is_one_for_many_alerts_at_once(self, mailbox, editor, raise_alert):
        for number in range(430):
            raise_alert(AlertKind.HOLD_OPENED, f"hold:{number}", message=f"Race {number}.")
        fill_outbox(at("21:43"))
        send_due(at("21:43"))
        (mail,) = mailbox.mails
        subject = str(make_header(decode_header(mail["Subject"])))
        assert subject == "430 alerts: 430 × Count held"
        assert "And 380 more." in mail.get_payload(decode=True).decode()
        assert AlertDelivery.objects.filter(sent_at=None).count() == 0

    def test_marks_a_test_election(self, mailbox, editor, raise_alert):
        Election.objects.update(is_test=True)
        raise_alert()
        fill_outbox(at("21:43"))
        send_due(at("21:43"))
        assert mailbox.mails[0]["Subject"].startswith("[Test election] ")

    def test_takes_no_header_from_a_name(self, mailbox, editor, raise_alert, source):
        source.name = "County\nBcc: all@example.org"
        source.save()
        raise_alert()
        fill_outbox(at("21:43"))
        send_due(at("21:43"))
        assert mailbox.mails[0]["Bcc"] is None


class TestServerThatIsDown:
    def test_loses_nothing_and_sends_it_once_it_is_back(self, mailbox, editor, raise_alert):
        mailbox.refuses = True
        raise_alert()
        fill_outbox(at("21:43"))
        assert send_due(at("21:43")) == 0
        row = AlertDelivery.objects.get()
        assert (row.attempts, row.next_try_at) == (1, at("21:43") + timedelta(seconds=30))
        assert "451" in row.error
        mailbox.refuses = False
        assert send_due(at("21:43") + timedelta(seconds=29)) == 0
        assert send_due(at("21:43") + timedelta(seconds=30)) == 1
        assert len(mailbox.mails) == 1

    def test_is_asked_more_rarely_each_time(self, settings, editor, raise_alert):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        raise_alert()
        fill_outbox(at("21:43"))
        now, waits = at("21:43"), []
        for _attempt in range(7):
            send_due(now)
            row = AlertDelivery.objects.get()
            waits.append((row.next_try_at - now).total_seconds())
            now = row.next_try_at
        assert waits == [30, 60, 120, 240, 480, 900, 900]

    def test_is_given_up_in_the_end_and_the_row_says_why(self, settings, editor, raise_alert):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        raise_alert()
        fill_outbox(at("21:43"))
        AlertDelivery.objects.update(attempts=MOST_ATTEMPTS - 1)
        send_due(at("21:43"))
        row = AlertDelivery.objects.get()
        assert row.failed_at == at("21:43")
        assert "ConnectionRefusedError" in row.error

    def test_does_not_keep_the_chat_from_hearing(
        self, settings, editor, webhook, chat, raise_alert
    ):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        raise_alert()
        fill_outbox(at("21:43"))
        assert send_due(at("21:43")) == 1
        assert len(chat.said) == 1


class TestClaim:
    def test_of_another_worker_keeps_the_message_for_two_minutes(
        self, mailbox, editor, raise_alert
    ):
        raise_alert()
        fill_outbox(at("21:43"))
        AlertDelivery.objects.update(claimed_until=at("21:45"))
        assert send_due(at("21:44")) == 0
        assert send_due(at("21:45")) == 1

    def test_that_died_sends_the_same_message_id(self, mailbox, editor, raise_alert):
        raise_alert()
        fill_outbox(at("21:43"))
        send_due(at("21:43"))
        AlertDelivery.objects.update(sent_at=None)
        send_due(at("21:46"))
        first, second = (mail["Message-ID"] for mail in mailbox.mails)
        assert first == second


class TestChat:
    def test_gets_the_text(self, webhook, chat, raise_alert):
        raise_alert()
        fill_outbox(at("21:43"))
        assert send_due(at("21:43")) == 1
        assert chat.said[0].startswith("*Source failing: LA County Registrar*\n9:42 p.m.:")

    def test_cannot_be_made_to_call_everybody_by_a_feed(self, webhook, chat, raise_alert):
        raise_alert(message="<!channel> & <https://evil.example|click>")
        fill_outbox(at("21:43"))
        send_due(at("21:43"))
        assert "&lt;!channel&gt; &amp; &lt;https" in chat.said[0]

    @pytest.mark.parametrize("status", [302, 404, 500])
    def test_that_does_not_take_it_is_asked_again_and_never_followed(
        self, webhook, chat, raise_alert, status
    ):
        chat.status = status
        raise_alert()
        fill_outbox(at("21:43"))
        assert send_due(at("21:43")) == 0
        row = AlertDelivery.objects.get()
        assert row.error in {"http-status", "redirect"}
        assert row.sent_at is None

    def test_in_a_private_network_is_not_asked(self, settings, webhook, chat, raise_alert):
        settings.ELECTIONS_ALLOW_PRIVATE_NETWORKS = False
        raise_alert()
        fill_outbox(at("21:43"))
        assert send_due(at("21:43")) == 0
        assert AlertDelivery.objects.get().error == "private-network"
        assert chat.said == []

    def test_keeps_its_address_out_of_the_log(self, webhook, chat, raise_alert, caplog):
        chat.status = 500
        raise_alert()
        fill_outbox(at("21:43"))
        send_due(at("21:43"))
        assert "could not be sent" in caplog.text
        assert "secret" not in caplog.text


class TestAlertDue:
    def test_looks_writes_and_sends(self, mailbox, editor, night):
        with time_machine.travel(at("21:10"), tick=False):
            for number in range(3):
                night.ask(failing(), seen=f"21:0{number}")
            tasks.alert_due()
            tasks.alert_due()
            assert Heartbeat.objects.get(name="alert_due").beat_at == at("21:10")
        assert [mail["Subject"] for mail in mailbox.mails] == [
            "Source failing: LA County Registrar"
        ]
