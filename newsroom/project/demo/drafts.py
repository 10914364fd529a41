"""What is not public yet: a story that is promised, and one that waits for an editor."""

from __future__ import annotations

import json
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from newsroom.editing.starting import BEGINNINGS, start
from newsroom.pages.models import SectionPage, StoryPage, StorySubjectLink
from newsroom.project.demo.pages import Shelves
from newsroom.project.demo.stories.pieces import text

PROMISED = "What the next release changes in District 3"
HANDED_IN = "Measure US needs 55%: How the school bond stands"


def make_drafts(shelves: Shelves) -> None:
    reporter = get_user_model().objects.get(username="reporter")
    section = SectionPage.objects.get(slug="education", locale__language_code="en")
    promise(section, shelves, reporter)
    hand_in(section, shelves, reporter)


def promise(section: SectionPage, shelves: Shelves, reporter: AbstractBaseUser) -> None:
    """Begin a story from a template, as it is before anything is written."""
    page = StoryPage(title=PROMISED, due_at=timezone.now() + timedelta(hours=4))
    race = str(shelves.contests["lausd-3"].pk)
    start(BEGINNINGS["result"], page, parent=section, subject=race, user=reporter)


def hand_in(section: SectionPage, shelves: Shelves, reporter: AbstractBaseUser) -> None:
    shelf = shelves.shelf()
    body = [
        text(
            "Measure US would let the district borrow $9 billion for its schools. Bonds of this "
            "kind need 55% of the vote, not half of it."
        ),
        shelf.result("measure-us"),
    ]
    page = StoryPage(title=HANDED_IN, body=json.dumps(body), owner=reporter, live=False)
    race = str(shelves.contests["measure-us"].pk)
    page.subject_links = [StorySubjectLink(subject=race, role="result")]
    section.add_child(instance=page)
    page.save_revision(user=reporter)
    page.get_workflow().start(page, reporter)
