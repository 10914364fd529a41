"""Who may send a signup form.

Public pages hold no token, so that every cache may keep them. What stands between a form and its
abuse is here: the browser's word on where the form came from, and limits per network and
per address.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from newsroom.conf import newsroom_settings
from newsroom.newsletters import limits
from newsroom.newsletters.addresses import address_hash
from newsroom.newsletters.keys import keyed_digests

DAY_SECONDS = 86_400


def is_own_origin(request: HttpRequest) -> bool:
    """Whether the form came from a page of this site, as far as the browser says.

    Browsers send ``Origin`` with every POST. Without both headers there is no browser, and so
    nobody whose browser could be misused.
    """
    origin = request.headers.get("Origin")
    if origin is not None:
        scheme, _, host = origin.partition("://")
        is_same = scheme in ("http", "https") and host.lower() == request.get_host().lower()
        return is_same or origin in settings.CSRF_TRUSTED_ORIGINS
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def get_network(request: HttpRequest) -> str:
    """Return the sender's network: IPv4 /24 or IPv6 /64; blank when there is no address."""
    try:
        address = ipaddress.ip_address(_client_address(request))
    except ValueError:
        return ""
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    prefix = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network((address, prefix), strict=False))


def _client_address(request: HttpRequest) -> str:
    proxies = newsroom_settings.TRUSTED_PROXIES
    remote = request.META.get("REMOTE_ADDR", "")
    if not proxies:
        return remote
    # Each of our proxies appended the address it saw; what stands further left, anyone may write.
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return forwarded[-proxies] if len(forwarded) >= proxies else remote


def is_within_limit(request: HttpRequest) -> bool:
    """Count this form for its network, and say whether it may still pass."""
    name = f"network-{network_hash(request)}"
    return limits.count(name, newsroom_settings.SIGNUP_WINDOW_SECONDS) <= (
        newsroom_settings.SIGNUP_LIMIT
    )


def is_address_within_limit(address: str) -> bool:
    """Count this form for the address in it, whoever sent it."""
    name = f"address-{address_hash(address)[:32]}"
    return limits.count(name, DAY_SECONDS) <= newsroom_settings.ADDRESS_LIMIT


def network_hash(request: HttpRequest) -> str:
    """Return what the ledger keeps of a network: a keyed hash, and another one every day."""
    text = f"{timezone.now():%Y-%m-%d} {get_network(request)}"
    return keyed_digests("network", text.encode())[0].hex()[:32]
