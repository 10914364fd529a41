"""The texts of the demonstration, all written for it. One file for each long story."""

from newsroom.project.demo.stories.briefs import BRIEFS
from newsroom.project.demo.stories.pieces import Shelf, Story
from newsroom.project.demo.stories.race_2020 import RACE_2020
from newsroom.project.demo.stories.race_2024 import RACE_2024

# A story may link to those before it.
STORIES: tuple[Story, ...] = (*BRIEFS, RACE_2020, RACE_2024)

__all__ = ["STORIES", "Shelf", "Story"]
