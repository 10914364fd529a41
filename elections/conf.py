"""The settings of the elections apps, with their defaults."""

from __future__ import annotations

from newsroom.conf import AppSettings

elections_settings = AppSettings(
    "ELECTIONS",
    {
        # Who a county's server can write to about our requests: an address or a page.
        "CONTACT": "",
        # Whether a feed may be fetched from a private network or from this machine.
        "ALLOW_PRIVATE_NETWORKS": False,
        # The key of the AP's Elections API, for sources of that format.
        "AP_API_KEY": "",
        # Seconds between two looks of a reader's page at the manifest.
        "POLL_SECONDS": 15,
        # Languages of results, as codes of LANGUAGES. Each costs its share of every publication,
        # and the site's own is always among them.
        "LANGUAGES": [],
    },
)
