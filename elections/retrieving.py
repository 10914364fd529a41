"""Asks a source: for what has changed where it can say that, for all of it otherwise."""

from __future__ import annotations

from functools import partial

from elections.conf import elections_settings
from elections.feeds import get_changes_retriever, get_provider, get_secret, http
from elections.feeds.contract import Get, Response
from elections.models import Fetch, Snapshot, Source


def open_door(source: Source, previous: Fetch | None = None) -> Get:
    """Return the door to the network, with the validators of the latest answer.

    :raises FeedError: the source's format needs a key, and there is none.
    """
    secret = get_secret(source.provider)
    key = getattr(elections_settings, secret.setting) if secret else ""
    return partial(
        http.get,
        headers=secret.as_headers(key) if secret else None,
        etag=previous.etag if previous else "",
        last_modified=previous.last_modified if previous else "",
        allow_private=elections_settings.ALLOW_PRIVATE_NETWORKS,
        contact=elections_settings.CONTACT,
    )


def retrieve(
    source: Source, standing: Snapshot | None, previous: Fetch | None, get: Get | None = None
) -> Response:
    """Fetch a source's document, whole in any case.

    ``standing`` is the document that stands, ``previous`` the latest answer that came whole, None
    where that is too long ago. ``get`` replaces the network.

    :raises FeedError: it could not be fetched.
    """
    response = _changes(source, standing, previous, get)
    if response is not None:
        return response
    has_changes = get_changes_retriever(source.provider) is not None
    if has_changes and previous and standing and previous.sha256 != standing.sha256:
        previous = None  # Its validators are not those of what stands.
    return get_provider(source.provider).retrieve(
        source.address, get or open_door(source, previous)
    )


def _changes(
    source: Source, standing: Snapshot | None, previous: Fetch | None, get: Get | None
) -> Response | None:
    """Ask for what has changed since the document that stands; None to ask for all of it.

    Only where the latest attempt ended with that very document: after a failure, a document that
    was held, refused or late, and a quarter of an hour after the last whole one, all is asked for.
    """
    retrieve_changes = get_changes_retriever(source.provider)
    if retrieve_changes is None or standing is None or previous is None:
        return None
    latest = Fetch.objects.filter(source=source).order_by("-pk").first()
    if latest is None or latest.sha256 != standing.sha256:
        return None
    return retrieve_changes(source.address, standing.body, get or open_door(source))
