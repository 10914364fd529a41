"""Who may sign in to the demonstration, and who is named in its bylines."""

from __future__ import annotations

from io import StringIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils.translation import gettext_lazy as _
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

from newsroom import roles
from newsroom.models import Author

# Made by the elections apps.
READS_RACES = "Election viewers"
DESK = ("Election editors", "Election desk")
CHIEFS = ("Election desk chiefs",)

LOGINS = [
    ("admin", "admin", _("may do everything")),
    ("editor", "editor", _("writes and publishes stories, newsletters and asks")),
    ("reporter", "reporter", _("writes drafts and hands them in, cannot publish")),
    ("letters", "letters", _("looks after newsletters and who gets them")),
    ("desk", "desk", _("names races, makes and takes back calls")),
    ("chief", "chief", _("approves calls, freezes races, has the last word on counts")),
]

GROUPS_OF = {
    "editor": (roles.EDITORS, roles.NEWSLETTER_MANAGERS, READS_RACES),
    "reporter": (roles.REPORTERS, READS_RACES),
    "letters": (roles.NEWSLETTER_STAFF,),
    "desk": DESK,
    "chief": CHIEFS,
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


def make_workflow(home: Page) -> None:
    """Let an editor read what a reporter hands in, before readers do."""
    task = GroupApprovalTask.objects.create(name="An editor reads it")
    task.groups.set(Group.objects.filter(name=roles.EDITORS))
    workflow = Workflow.objects.create(name="Two pairs of eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=home.page_ptr)
