"""The settings of the newsroom apps, with their defaults.

Read through ``newsroom_settings`` at the moment they are needed, so that a test or a site may
change them late: ``newsroom_settings.EMBED_HOSTS`` is Django's ``NEWSROOM_EMBED_HOSTS``.
"""

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    # Blocks of other apps that may stand in a story: [(key, "dotted.path.ToBlock"), ...].
    "STORY_BLOCKS": [],
    # Says what stories may be about: "dotted.path.ToSubjects", see newsroom.subjects.
    "SUBJECTS": "",
    # The page type whose pages stand in lists, feeds and sitemaps.
    "STORY_MODEL": "newsroom_pages.StoryPage",
    # Tools of other apps in the editor of paragraphs, by the names of their rich text features.
    "TEXT_FEATURES": [],
    # A module with further ways to preview a story, see newsroom.previews.
    "PREVIEW_PROVIDER": "",
    # Hosts whose frames may stand in a story. The site's Content-Security-Policy needs the same
    # list in frame-src.
    "EMBED_HOSTS": [
        "www.youtube.com",
        "www.youtube-nocookie.com",
        "player.vimeo.com",
        "datawrapper.dwcdn.net",
        "e.infogram.com",
        "flo.uri.sh",
        "embed.documentcloud.org",
        "w.soundcloud.com",
        "open.spotify.com",
    ],
    # Lets an embed stand in a private network when it is checked. For tests.
    "EMBED_PRIVATE_NETWORKS": False,
    # How long caches may keep a public page, in seconds.
    "PAGE_CACHE": {
        "max-age": 15,
        "s-maxage": 30,
        "stale-while-revalidate": 60,
        "stale-if-error": 86_400,
    },
    # Seconds for which the sections in the head of every page are remembered.
    "CHROME_CACHE_SECONDS": 60,
    # Says on every page that this is a demonstration.
    "DEMONSTRATION": False,
    # Newsletter forms accepted from one network (IPv4 /24, IPv6 /64) in one window.
    "SIGNUP_LIMIT": 30,
    "SIGNUP_WINDOW_SECONDS": 600,
    # Forms of one address that are written down in a day. The others get the same answer.
    "ADDRESS_LIMIT": 20,
    # Forms in ten minutes from which on staff are told.
    "SIGNUP_SPIKE": 300,
    # How soon after its page was made a form is believed, and for how long, in seconds.
    "FORM_MIN_SECONDS": 2,
    "FORM_MAX_SECONDS": 8 * 86_400,
    # Domains of throw-away addresses that are refused: a list, or the path of a file.
    "DISPOSABLE_DOMAINS": "",
    # Keys for what is known of an address after its owner is gone, and for unsubscribe links. The
    # first makes new ones, the others still know old ones. Empty: Django's SECRET_KEY.
    "NEWSLETTER_KEYS": [],
    # Where our mails send readers, like https://news.example.org. Empty: Wagtail's default site.
    "PUBLIC_URL": "",
    # Says what readers may follow: "dotted.path.to.function", see newsroom.newsletters.topics.
    "TOPIC_PROVIDER": "",
    # Says how far the race of a page is: "dotted.path.to.function", see
    # newsroom.calls_to_action.phases.
    "PHASE_PROVIDER": "",
    # How many asks a reader's browser shows, of all kinds together.
    "ASKS_PER_VISIT": 3,
    "ASKS_PER_WEEK": 8,
    # Reports of asks seen and followed that are taken from one network in a minute.
    "BEACON_LIMIT": 600,
    # Redis in which they are counted until they are written to rows. Empty: rows at once.
    "COUNTER_REDIS_URL": "",
    # Hosts to which donors may be sent. Empty: any.
    "DONATION_HOSTS": [],
    # Keys with which the donation page signs that somebody gave. Empty: nothing is believed.
    "DONATION_KEYS": [],
    # For how long a browser remembers that its reader gave.
    "DONOR_DAYS": 365,
    # Slug of the newsletter that people are invited to when a topic's alerts end by their date.
    "TOPIC_INVITATION": "",
    # For how long a signup may be confirmed, when it is reminded of, and what one address gets.
    "CONFIRM_DAYS": 7,
    "REMIND_AFTER_DAYS": 3,
    "CONFIRMATIONS_PER_ADDRESS": 3,
    "CONFIRMATION_HOURS": 24,
    # How long a link to the preferences works, in minutes.
    "PREFERENCE_MINUTES": 60,
    # All mails together that forms may cause in an hour. What is more waits; no signup is lost.
    "FORM_MAILS_PER_HOUR": 3000,
    # Who is told when signups pile up: addresses.
    "NEWSLETTER_STAFF": [],
    # Stands under every mail; many countries ask for it.
    "POSTAL_ADDRESS": "",
    # Newsletter services that mirror our lists: {"mailchimp": {"adapter": "dotted.path.Class",
    # "options": {...}}}, see newsroom.newsletters.syncing.contract.
    "NEWSLETTER_SERVICES": {},
    # Keys that sign reports of bounces and complaints. Empty: none are taken.
    "REPORT_KEYS": [],
    # Mail that comes back for now on so many days within so many days ends the subscriptions.
    "SOFT_BOUNCE_LIMIT": 3,
    "SOFT_BOUNCE_DAYS": 30,
    # How many proxies of ours stand in front and append to X-Forwarded-For. With 0 the header,
    # which anyone can write, is ignored.
    "TRUSTED_PROXIES": 0,
}


class AppSettings:
    """Django's settings of one prefix, each with a default, read when they are asked for."""

    def __init__(self, prefix: str, defaults: dict[str, Any]):
        self._prefix, self._defaults = prefix, defaults

    def __getattr__(self, name: str) -> Any:
        if name not in self._defaults:
            raise AttributeError(f"There is no setting {self._prefix}_{name}.")
        return getattr(settings, f"{self._prefix}_{name}", self._defaults[name])


newsroom_settings = AppSettings("NEWSROOM", DEFAULTS)
