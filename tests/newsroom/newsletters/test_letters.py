from html.parser import HTMLParser

import pytest
from django.core import mail as django_mail
from django.utils import timezone

from newsroom.newsletters import sending, subscriptions
from newsroom.newsletters.letters import WRITERS, paragraphs_of
from newsroom.newsletters.links import public_url
from newsroom.newsletters.models import Newsletter, OutgoingMail
from tests.newsroom.newsletters.people import EMAIL, LEAVE, sign_up, subscribe

pytestmark = pytest.mark.django_db


def send() -> django_mail.EmailMultiAlternatives:
    sending.send_due()
    return django_mail.outbox[-1]


def html_of(message) -> str:
    return message.alternatives[0][0]


class TestEveryKind:
    def test_has_somebody_who_writes_it(self):
        assert set(WRITERS) == set(OutgoingMail.Kind.values)


class TestLetter:
    def test_is_text_and_html_with_the_same_link(self, newsletter):
        sign_up(newsletter)
        message = send()
        (address,) = [line for line in message.body.splitlines() if "/confirm/" in line]
        assert address in html_of(message)
        assert newsletter.name in message.subject

    def test_has_its_styles_inline_and_keeps_the_dark_ones(self, newsletter):
        sign_up(newsletter)
        html = html_of(send())
        assert 'style="' in html
        assert "prefers-color-scheme: dark" in html

    def test_comes_from_the_newsletter(self, newsletter):
        Newsletter.objects.update(
            sender_name="Ana at Morning", sender_address="m@ledger.example", reply_to="r@l.example"
        )
        sign_up(newsletter)
        message = send()
        assert message.from_email == "Ana at Morning <m@ledger.example>"
        assert message.reply_to == ["r@l.example"]
        assert message.extra_headers["List-Id"] == "<morning.ledger.example>"

    def test_escapes_what_staff_wrote(self, newsletter):
        Newsletter.objects.update(
            name="<script>alert(1)</script> & more", welcome_text='"><img src=x>\n\nTwo.'
        )
        subscribe(Newsletter.objects.get(), now=timezone.now())
        message = send()

        class Tags(HTMLParser):
            seen: set[str] = set()

            def handle_starttag(self, tag, attrs):
                self.seen.add(tag)

        Tags().feed(html_of(message))
        assert not Tags.seen & {"script", "img"}
        assert '"><img src=x>' in message.body

    def test_has_no_line_break_in_its_subject(self, newsletter):
        Newsletter.objects.update(welcome_subject="Hello\r\nBcc: all@example.com")
        subscribe(Newsletter.objects.get(), now=timezone.now())
        assert "\n" not in send().subject

    def test_holds_no_address(self, newsletter):
        sign_up(newsletter)
        message = send()
        assert EMAIL not in message.body + html_of(message)


class TestHeaders:
    def test_offer_one_click_where_there_is_something_to_leave(self, newsletter):
        subscribe(newsletter, now=timezone.now())
        headers = send().extra_headers
        assert headers["List-Unsubscribe"].startswith(f"<{public_url('/newsletters/leave/')}")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["Auto-Submitted"] == "auto-generated"

    def test_name_a_mail_the_same_at_every_try(self, newsletter):
        sign_up(newsletter)
        first = send().extra_headers["Message-ID"]
        OutgoingMail.objects.update(state="waiting")
        assert send().extra_headers["Message-ID"] == first


class TestParagraphsOf:
    def test_splits_at_blank_lines(self):
        assert paragraphs_of("One\r\nline.\r\n\r\n\r\nTwo.\n") == ["One line.", "Two."]


class TestConfirm:
    def test_is_not_sent_when_nothing_is_left_to_confirm(self, newsletter):
        subscriber = sign_up(newsletter)
        subscriptions.unsubscribe(subscriber.subscriptions.get(), LEAVE)
        assert sending.send_due() == 0
        assert OutgoingMail.objects.get().state == "dropped"
