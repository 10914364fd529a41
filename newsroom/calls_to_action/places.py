"""The signed mark of an ask in a page: what browsers send back when it was seen or followed.

It needs no session and no look into the database: what is signed was shown. It holds no time, so
that pages may be kept by caches for days.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from django.core import signing

SALT = "newsroom.calls_to_action.places"
LONGEST = 1000


@dataclass(frozen=True, kw_only=True)
class AskPlace:
    """Where an ask stood and in which words. 0 and blank: there was none."""

    call_to_action_id: int
    variant: str = ""
    block_id: str = ""
    page_id: int = 0
    page_revision_id: int = 0
    subject: str = ""
    phase: str = ""


_SHORT = {
    "call_to_action_id": "a",
    "variant": "v",
    "block_id": "b",
    "page_id": "p",
    "page_revision_id": "r",
    "subject": "s",
    "phase": "h",
}


def sign_place(place: AskPlace) -> str:
    known = {_SHORT[name]: value for name, value in asdict(place).items() if value}
    return signing.Signer(salt=SALT).sign_object(known)


def read_place(token: str) -> AskPlace | None:
    """Return what was signed; None for anything else."""
    if len(token) > LONGEST:
        return None
    try:
        found = signing.Signer(salt=SALT).unsign_object(token)
        return AskPlace(
            **{f.name: found[_SHORT[f.name]] for f in fields(AskPlace) if _SHORT[f.name] in found}
        )
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
