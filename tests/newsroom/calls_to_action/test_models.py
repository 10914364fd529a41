import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from newsroom.calls_to_action.models import CallToAction
from newsroom.calls_to_action.words import get_wording

pytestmark = pytest.mark.django_db


def ask(**fields: object) -> CallToAction:
    return CallToAction(**{"heading": "Ask", "button_label": "Go", **fields})


class TestClean:
    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"kind": "newsletter"}, "newsletter"),
            ({"kind": "donate"}, "donate_url"),
            ({"kind": "donate", "donate_url": "http://give.example/"}, "donate_url"),
            ({"kind": "donate", "donate_url": "javascript:alert(1)"}, "donate_url"),
        ],
    )
    def test_gives_the_reason_on_the_field(self, fields, where):
        with pytest.raises(ValidationError) as caught:
            ask(**fields).full_clean()
        assert list(caught.value.message_dict) == [where]

    def test_refuses_two_things_at_once(self, newsletter):
        with pytest.raises(ValidationError) as caught:
            ask(
                kind="newsletter", newsletter=newsletter, donate_url="https://give.example/"
            ).full_clean()
        assert list(caught.value.message_dict) == ["donate_url"]
        with pytest.raises(ValidationError) as caught:
            ask(
                kind="donate", newsletter=newsletter, donate_url="https://give.example/"
            ).full_clean()
        assert list(caught.value.message_dict) == ["newsletter"]

    def test_accepts_each_kind_when_whole(self, newsletter):
        ask(kind="newsletter", newsletter=newsletter).full_clean()
        ask(kind="donate", donate_url="https://give.example/").full_clean()

    def test_holds_in_the_database_too(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            ask(kind="newsletter").save()


class TestWording:
    def test_is_all_a_reader_sees(self):
        saved = ask(kind="donate", donate_url="https://give.example/", text="Now.", note="Safe.")
        saved.save()
        assert get_wording(saved.pk) == "Ask\nNow.\nGo\nSafe."

    def test_is_none_for_an_ask_nobody_knows(self):
        assert get_wording(123) is None
