"""Who gave is known by a signature of the donation page, and by nothing else.

It comes in one of two ways. The page sends the donor back to ours with a signed return, or it
tells our server by a signed webhook and sends the donor back with the reference it named there.
Either marks one browser as a donor's, once. Which person gave, and how much, is never told to us.

A return is ``reference.expires.signature``: the reference of the gift, when the return ends in
seconds since 1970, and the HMAC-SHA256 of ``reference.expires`` in hexadecimal, under a key of
``NEWSROOM_DONATION_KEYS``. With ``.place`` behind the expiry, as the link to the donation page
carried it, the gift is counted for its ask.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from newsroom.calls_to_action.counters import count
from newsroom.calls_to_action.models import AskCount, Gift
from newsroom.calls_to_action.places import read_place
from newsroom.conf import newsroom_settings
from newsroom.newsletters.keys import keyed_digests

REFERENCE = re.compile(r"[A-Za-z0-9_-]{6,100}")
LONGEST = 2000
KEEP_UNCLAIMED = timedelta(days=2)


def sign(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def is_signed(text: str, signature: str) -> bool:
    keys = newsroom_settings.DONATION_KEYS
    return any(hmac.compare_digest(sign(key, text).encode(), signature.encode()) for key in keys)


def read_return(token: str, now: datetime) -> tuple[str, str] | None:
    """Return the reference and the place of a signed return; None if it is not one, or over."""
    signed, _dot, signature = token[:LONGEST].rpartition(".")
    reference, _, rest = signed.partition(".")
    expires, _, place = rest.partition(".")
    if not REFERENCE.fullmatch(reference) or not re.fullmatch(r"[0-9]{1,12}", expires):
        return None
    if not is_signed(signed, signature) or int(expires) <= now.timestamp():
        return None
    return reference, place


def _hash(reference: str) -> str:
    return keyed_digests("gift", reference.encode())[0].hex()


def note_gift(reference: str, place: str, now: datetime) -> bool:
    """Write down that somebody gave, and count it for its ask. False: it was told before."""
    with transaction.atomic():
        _gift, is_new = Gift.objects.get_or_create(
            reference_hash=_hash(reference), defaults={"told_at": now}
        )
    found = read_place(place) if place else None
    if is_new and found is not None:
        count(AskCount.Kind.GIFT, found, now)
    return is_new


def claim(token: str, now: datetime | None = None) -> bool:
    """Use up a return, or the reference of a gift that a webhook told of. Works once."""
    now = now or timezone.now()
    returned = read_return(token, now)
    if returned is not None:
        reference = returned[0]
        note_gift(*returned, now)
    elif REFERENCE.fullmatch(token):
        reference = token
    else:
        return False
    unclaimed = Gift.objects.filter(
        reference_hash=_hash(reference), claimed_at=None, told_at__gt=now - KEEP_UNCLAIMED
    )
    return bool(unclaimed.update(claimed_at=now))
