"""Who may open which page about asks, cell by cell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from newsroom.calls_to_action.models import Placement, QuietTime, Trial

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "reporter", "editor", "staff", "manager", "admin")
STAFF = ("editor", "staff", "manager", "admin")
DELETE = ("editor", "manager", "admin")
SNIPPETS = "wagtailsnippets_newsroom_calls_to_action_"

# The roles that open a page. Everybody else is sent to the log-in or refused.
LOOKED_AFTER = {"list": STAFF, "add": STAFF, "edit": STAFF, "delete": DELETE}
PAGES = {
    f"{SNIPPETS}calltoaction": LOOKED_AFTER,
    f"{SNIPPETS}placement": LOOKED_AFTER,
    f"{SNIPPETS}quiettime": LOOKED_AFTER,
    f"{SNIPPETS}trial": LOOKED_AFTER,
    f"{SNIPPETS}donationpage": {"list": STAFF, "add": DELETE, "edit": DELETE, "delete": DELETE},
    "newsroom_asks": {"ask_numbers": STAFF, "trial_numbers": STAFF},
}


@pytest.fixture
def targets(signup, donate) -> dict[str, Any]:
    soon = timezone.now() + timedelta(days=1)
    trial = Trial.objects.create(call_to_action=signup, name="Which", readers_per_arm=200)
    return {
        "calltoaction": signup.pk,
        "placement": Placement.objects.create(call_to_action=signup, where="end").pk,
        "quiettime": QuietTime.objects.create(until=soon, reason="A crash").pk,
        "trial": trial.pk,
        "donationpage": donate.donation_page.pk,
        "ask_numbers": signup.pk,
        "trial_numbers": trial.pk,
    }


def outcome(response: HttpResponse) -> str:
    if response.status_code == 302 and response.url.startswith(reverse("wagtailadmin_login")):
        return "log in"
    if response.status_code == 302 and response.url == reverse("wagtailadmin_home"):
        return "refused"
    return {200: "opened"}[response.status_code]


def address(namespace: str, page: str, targets: dict[str, Any]) -> str:
    target = targets.get(page) or targets.get(namespace.removeprefix(SNIPPETS))
    return reverse(f"{namespace}:{page}", args=() if page in ("list", "add") else (target,))


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_whom_they_should(as_user, targets, role):
    client = as_user(role)
    shut = "log in" if role == "anonymous" else "refused"
    cells = [(namespace, page) for namespace, pages in PAGES.items() for page in pages]
    found = {cell: outcome(client.get(address(*cell, targets))) for cell in cells}
    assert found == {
        (namespace, page): "opened" if role in PAGES[namespace][page] else shut
        for namespace, page in cells
    }


def test_reporters_choose_an_ask_for_their_story(as_user, signup):
    html = as_user("reporter").get(
        reverse("wagtailsnippetchoosers_newsroom_calls_to_action_calltoaction:choose")
    )
    assert signup.heading in html.content.decode()
