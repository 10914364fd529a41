"""A published result as it stands in a page: the fragment, and where to ask for newer ones."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.storage import storages
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from elections.conf import elections_settings
from elections.models import Published
from elections.widgets.files import STORAGE, fragment_name, manifest_name
from newsroom.languages import current_language, own_language


@dataclass(frozen=True)
class LiveResult:
    """What the custom element ``<live-result>`` needs.

    ``language`` is that of the words, "" for the site's own, which stands in for any that the
    result is not published in; ``lang`` then names it, where the page is in another one.
    ``size`` is story, full or line; ``interval`` is in seconds.
    """

    contest_id: int
    version: int
    html: SafeString
    manifest_url: str
    fragment_url: str
    is_final: bool
    language: str
    lang: str
    size: str
    interval: int

    @classmethod
    def of(cls, published: Published, election_id: int, *, size: str = "story") -> LiveResult:
        storage = storages[STORAGE]
        said = published.edition(get_language())
        return cls(
            contest_id=published.pk,
            version=published.version,
            # Rendered by our own template, with escaping on, when it was published.
            html=mark_safe(said.html),
            manifest_url=storage.url(manifest_name(election_id)),
            fragment_url=storage.url(fragment_name(published.pk, said.language)),
            is_final=published.is_final,
            language=said.language,
            lang="" if said.language or current_language() == own_language() else own_language(),
            size=size,
            interval=elections_settings.POLL_SECONDS,
        )
