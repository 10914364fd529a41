"""A reader signs up for a newsletter from a story, in a browser without JavaScript."""

import pytest

from newsroom.calls_to_action.models import CallToAction
from newsroom.newsletters.models import ConsentEvent, Subscription

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "ana.ruiz+news@example.com"


@pytest.fixture
def ask(newsletter) -> CallToAction:
    return CallToAction.objects.create(
        kind="newsletter",
        heading="Start the day knowing",
        button_label="Sign me up",
        newsletter=newsletter,
    )


def test_the_form_in_the_story_works_and_keeps_the_address_to_itself(visit, make_story, ask):
    story = make_story([("call_to_action", {"call_to_action": ask})])
    reader = visit(java_script_enabled=False)
    reader.open(story.url)
    reader.page.get_by_label("Email address").fill(EMAIL)
    reader.page.get_by_role("button", name="Sign me up").click()
    reader.page.wait_for_url("**/newsletters/thanks/")

    assert reader.page.locator("h1").is_visible()
    signup, subscription = ConsentEvent.objects.get(), Subscription.objects.get()
    assert subscription.subscriber.email == EMAIL
    assert subscription.newsletter == ask.newsletter
    assert (signup.page_id, signup.call_to_action_id) == (story.pk, ask.pk)
    assert signup.block_id == story.body[0].id
    assert not any("ana" in address or "example.com" in address for address in reader.addresses)
    assert reader.context.cookies() == reader.cookies_set == []


def test_a_wrong_address_gets_its_reason_and_a_second_chance(visit, make_story, ask):
    story = make_story([("call_to_action", {"call_to_action": ask})])
    reader = visit(java_script_enabled=False)
    reader.open(story.url)
    reader.page.get_by_label("Email address").fill("ana@example")
    reader.page.get_by_role("button", name="Sign me up").click()
    reader.page.get_by_text("This does not look like an email address.").wait_for()
    reader.page.get_by_label("Email address").fill(EMAIL)
    reader.page.locator("main form button[type=submit]").click()
    reader.page.wait_for_url("**/newsletters/thanks/")
    assert Subscription.objects.get().subscriber.email == EMAIL
    assert ConsentEvent.objects.get().page_id == story.pk
    assert not any("example.com" in address for address in reader.addresses)
