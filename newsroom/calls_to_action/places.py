"""The signed mark of an ask in a page: what browsers send back when it was seen or followed.

It needs no session and no look into the database: what is signed was shown. It holds no time, so
that pages may be kept by caches for days. It is letters, digits, ``-`` and ``_``, and short
enough for the reference that donation pages keep with a gift and hand back.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from django.core import signing

SALT = "newsroom.calls_to_action.places"
SIGNER = signing.Signer(salt=SALT)
SIGNATURE_LENGTH = 43
LONGEST = 1000


@dataclass(frozen=True, kw_only=True)
class AskPlace:
    """Where an ask stood and in which words. 0 and blank: there was none.

    The order of the fields is that of the mark: put new ones at the end.
    """

    call_to_action_id: int
    variant: str = ""
    block_id: str = ""
    page_id: int = 0
    page_revision_id: int = 0
    subject: str = ""
    phase: str = ""


_NAMES = [field.name for field in fields(AskPlace)]


def sign_place(place: AskPlace) -> str:
    facts = json.dumps(list(asdict(place).values()), separators=(",", ":"))
    packed = signing.b64_encode(facts.encode()).decode()
    return packed + SIGNER.signature(packed)


def read_place(token: str) -> AskPlace | None:
    """Return what was signed; None for anything else."""
    if len(token) > LONGEST:
        return None
    packed, signature = token[:-SIGNATURE_LENGTH], token[-SIGNATURE_LENGTH:]
    try:
        SIGNER.unsign(f"{packed}{SIGNER.sep}{signature}")
        facts = json.loads(signing.b64_decode(packed.encode()))
        return AskPlace(**dict(zip(_NAMES, facts, strict=False)))
    except (signing.BadSignature, ValueError, TypeError):
        return None
