"""Who may sign in to the demonstration, and who is named in its bylines."""

from __future__ import annotations

from io import StringIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils.translation import gettext_lazy as _

from newsroom.models import Author
from newsroom.roles import EDITORS, NEWSLETTER_MANAGERS, REPORTERS

# Made by the elections apps.
DESK = ("Election editors", "Election desk")
CHIEFS = ("Election desk chiefs",)

LOGINS = [
    ("admin", "admin", _("may do everything")),
    ("editor", "editor", _("writes and publishes stories, newsletters and asks")),
    ("desk", "desk", _("names races, makes and takes back calls")),
    ("chief", "chief", _("approves calls, freezes races, has the last word on counts")),
    ("reporter", "reporter", _("writes drafts, cannot publish")),
]

GROUPS_OF = {
    "editor": (EDITORS, NEWSLETTER_MANAGERS),
    "desk": DESK,
    "chief": CHIEFS,
    "reporter": (REPORTERS,),
}


AUTHORS = [
    ("ana-ruiz", "Ana Ruiz", _("education reporter")),
    ("daniel-okafor", "Daniel Okafor", _("politics reporter")),
    ("mei-tanaka", "Mei Tanaka", _("schools reporter")),
]
BIOGRAPHY = _("Writes for this demonstration, and exists only in it.")


def make_authors() -> dict[str, Author]:
    authors = {}
    for slug, name, role in AUTHORS:
        facts = {"name": name, "role": str(role), "bio": str(BIOGRAPHY)}
        authors[slug], _created = Author.objects.get_or_create(slug=slug, defaults=facts)
    return authors


def make_users() -> None:
    """Make the accounts and their groups. An account that exists keeps its password and rights."""
    for command in ("create_newsroom_roles", "create_election_roles"):
        call_command(command, stdout=StringIO())
    users = get_user_model().objects
    for name, password, _role in LOGINS:
        if users.filter(username=name).exists():
            continue
        make = users.create_user if name in GROUPS_OF else users.create_superuser
        user = make(username=name, password=password)
        user.groups.set(Group.objects.filter(name__in=GROUPS_OF.get(name, [])))
