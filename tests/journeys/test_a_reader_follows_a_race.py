"""From the form on a race's page through the mails to the end of the alert."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from elections.counting.calls import CallKind
from elections.models import Call
from elections.pages.models import ElectionPage, RacePage
from elections.tasks import tell_followers
from elections.widgets.publish import publish_stale
from newsroom.calls_to_action.models import CallToAction, Placement
from newsroom.newsletters.models import Newsletter, Subscription
from newsroom.newsletters.tasks import sweep_outbox

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "ana.ruiz+race@example.com"


@pytest.fixture
def race(night, home, settings) -> RacePage:
    settings.NEWSROOM_TOPIC_INVITATION = "daily"
    Newsletter.objects.create(name="Daily", slug="daily", promise="News.", frequency="Daily")
    alerts = Newsletter.objects.create(
        name="Race alerts", slug="alerts", scope="topic", promise="One mail.", frequency="Once"
    )
    ask = CallToAction.objects.create(
        kind="alert", heading="Hear of it", button_label="Mail me", newsletter=alerts
    )
    Placement.objects.create(call_to_action=ask, where="race")
    contest = night.contest
    results = home.add_child(
        instance=ElectionPage(title="Results", slug="results", election=contest.election)
    )
    return results.add_child(instance=RacePage(title="Board", slug="board", contest=contest))


def decide(race: RacePage, kind: CallKind, **facts: object) -> Call:
    """Say something at the desk, and let every task have its turn, more often than it needs."""
    if kind == CallKind.WINNER:
        facts["selections"] = [race.contest.selections.get(name="Scott Schmerelson")]
    said = {"authority": "The Valley Ledger", "reason": "The lead is larger than what is left."}
    call = Call.make(contest=race.contest, kind=kind, **said, **facts)
    publish_stale()
    for _ in range(3):
        tell_followers()
        sweep_outbox()
    return call


def test_from_the_form_to_the_invitation(visit, race, sink):
    reader = visit()
    reader.open(race.url)
    reader.page.get_by_label("Email address").fill(EMAIL)
    assert Axe().run(reader.page).violations_count == 0
    reader.page.get_by_role("button", name="Mail me").click()
    reader.page.wait_for_url("**/newsletters/thanks/")
    sweep_outbox()
    reader.open(sink.link("confirm"))
    assert race.contest.name in reader.page.locator("main").inner_text()
    reader.page.get_by_role("button", name="Yes, send it to me").click()
    reader.page.get_by_role("heading", name="You are on the list").wait_for()
    assert Subscription.objects.get().state == "confirmed"
    sweep_outbox()
    sink.messages.clear()

    call = decide(race, CallKind.WINNER)
    decide(race, CallKind.RETRACTED, retracts=call)
    decide(race, CallKind.WINNER)
    decide(race, CallKind.CERTIFIED)
    name = race.contest.name
    subjects = [message["Subject"] for message in sink.messages]
    assert subjects[:3] == [f"Called: {name}", f"Correction: {name}", f"Called: {name}"]
    assert len(subjects) == 4
    assert {message["To"] for message in sink.messages} == {EMAIL}
    assert Subscription.objects.get().expires_at

    reader.open(sink.link("accept"))
    reader.page.get_by_role("main").get_by_role("button").click()
    reader.page.get_by_role("heading", name="You are on the list").wait_for()
    assert Subscription.objects.get(newsletter__slug="daily").state == "confirmed"
    assert not any(re.search("ana|example.com", address) for address in reader.addresses)
    assert reader.context.cookies() == reader.cookies_set == reader.complaints == []
