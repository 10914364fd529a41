"""Addresses that their owners throw away after one mail. A site may refuse them."""

from functools import lru_cache
from pathlib import Path

from newsroom.conf import newsroom_settings


def is_disposable(address: str) -> bool:
    """Whether the address, or the domain above its own, is on the site's list."""
    listed = newsroom_settings.DISPOSABLE_DOMAINS
    domains = _read(str(listed)) if isinstance(listed, str | Path) else frozenset(listed)
    parts = address.rpartition("@")[2].lower().rstrip(".").split(".")
    return any(".".join(parts[start:]) in domains for start in range(len(parts)))


@lru_cache(maxsize=4)
def _read(path: str) -> frozenset[str]:
    """Read a file with one domain in each line; ``#`` begins a remark. It is read once."""
    if not path:
        return frozenset()
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return frozenset(domain for line in lines if (domain := line.partition("#")[0].strip().lower()))
