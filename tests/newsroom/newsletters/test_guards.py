import pytest
from django.test import RequestFactory

from newsroom.newsletters.guards import get_network


def network(remote: str, forwarded: str = "") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return get_network(RequestFactory().post("/", REMOTE_ADDR=remote, headers=headers))


class TestGetNetwork:
    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.77", "203.0.113.0/24"),
            ("", ""),
            ("unix:", ""),
        ],
    )
    def test_is_wider_than_one_address(self, address, expected):
        assert network(address) == expected

    def test_ignores_what_anyone_can_write(self):
        assert network("203.0.113.77", "198.51.100.1") == "203.0.113.0/24"

    def test_believes_our_own_proxies(self, settings):
        settings.NEWSROOM_TRUSTED_PROXIES = 1
        assert network("127.0.0.1", "192.0.2.9, 198.51.100.1") == "198.51.100.0/24"

    def test_needs_as_many_addresses_as_proxies(self, settings):
        settings.NEWSROOM_TRUSTED_PROXIES = 2
        assert network("203.0.113.77", "198.51.100.1") == "203.0.113.0/24"
