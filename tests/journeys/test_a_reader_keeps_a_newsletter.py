"""From the form in a story through the mail to confirmed, changed, and gone again."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from newsroom.calls_to_action.models import CallToAction
from newsroom.newsletters.models import ConsentEvent, Subscriber, Subscription
from newsroom.newsletters.tasks import sweep_outbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "ana.ruiz+news@example.com"


@pytest.fixture
def story(newsletter, make_story):
    ask = CallToAction.objects.create(
        kind="newsletter",
        heading="Start the day knowing",
        button_label="Sign me up",
        newsletter=newsletter,
    )
    return make_story([("call_to_action", {"call_to_action": ask})])


def check(reader) -> None:
    """Let axe look at the page as it stands."""
    found = Axe().run(reader.page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("with_script", [True, False])
def test_from_the_form_to_the_end(visit, story, sink, with_script):
    reader = visit(java_script_enabled=with_script)
    look = check if with_script else (lambda reader: None)

    reader.open(story.url)
    reader.page.get_by_label("Email address").fill(EMAIL)
    reader.page.get_by_role("button", name="Sign me up").click()
    reader.page.wait_for_url("**/newsletters/thanks/")
    sweep_outbox()

    assert sink.messages[-1]["To"] == EMAIL
    reader.open(sink.link("confirm"))
    look(reader)
    assert Subscription.objects.get().state == "pending"
    reader.page.get_by_role("button", name="Yes, send it to me").click()
    reader.page.get_by_role("heading", name="You are on the list").wait_for()
    look(reader)
    assert Subscription.objects.get().state == "confirmed"
    sweep_outbox()
    welcome = sink.messages[-1]
    assert welcome["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    reader.open("/newsletters/preferences/")
    look(reader)
    reader.page.get_by_label("The address your newsletters go to").fill(EMAIL)
    reader.page.get_by_role("button", name="Mail me my link").click()
    reader.page.get_by_role("heading", name="Look into your mail").wait_for()
    look(reader)
    sweep_outbox()
    reader.open(sink.link("preferences"))
    look(reader)
    reader.page.get_by_label("Send me nothing for").select_option("30")
    reader.page.get_by_role("button", name="Pause").click()
    reader.page.get_by_text("You get nothing until").first.wait_for()
    look(reader)
    assert Subscription.objects.get().paused_until

    leave = re.search(r"/newsletters/leave/[\w-]+/", welcome["List-Unsubscribe"])[0]
    reader.open(leave)
    look(reader)
    reader.page.get_by_role("button", name="Unsubscribe").click()
    reader.page.get_by_role("heading", name="You are unsubscribed").wait_for()
    look(reader)
    assert Subscription.objects.get().state == "unsubscribed"

    kinds = ConsentEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["signed_up", "confirmed", "paused", "unsubscribed"]
    assert not any("ana" in address or "example.com" in address for address in reader.addresses)
    assert reader.context.cookies() == reader.cookies_set == reader.complaints == []


def test_everything_about_a_reader_is_deleted_at_their_wish(visit, story, sink):
    reader = visit()
    reader.open(story.url)
    reader.page.get_by_label("Email address").fill(EMAIL)
    reader.page.get_by_role("button", name="Sign me up").click()
    reader.page.wait_for_url("**/newsletters/thanks/")
    reader.open("/newsletters/preferences/")
    reader.page.get_by_label("The address your newsletters go to").fill(EMAIL)
    reader.page.get_by_role("button", name="Mail me my link").click()
    reader.page.get_by_role("heading", name="Look into your mail").wait_for()
    sweep_outbox()
    reader.open(sink.link("preferences"))
    reader.page.get_by_role("button", name="Delete everything about me").click()
    reader.page.get_by_text("We have sent you a mail.").wait_for()
    sweep_outbox()
    reader.open(sink.link("erase"))
    check(reader)
    reader.page.get_by_role("button", name="Delete everything").click()
    reader.page.get_by_role("heading", name="Everything is deleted").wait_for()
    check(reader)
    assert not Subscriber.objects.exists()
    reader.open("/newsletters/confirm/no-such-link/")
    reader.page.get_by_role("heading", name="This link has ended").wait_for()
    check(reader)
