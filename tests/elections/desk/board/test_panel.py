"""The races that need somebody, on the admin's first page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from elections.models import Source


@pytest.fixture(autouse=True)
def replayed(source) -> None:
    Source.objects.update(mode=Source.Mode.REPLAY)


def home(client) -> str:
    return client.get(reverse("wagtailadmin_home")).content.decode()


class TestPanel:
    def test_names_races_and_why(self, desk, board, say) -> None:
        say(40, scott_schmerelson=1100, dan_chang=1010)
        text = home(desk)
        assert "Races to watch" in text
        assert "LAUSD board, District 3" in text
        assert "Waits for a decision" in text

    def test_says_that_nothing_needs_anybody(self, desk, board) -> None:
        assert "Nothing needs you: 1 race of General election 2024" in home(desk)

    def test_is_not_for_who_only_writes(self, as_user, board) -> None:
        assert "Races to watch" not in home(as_user("author"))

    def test_is_gone_after_certification(self, desk, board, election) -> None:
        election.certified_at = timezone.now() - timedelta(days=1)
        election.save()
        assert "Races to watch" not in home(desk)
