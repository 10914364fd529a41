"""Bytes in, report out: one provider, one file."""

from __future__ import annotations

from elections.feeds import (
    ap,
    ca_sos,
    clarity,
    csv_feed,
    lac_json,
    lac_page,
    laist_results,
    nist_erd,
    oc_enr,
    rctab,
    typed,
)
from elections.feeds.contract import Provider, ReadDetails, RetrieveChanges, Secret

PROVIDERS: dict[str, Provider] = {
    ap.name: ap,
    ca_sos.name: ca_sos,
    clarity.name: clarity,
    csv_feed.name: csv_feed,
    lac_json.name: lac_json,
    lac_page.name: lac_page,
    laist_results.name: laist_results,
    nist_erd.name: nist_erd,
    oc_enr.name: oc_enr,
    rctab.name: rctab,
    typed.name: typed,
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


def get_secret(name: str) -> Secret | None:
    """Return what the provider needs besides an address, or None.

    :raises LookupError: no provider has this name.
    """
    secret: Secret | None = getattr(get_provider(name), "secret", None)
    return secret


def get_details_reader(name: str) -> ReadDetails | None:
    """Return what reads a count by place or by round; None where the documents have neither.

    :raises LookupError: no provider has this name.
    """
    reader: ReadDetails | None = getattr(get_provider(name), "read_details", None)
    return reader


def get_changes_retriever(name: str) -> RetrieveChanges | None:
    """Return what asks for changes alone; None where each answer is whole.

    :raises LookupError: no provider has this name.
    """
    retriever: RetrieveChanges | None = getattr(get_provider(name), "retrieve_changes", None)
    return retriever
