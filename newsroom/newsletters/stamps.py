"""The signed mark in every signup form: where it stood, and when the page was made.

It needs no session, so the page can be kept by every cache for days. Whoever copies it gains the
right to send one more form from that place, which the limits allow anyone.
"""

from dataclasses import asdict, dataclass, fields

from django.core import signing

from newsroom.conf import newsroom_settings

SALT = "newsroom.newsletters.stamps"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a form stood. Ids are plain numbers; ``topic`` is the key of a topic."""

    form: str = ""
    page_id: int | None = None
    page_revision_id: int | None = None
    block_id: str = ""
    call_to_action_id: int | None = None
    variant: str = ""
    phase: str = ""
    subject: str = ""
    topic: str = ""


class StampError(Exception):
    """The form cannot be taken as it is. ``place`` is where it stood, as far as that is sure."""

    def __init__(self, place: Place | None = None):
        super().__init__()
        self.place = place


class TooOldError(StampError):
    """The stamp is missing, not ours, or from a page that was made too long ago."""


class TooQuickError(StampError):
    """Nobody reads and types this fast."""


def make_stamp(place: Place) -> str:
    known = {name: value for name, value in asdict(place).items() if value}
    return signing.TimestampSigner(salt=SALT).sign_object(known, compress=True)


def read_stamp(stamp: str) -> Place:
    """Return where a form stood.

    :raises TooOldError: it is not one of ours, or older than the settings allow
    :raises TooQuickError: it was made a moment ago
    """
    signer = signing.TimestampSigner(salt=SALT)
    try:
        place = _place_of(signer.unsign_object(stamp))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise TooOldError from error
    if not _is_younger(signer, stamp, newsroom_settings.FORM_MAX_SECONDS):
        raise TooOldError(place)
    if _is_younger(signer, stamp, newsroom_settings.FORM_MIN_SECONDS):
        raise TooQuickError(place)
    return place


def _place_of(facts: dict) -> Place:
    """Take what this version knows: the stamp may be from another one."""
    known = {field.name for field in fields(Place)}
    return Place(**{name: value for name, value in facts.items() if name in known})


def _is_younger(signer: signing.TimestampSigner, stamp: str, seconds: float) -> bool:
    if not seconds:
        return False
    try:
        signer.unsign_object(stamp, max_age=seconds)
    except signing.SignatureExpired:
        return False
    return True
