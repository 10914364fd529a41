"""Bytes in, report out: one provider, one file."""

from __future__ import annotations

from elections.feeds import lac_json
from elections.feeds.contract import Provider

PROVIDERS: dict[str, Provider] = {
    lac_json.name: lac_json,
}
"""Every provider by the name that a source's row stores."""


def get_provider(name: str) -> Provider:
    """Return the provider of that name.

    :raises LookupError: no provider has this name.
    """
    try:
        return PROVIDERS[name]
    except KeyError:
        known = ", ".join(sorted(PROVIDERS))
        raise LookupError(
            f"There is no feed provider named “{name}”. Choose one of: {known}."
        ) from None
