"""Fills an empty site with the demonstration, all of it or nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from newsroom.project.demo.asks import make_asks
from newsroom.project.demo.drafts import make_drafts
from newsroom.project.demo.pages import Shelves, make_home, make_pages, make_statewide_page
from newsroom.project.demo.people import make_authors, make_users, make_workflow
from newsroom.project.demo.pictures import make_pictures
from newsroom.project.demo.races import find_source, make_election, read_documents
from newsroom.project.demo.spanish import make_spanish
from newsroom.project.demo.statewide import make_statewide_race


def load(stdout: Any) -> None:
    """Load the demonstration once; a site that has it is left as its editors made it."""
    read_documents()
    if find_source() is not None:
        stdout.write("    It was loaded before, and stays as it is.")
        return
    with transaction.atomic():
        home = make_home()
        shelves = Shelves(
            authors=make_authors(),
            images=make_pictures(),
            asks=make_asks(),
            contests=make_election(),
        )
        make_pages(home, shelves)
        make_statewide_page(make_statewide_race())
        make_spanish(home, shelves)
        make_users()
        make_workflow(home)
        make_drafts(shelves)
    stdout.write(f"    {len(shelves.pages)} pages and {len(shelves.contests)} races.")
