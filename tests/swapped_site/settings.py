"""A site that existed before the newsroom came: its own base page, its own story page.

``WITH_ELECTIONS=1`` adds the guest; either way the ready-made pages stay out.
"""

import os

# ruff: noqa: F403, F405
from newsroom.project.settings.test import *

HAS_ELECTIONS = os.environ.get("WITH_ELECTIONS") == "1"
LEFT_OUT = {"newsroom.project", "newsroom.pages", "elections.pages"}
if not HAS_ELECTIONS:
    LEFT_OUT.add("elections")

INSTALLED_APPS = [
    "tests.swapped_site.house",
    "tests.swapped_site.stories",
    *(app for app in INSTALLED_APPS if app not in LEFT_OUT),
]
WAGTAIL_PAGE_MODEL = "house.HousePage"
NEWSROOM_STORY_MODEL = "house_stories.HouseStory"
ROOT_URLCONF = "tests.swapped_site.urls"

if not HAS_ELECTIONS:
    NEWSROOM_STORY_BLOCKS = []
    NEWSROOM_SUBJECTS = ""
    NEWSROOM_TEXT_FEATURES = []
    NEWSROOM_TOPIC_PROVIDER = NEWSROOM_PHASE_PROVIDER = ""
    STORAGES = {name: spec for name, spec in STORAGES.items() if name != "elections_results"}
