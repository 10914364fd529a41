"""A result in another site's page: the framed page, and oEmbed to find it."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import swapper
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from elections.models import Contest, Published
from elections.widgets import sharing
from elections.widgets.card import HEIGHT, WIDTH
from elections.widgets.languages import Names
from elections.widgets.live import LiveResult
from elections.widgets.syndication import marked
from elections.widgets.views import conditional, text_etag
from newsroom.languages import address_in, language_at, own_language

swapper.set_app_prefix("wagtailcore", "wagtail")

# The only public page that others may frame; it has no link to a session, no form, no cookie.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)


@require_safe
def embed(request: HttpRequest, contest_id: int) -> HttpResponse:
    published = _published(contest_id)
    contest = published.contest
    context = {
        "contest": contest,
        "live": LiveResult.of(published, contest.election_id, size="story"),
        "page_url": sharing.race_address(request, contest),
        "site_name": sharing.site_name(request),
    }
    body = render_to_string("elections/embed.html", context)
    response = conditional(
        request, body, etag=text_etag(body), content_type="text/html; charset=utf-8"
    )
    response["Content-Security-Policy"] = POLICY
    response.xframe_options_exempt = True
    return response


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Answer which frame stands for a race's address (oembed.com, JSON only)."""
    if request.GET.get("format", "json") != "json":
        return _refused(501, _("Only JSON is spoken here. Ask with format=json."))
    contest_id = _contest_at(request, request.GET.get("url", ""))
    if contest_id is None:
        return _refused(404, _("No published race has this address. Ask with a race page’s."))
    with override(_language_of(request.GET["url"])):
        return _answer(request, contest_id)


def _language_of(url: str) -> str:
    return language_at(urlsplit(url).path)


def _answer(request: HttpRequest, contest_id: int) -> HttpResponse:
    published = _published(contest_id)
    addresses = sharing.Sharing.of(request, published.contest, published)
    width = min(_limit(request, "maxwidth"), sharing.FRAME_WIDTH)
    height = min(_limit(request, "maxheight"), _height(published))
    content = {
        "version": "1.0",
        "type": "rich",
        "title": marked(published.contest.election, published.contest.name),
        "provider_name": sharing.site_name(request),
        "provider_url": request.build_absolute_uri("/"),
        "cache_age": 300,
        "width": width,
        "height": height,
        "html": sharing.frame(addresses.embed_url, published.contest.name, width, height),
        "thumbnail_url": addresses.card_url,
        "thumbnail_width": WIDTH,
        "thumbnail_height": HEIGHT,
    }
    body = json.dumps(content, ensure_ascii=False)
    response = conditional(request, body, etag=text_etag(body), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _published(contest_id: int) -> Published:
    rows = Published.objects.select_related("contest__election")
    if hasattr(Contest, "race_page"):
        rows = rows.select_related("contest__race_page")
    published = get_object_or_404(rows, pk=contest_id)
    published.contest = Names.current().contest(published.contest)
    return published


def _refused(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"detail": sentence}, status=status)


def _limit(request: HttpRequest, name: str) -> int:
    """Return the most that the asking site has room for; nonsense is no limit."""
    text = request.GET.get(name, "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 100_000


def _height(published: Published) -> int:
    """Guess the height of the framed page, for sites that do not let it tell its own."""
    return 300 + 62 * len(json.loads(published.payload)["selections"])


def _contest_at(request: HttpRequest, url: str) -> int | None:
    """Return the published contest whose page, or whose framed page, has this address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != request.get_host().lower():
        return None
    path = address_in(own_language(), parts.path)
    contest_id = _framed_contest(path) or _contest_of_page(request, path)
    is_published = Published.objects.filter(pk=contest_id).exists()
    return contest_id if is_published else None


def _framed_contest(path: str) -> int | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match.kwargs["contest_id"] if match.view_name == "elections:embed" else None


def _contest_of_page(request: HttpRequest, path: str) -> int | None:
    if not hasattr(Contest, "race_page"):
        return None
    try:
        page = swapper.load_model("wagtailcore", "Page").find_for_request(request, path)
    except Http404:
        return None
    if page is None or not page.live or page.get_view_restrictions().exists():
        return None
    return Contest.objects.filter(race_page=page.pk).values_list("pk", flat=True).first()
