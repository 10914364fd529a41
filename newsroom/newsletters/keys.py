"""The keys of the newsletters: for hashes of addresses and for links that work for ever.

``NEWSROOM_NEWSLETTER_KEYS`` names them. The first makes what is new, the others still know what
is old: a key that is dropped takes along the opt-outs of erased people and the unsubscribe links
made under it.
"""

import hashlib
import hmac

from django.conf import settings

from newsroom.conf import newsroom_settings


def newsletter_keys() -> list[bytes]:
    """Return the keys, the one in use first. Without keys of their own, Django's are used."""
    keys = newsroom_settings.NEWSLETTER_KEYS or [
        settings.SECRET_KEY,
        *settings.SECRET_KEY_FALLBACKS,
    ]
    return [key.encode() for key in keys]


def keyed_digests(purpose: str, data: bytes) -> list[bytes]:
    """Return 32 bytes for each key, the key in use first. One purpose cannot stand for another."""
    message = f"newsroom.newsletters.{purpose}:".encode() + data
    return [hmac.new(key, message, hashlib.sha256).digest() for key in newsletter_keys()]
