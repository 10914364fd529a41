"""Published results where no file server stands in front: the same bytes, from the rows."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from elections.models import Edition, Election, Published
from elections.widgets.files import Manifest

FRESH = {"public": True, "max_age": 5, "stale_while_revalidate": 60, "stale_if_error": 86400}


def conditional(request: HttpRequest, body: str, *, etag: str, content_type: str) -> HttpResponse:
    """Answer with ``body``, or 304 when the reader has it already."""
    quoted = quote_etag(etag)
    response = HttpResponse(body, content_type=content_type)
    response["ETag"] = quoted
    patch_cache_control(response, **FRESH)
    return get_conditional_response(request, etag=quoted, response=response)


def published_etag(published: Published) -> str:
    return f"{published.version}-{published.etag[:16]}"


@require_safe
def manifest(request: HttpRequest, election_id: int) -> HttpResponse:
    if not Election.objects.filter(pk=election_id).exists():
        raise Http404
    body = Manifest.of(election_id).as_text()
    return conditional(request, body, etag=text_etag(body), content_type="application/json")


@require_safe
def fragment(request: HttpRequest, contest_id: int, language: str = "") -> HttpResponse:
    published, said = _published(contest_id, language)
    return conditional(
        request,
        said.html,
        etag=published_etag(published),
        content_type="text/html; charset=utf-8",
    )


@require_safe
def payload(request: HttpRequest, contest_id: int, language: str = "") -> HttpResponse:
    published, said = _published(contest_id, language)
    return conditional(
        request,
        said.payload,
        etag=published_etag(published),
        content_type="application/json",
    )


def _published(contest_id: int, language: str) -> tuple[Published, Edition]:
    """Return the row and its words in a language, "" for the site's own.

    :raises Http404: it is not published, or not in that language.
    """
    published = get_object_or_404(Published, pk=contest_id)
    said = published.edition(language)
    if said.language != language:
        raise Http404
    return published, said


def text_etag(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:32]
