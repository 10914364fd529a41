"""One person proposes a call on a phone, a desk chief approves it, a reader sees it at once."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User

from elections.desk.roles import CHIEFS, DESK, create_roles
from elections.models import Call, Freeze

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def sign_in(visit):
    create_roles()

    def sign_in(name: str, group: str, **options: object):
        user = User.objects.create_user(name, password=name)
        user.groups.add(Group.objects.get(name=group))
        person = visit(**options)
        person.open("/admin/login/")
        person.page.get_by_label("Username").fill(name)
        person.page.get_by_label("Password").fill(name)
        person.page.get_by_role("button", name="Sign in").click()
        person.page.wait_for_url("**/admin/")
        return person

    return sign_in


def barriers(page: object) -> list[str]:
    # Wagtail's message fades in: half faded, it has too little contrast.
    page.locator(".messages").evaluate_all("nodes => nodes.forEach(node => node.remove())")
    return [found["id"] for found in Axe().run(page).response["violations"]]


@pytest.fixture
def careful(night):
    night.source.election.approval_kinds = ["winner"]
    night.source.election.save()
    return night


def test_readers_see_it_once_the_second_person_agrees(sign_in, visit, careful, story):
    reader = visit()
    reader.open(story.url)
    reporter = sign_in("rosa", DESK)
    page = reporter.page
    page.set_viewport_size(PHONE["viewport"])
    reporter.open(f"/admin/elections/calls/new/?contest={careful.contest.pk}")
    page.get_by_label("Winner", exact=True).check()
    page.get_by_label("Scott Schmerelson").check()
    page.locator("[name=authority]").fill("The Valley Ledger")
    page.locator("[name=reason]").fill("The ballots left cannot change it.")
    page.get_by_role("button", name="See what readers will see").click()
    page.get_by_role("button", name="Propose this call").click()
    page.get_by_text("Waits for a second person").wait_for()
    assert barriers(page) == []
    assert page.get_by_role("button", name="Approve and publish").count() == 0
    assert not Call.objects.exists()

    chief = sign_in("cleo", CHIEFS)
    chief.open(page.url.removeprefix(reader.origin))
    assert barriers(chief.page) == []
    chief.page.get_by_role("button", name="Approve and publish").click()
    chief.page.get_by_text("Readers see the call within a minute.").wait_for()
    assert Call.objects.get().made_by.username == "rosa"
    reader.page.locator(".result caption b", has_text="Called").wait_for()


def test_a_race_is_frozen_and_the_second_of_two_chiefs_is_told(sign_in, careful):
    first, second = (sign_in(name, CHIEFS) for name in ("cleo", "carl"))
    for chief in (first, second):
        chief.open(f"/admin/elections/decisions/freeze/{careful.contest.pk}/")
        chief.page.locator("[name=public_note]").fill("We are checking a number.")
        chief.page.locator("[name=reason]").fill("The feed jumps.")
        assert barriers(chief.page) == []
        chief.page.get_by_role("button", name="See what readers will see").click()
        chief.page.get_by_role("button", name="Freeze the race").wait_for()
        assert barriers(chief.page) == []
    first.page.get_by_role("button", name="Freeze the race").click()
    first.page.get_by_role("link", name="Unfreeze").wait_for()
    assert barriers(first.page) == []
    second.page.get_by_role("button", name="Freeze the race").click()
    second.page.get_by_text("frozen").first.wait_for()
    assert Freeze.objects.get().made_by.username == "cleo"
