from __future__ import annotations

import pytest

from newsroom.calls_to_action.models import CallToAction, DonationPage
from newsroom.newsletters.models import Newsletter
from newsroom.newsletters.topics import Topic

WORDS = {"heading": "Ask", "button_label": "Go"}


def phase(page: object) -> str | None:
    """A site whose pages say themselves how far their race is."""
    return getattr(page, "slug", "").partition("--")[2] or None


phase.choices = [("counting", "Counting"), ("called", "Called")]


def topic(subject: object) -> Topic | None:
    return Topic(key="race-1", title="Board District 3", is_open=True) if subject else None


@pytest.fixture
def alerts(db) -> Newsletter:
    return Newsletter.objects.create(
        name="Alerts", slug="alerts", scope="topic", promise="One mail.", frequency="Once"
    )


@pytest.fixture
def signup(newsletter) -> CallToAction:
    return CallToAction.objects.create(
        kind="newsletter", newsletter=newsletter, heading="Sign up now", button_label="Sign up"
    )


@pytest.fixture
def donate(db) -> CallToAction:
    page = DonationPage.objects.create(
        name="Give",
        address="https://give.example/?a={amount}&f={frequency}&c={campaign}&s={story}",
    )
    return CallToAction.objects.create(
        kind="donate",
        heading="Give now",
        button_label="Give",
        donation_page=page,
        campaign="fall",
        amounts_once="25, 50",
        amounts_monthly="5",
    )


@pytest.fixture
def alert(alerts, settings) -> CallToAction:
    settings.NEWSROOM_TOPIC_PROVIDER = f"{__name__}.topic"
    return CallToAction.objects.create(
        kind="alert", newsletter=alerts, heading="Hear of it", button_label="Mail me"
    )


@pytest.fixture
def phases(settings) -> None:
    settings.NEWSROOM_PHASE_PROVIDER = f"{__name__}.phase"
