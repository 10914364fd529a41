"""Whether two documents say the same, whatever their spelling."""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from elections.counting.results import Report

_COSMETIC: Final = frozenset({"counted_at", "group", "order"})
"""Where a contest stands on the source's page, and when the page was made."""


def fingerprint(report: Report) -> str:
    """Return a hash that is the same for documents that say the same.

    The order of contests and candidates, the groups they stand in, and blanks in texts
    do not count; every other field does, also one that only its provider has.
    """
    return hashlib.sha256(_canonical(report).encode()).hexdigest()


def _canonical(value: object) -> str:
    if isinstance(value, msgspec.Struct):
        fields = (field for field in value.__struct_fields__ if field not in _COSMETIC)
        return f"({','.join(f'{name}={_canonical(getattr(value, name))}' for name in fields)})"
    if isinstance(value, tuple):
        parts = [_canonical(part) for part in value]
        is_of_structs = bool(value) and isinstance(value[0], msgspec.Struct)
        return f"[{','.join(sorted(parts) if is_of_structs else parts)}]"
    return repr(" ".join(value.split())) if isinstance(value, str) else repr(value)
