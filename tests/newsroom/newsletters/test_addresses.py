import pytest

from newsroom.newsletters.addresses import address_hash, address_hashes, normalise_email


class TestNormaliseEmail:
    @pytest.mark.parametrize("typed", ["Ana@Example.COM", " ana@example.com ", "ana@example.com\n"])
    def test_gives_one_form(self, typed):
        assert normalise_email(typed) == "ana@example.com"


class TestAddressHash:
    def test_is_the_same_however_it_is_typed(self):
        assert address_hash("Ana@Example.com") == address_hash("ana@example.com ")

    def test_needs_the_key(self, settings):
        before = address_hash("ana@example.com")
        settings.NEWSROOM_NEWSLETTER_KEYS = ["another key"]
        assert address_hash("ana@example.com") != before

    def test_is_found_under_an_earlier_key(self, settings):
        settings.NEWSROOM_NEWSLETTER_KEYS = ["old"]
        before = address_hash("ana@example.com")
        settings.NEWSROOM_NEWSLETTER_KEYS = ["new", "old"]
        assert address_hash("ana@example.com") != before
        assert before in address_hashes("ana@example.com")
