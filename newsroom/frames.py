"""Which frames of other sites may stand in a story, and how their addresses are found.

What a provider sends is untrusted HTML. Only the address of its first frame is taken from it, and
only if its host is in ``NEWSROOM_EMBED_HOSTS``; the frame itself is written by our own script. The
page's address of the large providers says by itself where the frame is, and asks nobody.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

from newsroom.conf import newsroom_settings

LONGEST_ADDRESS = 1000
"""An address that is longer is kept by no row, and no provider has one."""
ASPECTS = {"16:9": 16 / 9, "4:3": 4 / 3, "1:1": 1.0, "9:16": 9 / 16}


@dataclass(frozen=True)
class Frame:
    """An allowed frame of another site."""

    src: str
    width: int = 640
    height: int = 360

    @property
    def aspect(self) -> str:
        """The nearest of a few proportions, by name: a page may hold no inline style."""
        ratio = self.width / self.height
        return min(ASPECTS, key=lambda name: abs(ASPECTS[name] - ratio))

    @property
    def host(self) -> str:
        return urlsplit(self.src).netloc.lower()


@dataclass(frozen=True)
class Provider:
    """A page's address and the frame that shows it: ``{0}`` is what the pattern found."""

    pattern: re.Pattern[str]
    frame: str
    width: int = 640
    height: int = 480


def _provider(pattern: str, frame: str, **size: int) -> Provider:
    return Provider(re.compile(r"https?://(?:www\.)?" + pattern), frame, **size)


FILM = {"width": 640, "height": 360}
PROVIDERS = (
    _provider(
        r"(?:youtube\.com/(?:watch\?(?:.*&)?v=|shorts/|live/|embed/)|youtu\.be/)([\w-]{6,20})",
        "https://www.youtube-nocookie.com/embed/{0}",
        **FILM,
    ),
    _provider(r"vimeo\.com/(\d+)", "https://player.vimeo.com/video/{0}?dnt=1", **FILM),
    _provider(
        r"(?:datawrapper\.dwcdn\.net|datawrapper\.de/_)/(\w{5,10})",
        "https://datawrapper.dwcdn.net/{0}/",
    ),
    _provider(
        r"(?:public\.flourish\.studio|flo\.uri\.sh)/(visualisation|story)/(\d+)",
        "https://flo.uri.sh/{0}/{1}/embed",
    ),
    _provider(r"(?:e\.)?infogram\.com/([\w-]+)", "https://e.infogram.com/{0}?src=embed"),
    _provider(
        r"(?:embed\.)?documentcloud\.org/documents/([\w-]+)",
        "https://embed.documentcloud.org/documents/{0}/?embed=1",
        width=480,
        height=640,
    ),
    _provider(
        r"open\.spotify\.com/(episode|show|track)/(\w+)",
        "https://open.spotify.com/embed/{0}/{1}",
        width=640,
        height=352,
    ),
)
SOUNDCLOUD = re.compile(r"https?://(?:www\.)?soundcloud\.com/[\w-]+/[\w-]+")


def frame_of(url: str) -> Frame | None:
    """Return the frame for a page of a provider that we know, or for an allowed address itself.

    None where the address does not say it, or its host is not allowed.
    """
    for provider in PROVIDERS:
        if found := provider.pattern.match(url):
            frame = Frame(provider.frame.format(*found.groups()), provider.width, provider.height)
            return frame if is_allowed(frame.src) else None
    if SOUNDCLOUD.match(url):
        frame = Frame(f"https://w.soundcloud.com/player/?url={quote(url, safe='')}", 640, 352)
        return frame if is_allowed(frame.src) else None
    return Frame(url, 640, 480) if is_allowed(url) else None


class FirstFrame(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe" and self.attributes is None:
            self.attributes = dict(attrs)


def read_frame(html: str) -> Frame | None:
    """Return the first frame in a provider's HTML, or None if there is none we allow."""
    parser = FirstFrame()
    parser.feed(html or "")
    attributes = parser.attributes or {}
    src = attributes.get("src") or ""
    if src.startswith("//"):
        src = f"https:{src}"
    if not is_allowed(src):
        return None
    return Frame(
        src=src,
        width=_pixels(attributes.get("width"), default=640),
        height=_pixels(attributes.get("height"), default=360),
    )


def is_allowed(address: str) -> bool:
    """Whether this address may stand in a frame: https, a listed host, nothing before the host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if len(address) > LONGEST_ADDRESS:
        return False
    return parts.scheme == "https" and parts.netloc.lower() in newsroom_settings.EMBED_HOSTS


def _pixels(text: str | None, *, default: int) -> int:
    """A width such as ``100%`` says nothing about proportions, so it counts as the default."""
    is_number = text and text.isascii() and text.isdigit() and len(text) < 6
    return int(text) or default if is_number else default


def fingerprint(url: str) -> str:
    """Return what an address is looked up by, however long it is."""
    return hashlib.sha256(url.encode()).hexdigest()
