from datetime import UTC, datetime

import pytest

from newsroom.newsletters.models import Newsletter

NOW = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def evening(db: None) -> Newsletter:
    return Newsletter.objects.create(
        name="Evening", slug="evening", promise="The day in review.", frequency="Every weekday"
    )


@pytest.fixture
def alerts(db: None) -> Newsletter:
    return Newsletter.objects.create(
        name="Alerts",
        slug="alerts",
        scope=Newsletter.Scope.TOPIC,
        promise="One mail when it is decided.",
        frequency="Once",
    )
