"""Who may sign in to the demonstration, and who is named in its bylines."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from newsroom.models import Author

EDITORS = "Story editors"
REPORTERS = "Reporters"
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

GROUPS_OF = {"editor": (EDITORS,), "desk": DESK, "chief": CHIEFS, "reporter": (REPORTERS,)}


@dataclass(frozen=True)
class Rights:
    """What a group may do with pages below the home page, with pictures, and with models."""

    pages: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


EDITABLE = ("add", "change", "delete")
RIGHTS = {
    EDITORS: Rights(
        pages=("add_page", "change_page", "publish_page"),
        pictures=("add_image", "change_image", "choose_image"),
        models=(
            *(f"newsroom.{action}_author" for action in EDITABLE),
            *(f"newsroom_calls_to_action.{action}_calltoaction" for action in EDITABLE),
            *(f"newsroom_newsletters.{action}_newsletter" for action in EDITABLE),
            "newsroom_newsletters.view_subscription",
        ),
    ),
    REPORTERS: Rights(pages=("add_page",), pictures=("add_image", "choose_image")),
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


def make_users(home: Page) -> None:
    """Make the accounts and their groups. An account that exists keeps its password and rights."""
    for name, rights in RIGHTS.items():
        grant(Group.objects.get_or_create(name=name)[0], rights, home)
    call_command("create_election_roles", stdout=StringIO())
    users = get_user_model().objects
    for name, password, _role in LOGINS:
        if users.filter(username=name).exists():
            continue
        make = users.create_user if name in GROUPS_OF else users.create_superuser
        user = make(username=name, password=password)
        user.groups.set(Group.objects.filter(name__in=GROUPS_OF.get(name, [])))


def grant(group: Group, rights: Rights, home: Page) -> None:
    group.permissions.add(permission("wagtailadmin.access_admin"))
    group.permissions.add(*map(permission, rights.models))
    for codename in rights.pages:
        GroupPagePermission.objects.get_or_create(
            group=group, page=home.page_ptr, permission=permission(f"wagtailcore.{codename}")
        )
    for codename in rights.pictures:
        GroupCollectionPermission.objects.get_or_create(
            group=group,
            collection=Collection.get_first_root_node(),
            permission=permission(f"wagtailimages.{codename}"),
        )


def permission(label: str) -> Permission:
    app_label, codename = label.split(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)
