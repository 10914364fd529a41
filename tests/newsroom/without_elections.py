"""Settings of a site that has the host and its ready-made pages, and no guest."""

# ruff: noqa: F403, F405
from newsroom.project.settings.test import *

INSTALLED_APPS = [
    app for app in INSTALLED_APPS if not app.startswith("elections") and app != "newsroom.project"
]
ROOT_URLCONF = "tests.swapped_site.urls"
NEWSROOM_STORY_BLOCKS = []
NEWSROOM_SUBJECTS = ""
NEWSROOM_TEXT_FEATURES = []
NEWSROOM_TOPIC_PROVIDER = NEWSROOM_PHASE_PROVIDER = ""
STORAGES = {name: spec for name, spec in STORAGES.items() if name != "elections_results"}
