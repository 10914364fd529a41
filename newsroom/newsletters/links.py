"""The two kinds of links in our mails.

A *mailed link* does one thing for one person for a short time. A *leave link* can only take one
subscription off its list, and does so for ever.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.crypto import constant_time_compare
from wagtail.models import Site

from newsroom.conf import newsroom_settings
from newsroom.newsletters.keys import keyed_digests
from newsroom.newsletters.models import MailedLink, Newsletter, Subscriber, Subscription

SEED_BYTES = 32


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def fresh_token(purpose: str, seed: bytes) -> tuple[str, str]:
    """Return the token that belongs to a seed under the key in use, and its hash."""
    token = _encode(keyed_digests(f"link.{purpose}", seed)[0])
    return token, _hash(token)


def make_link(
    purpose: str,
    subscriber: Subscriber | None,
    *,
    now: datetime,
    newsletter: Newsletter | None = None,
    replaces: Subscriber | None = None,
) -> MailedLink:
    """Write down a link. It works from when its mail is sent."""
    link = new_link(purpose, subscriber, now=now, newsletter=newsletter, replaces=replaces)
    link.save()
    return link


def new_link(
    purpose: str,
    subscriber: Subscriber | None,
    *,
    now: datetime,
    newsletter: Newsletter | None = None,
    replaces: Subscriber | None = None,
) -> MailedLink:
    """Return a link that is still to be saved."""
    seed = secrets.token_bytes(SEED_BYTES)
    _token, token_hash = fresh_token(purpose, seed)
    return MailedLink(
        purpose=purpose,
        subscriber=subscriber,
        replaces=replaces,
        newsletter=newsletter,
        seed=seed,
        token_hash=token_hash,
        created_at=now,
    )


def token_of(link: MailedLink) -> str:
    """Return the token for the mail. It is the same one each time the mail is written.

    :raises LookupError: the key that the link was made with is no longer in the settings.
    """
    for digest in keyed_digests(f"link.{link.purpose}", bytes(link.seed)):
        token = _encode(digest)
        if constant_time_compare(_hash(token), link.token_hash):
            return token
    raise LookupError("The key of this link is not in NEWSROOM_NEWSLETTER_KEYS any more.")


def find_link(token: str, purpose: str, now: datetime) -> MailedLink | None:
    """Return the link if it may be used now for this purpose. Looking changes nothing."""
    link = (
        MailedLink.objects.usable(now)
        .filter(token_hash=_hash(token), purpose=purpose)
        .select_related("subscriber", "newsletter", "replaces")
        .first()
    )
    if link is None:
        return None
    try:
        is_ours = constant_time_compare(token_of(link), token)
    except LookupError:
        return None
    return link if is_ours else None


def lifetime(purpose: str) -> timedelta:
    if purpose in (MailedLink.Purpose.CONFIRM, MailedLink.Purpose.INVITATION):
        return timedelta(days=newsroom_settings.CONFIRM_DAYS)
    if purpose == MailedLink.Purpose.ADDRESS:
        return timedelta(days=1)
    return timedelta(minutes=newsroom_settings.PREFERENCE_MINUTES)


def leave_token(key: uuid.UUID) -> str:
    return _encode(key.bytes + keyed_digests("leave", key.bytes)[0][:16])


def read_leave_token(token: str) -> uuid.UUID | None:
    """Return the key of a subscription, or None for what we did not make."""
    try:
        data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    if len(data) != 32:
        return None
    key, signature = data[:16], data[16:]
    is_ours = [
        hmac.compare_digest(signature, digest[:16]) for digest in keyed_digests("leave", key)
    ]
    return uuid.UUID(bytes=key) if any(is_ours) else None


def public_url(path: str) -> str:
    """Return an address for a mail. ``NEWSROOM_PUBLIC_URL`` wins over Wagtail's default site."""
    base = newsroom_settings.PUBLIC_URL
    if not base:
        site = Site.objects.filter(is_default_site=True).first()
        base = site.root_url if site else ""
    return base.rstrip("/") + path


def leave_url(subscription: Subscription) -> str:
    return public_url(reverse("newsletters:leave", args=[leave_token(subscription.key)]))


LINK_VIEWS = {
    MailedLink.Purpose.CONFIRM: "newsletters:confirm",
    MailedLink.Purpose.INVITATION: "newsletters:accept",
    MailedLink.Purpose.PREFERENCES: "newsletters:preferences",
    MailedLink.Purpose.ADDRESS: "newsletters:take_address",
    MailedLink.Purpose.ERASE: "newsletters:erase",
}


def link_url(link: MailedLink) -> str:
    return public_url(reverse(LINK_VIEWS[link.purpose], args=[token_of(link)]))
