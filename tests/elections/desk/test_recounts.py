from decimal import Decimal

import pytest
from django.urls import reverse

from elections.models import RecountRule


def fields(**changes: str) -> dict[str, str]:
    return {
        "jurisdiction": "Los Angeles County",
        "group": "",
        "place": "Los Angeles",
        "trigger": "on-request",
        "largest_percent": "0.5",
        "share_of": "all",
        "largest_votes": "100",
        "who_pays": "",
        "source_url": "https://law.example.org/",
        **changes,
    }


@pytest.fixture
def add(admin_client):
    return lambda **changes: admin_client.post(reverse("elections_recounts:add"), fields(**changes))


class TestAdd:
    def test_keeps_the_margin_exactly(self, add):
        assert add().status_code == 302
        rule = RecountRule.objects.get()
        assert rule.largest_percent == Decimal("0.5")
        assert str(rule.margin.share) == "1/200"

    def test_refuses_a_row_without_a_margin(self, add):
        response = add(largest_percent="", largest_votes="")
        assert "Give the margin in percent" in response.content.decode()
        assert not RecountRule.objects.exists()


class TestList:
    def test_says_the_margin_in_figures(self, add, admin_client):
        add()
        page = admin_client.get(reverse("elections_recounts:index")).content.decode()
        assert "0.5% of all votes in the race or 100 votes" in page

    def test_empty_says_what_will_be_here(self, admin_client):
        page = admin_client.get(reverse("elections_recounts:index")).content.decode()
        assert "readers are told nothing about recounts" in page
