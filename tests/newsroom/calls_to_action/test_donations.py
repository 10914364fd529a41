import pytest
from django.core.exceptions import ValidationError

from newsroom.calls_to_action.amounts import read_amounts, validate_amounts
from newsroom.calls_to_action.models import CallToAction, DonationPage
from newsroom.calls_to_action.models.donations import validate_template


class TestAmounts:
    def test_are_read_as_they_are_sent(self):
        assert read_amounts("10, 25.50 ,100") == ("10", "25.50", "100")

    @pytest.mark.parametrize("text", ["0", "-5", "10;20", "ten", "1e9", "5,5,5,5,5,5,5", "10 20"])
    def test_are_refused_when_they_are_none(self, text):
        with pytest.raises(ValidationError):
            validate_amounts(text)


class TestTemplate:
    @pytest.mark.parametrize(
        "address",
        [
            "http://give.example/?a={amount}",
            "https://{campaign}.example/",
            "https://give.example@evil.example/",
            "https://give.example:8443/",
            "https://give.example/{card}",
            "https://give.example/{amount.__class__}",
            "https://give.example/{amount!r}",
            "https://give.example/{}",
            "https://give.example/{amount",
            "javascript:alert(1)",
            "https://127.0.0.1/",
        ],
    )
    def test_refuses_what_could_lead_elsewhere(self, address):
        with pytest.raises(ValidationError):
            validate_template(address)

    def test_takes_only_listed_hosts_if_there_are_any(self, settings):
        validate_template("https://give.example/?a={amount}")
        settings.NEWSROOM_DONATION_HOSTS = ["other.example"]
        with pytest.raises(ValidationError) as caught:
            validate_template("https://give.example/?a={amount}")
        assert "other.example" in caught.value.messages[0]

    def test_escapes_what_it_fills_in(self):
        page = DonationPage(address="https://give.example/?s={story}&a={amount}")
        url = page.build(amount="5", frequency="once", campaign="", story="a&b=c#d")
        assert url == "https://give.example/?s=a%26b%3Dc%23d&a=5"


@pytest.mark.django_db
class TestAsk:
    def test_needs_one_way_to_give(self, donate):
        donate.full_clean()
        donate.donate_url = "https://give.example/"
        with pytest.raises(ValidationError) as caught:
            donate.full_clean()
        assert "donate_url" in caught.value.message_dict

    def test_needs_an_amount_with_a_donation_page(self, donate):
        donate.amounts_once = donate.amounts_monthly = ""
        with pytest.raises(ValidationError) as caught:
            donate.full_clean()
        assert list(caught.value.message_dict) == ["amounts_once"]

    def test_refuses_a_newsletter_with_issues_for_alerts(self, newsletter):
        ask = CallToAction(kind="alert", newsletter=newsletter, heading="A", button_label="B")
        with pytest.raises(ValidationError) as caught:
            ask.full_clean()
        assert list(caught.value.message_dict) == ["newsletter"]
