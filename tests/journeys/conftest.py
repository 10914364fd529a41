"""Whole stories: the newsroom's fixtures and the elections' together."""

from tests.elections.conftest import election, night, results_folder, source
from tests.newsroom.conftest import home, make_story, newsletter, section

__all__ = [
    "election",
    "home",
    "make_story",
    "newsletter",
    "night",
    "results_folder",
    "section",
    "source",
]
