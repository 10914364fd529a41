"""An address as we keep it, and the keyed hash by which we still know it when it is gone.

Whoever reads the ledger or the suppressions without the key learns no address, and cannot try
addresses out either.
"""

import unicodedata
import uuid

from newsroom.newsletters.keys import keyed_digests


def normalise_email(address: str) -> str:
    """Return the one form in which an address is stored and looked up.

    The part before the @ may in theory be case-sensitive; no mail provider in use makes it so,
    and readers write their address as the keyboard happens to capitalise it.
    """
    return unicodedata.normalize("NFC", address.strip()).lower()


def address_hash(address: str) -> str:
    """Return the hash under which this address is written down: 64 hexadecimal digits."""
    return address_hashes(address)[0]


def address_hashes(address: str) -> list[str]:
    """Return every hash under which this address may be found, the newest key's first."""
    return [digest.hex() for digest in keyed_digests("address", normalise_email(address).encode())]


def subscription_key(address: str, newsletter_id: int, topic_key: str) -> uuid.UUID:
    """Return what links call a subscription.

    The same person on the same list gets the same one again, so that the unsubscribe link of an
    old mail still works after the row was deleted and made anew.
    """
    name = f"{newsletter_id}:{topic_key}:{normalise_email(address)}"
    return uuid.UUID(bytes=keyed_digests("subscription", name.encode())[0][:16])
