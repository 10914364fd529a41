"""Where a race can be followed, embedded and shared: every address, whole."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import PrefixNode
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.models import Site

from elections.models import Contest, Published
from elections.widgets.descriptions import describe

FRAME_WIDTH = 640
FRAME_HEIGHT = 480


@dataclass(frozen=True)
class Sharing:
    """The addresses of one published race, with scheme and host.

    ``text`` says the result in the words of its state, with the page's address.
    """

    title: str
    page_url: str
    embed_url: str
    script_url: str
    card_url: str
    atom_url: str
    json_url: str
    csv_url: str
    places_csv_url: str
    oembed_url: str
    text: str = ""

    @classmethod
    def of(cls, request: HttpRequest, contest: Contest, published: Published) -> Sharing:
        page_url = race_address(request, contest)
        query = urlencode({"url": page_url})
        return cls(
            title=contest.name,
            page_url=page_url,
            embed_url=address(request, "embed", contest.pk),
            script_url=embed_script(request),
            card_url=f"{address(request, 'card', contest.pk)}?v={published.version}",
            atom_url=address(request, "race_atom", contest.pk),
            json_url=address(request, "race_feed", contest.pk),
            csv_url=address(request, "race_csv", contest.pk),
            places_csv_url=address(request, "race_places", contest.pk),
            oembed_url=f"{address(request, 'oembed')}?{query}",
            text=f"{describe(published)} {page_url}",
        )

    @property
    def frame(self) -> SafeString:
        """The frame alone; the script of ``code`` would give it its height."""
        return frame(self.embed_url, self.title)

    @property
    def code(self) -> SafeString:
        """A link that becomes a frame: it is there without our script, too."""
        return format_html(
            '<p><a data-newsroom-result="{}" href="{}">{}</a></p>\n'
            '<script async src="{}"></script>',
            self.embed_url,
            self.page_url,
            _("%(race)s: the result") % {"race": self.title},
            self.script_url,
        )


def frame(
    embed_url: str, title: str, width: int = FRAME_WIDTH, height: int = FRAME_HEIGHT
) -> SafeString:
    return format_html(
        '<iframe data-newsroom-result src="{}" title="{}" width="{}" height="{}" '
        'loading="lazy" frameborder="0"></iframe>',
        embed_url,
        title,
        width,
        height,
    )


def address(request: HttpRequest, name: str, *arguments: int) -> str:
    return request.build_absolute_uri(reverse(f"elections:{name}", args=arguments))


def race_address(request: HttpRequest, contest: Contest) -> str:
    """Return the address of the race's page, or of its bare result while it has none."""
    page = getattr(contest, "race_page", None)
    path = page.get_url(request) if page is not None and page.live else None
    return request.build_absolute_uri(path) if path else address(request, "embed", contest.pk)


def election_address(request: HttpRequest, election: object) -> str:
    """Return the address of the election's page, or of the site while it has none."""
    page = getattr(election, "election_page", None)
    path = page.get_url(request) if page is not None and page.live else None
    return request.build_absolute_uri(path or "/")


def embed_script(request: HttpRequest) -> str:
    """Return the script's plain name, which other sites keep for years."""
    prefix = PrefixNode.handle_simple("STATIC_URL")
    return request.build_absolute_uri(f"{prefix}elections/embed.js")


def site_name(request: HttpRequest) -> str:
    site = Site.find_for_request(request)
    return (site and site.site_name) or getattr(settings, "WAGTAIL_SITE_NAME", "")
