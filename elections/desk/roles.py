"""Groups of people: who reads, who keeps the races, who decides, who has the last word."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

EDITORS = "Election editors"
VIEWERS = "Election viewers"
DESK = "Election desk"
CHIEFS = "Election desk chiefs"

ADMIN = "wagtailadmin.access_admin"
VIEW_EVERYTHING = tuple(
    f"elections.view_{model}"
    for model in (
        "alert",
        "ballotsremaining",
        "call",
        "contest",
        "correctionnote",
        "election",
        "externalidentifier",
        "freeze",
        "hold",
        "mute",
        "override",
        "phrase",
        "pin",
        "proposal",
        "recountrule",
        "source",
    )
)
DECIDE = (
    "elections.add_call",
    "elections.add_correctionnote",
    "elections.add_mute",
    "elections.add_override",
    "elections.change_hold",
)
DECIDE_ALONE = (
    "elections.add_freeze",
    "elections.add_pin",
    "elections.approve_proposal",
    "elections.certify_call",
    "elections.lower_override",
    "elections.release_winner_hold",
)
CHATS = tuple(f"elections.{action}_alertwebhook" for action in ("add", "change", "delete", "view"))
RIGHTS = {
    VIEWERS: (ADMIN, *VIEW_EVERYTHING),
    EDITORS: (
        ADMIN,
        *VIEW_EVERYTHING,
        *(
            f"elections.{action}_{model}"
            for model in ("election", "contest", "source", "recountrule")
            for action in ("add", "change", "delete")
        ),
        "elections.add_ballotsremaining",
        "elections.add_mute",
        "elections.add_phrase",
        "elections.change_phrase",
    ),
    DESK: (ADMIN, *VIEW_EVERYTHING, *DECIDE),
    CHIEFS: (ADMIN, *VIEW_EVERYTHING, *DECIDE, *DECIDE_ALONE, *CHATS),
}


@transaction.atomic
def create_roles() -> list[Group]:
    """Make the groups, or give them what they lack; nothing is taken away.

    :raises LookupError: a permission does not exist; migrate first.
    """
    groups = []
    for name, rights in RIGHTS.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*_find_permissions(rights))
        groups.append(group)
    return groups


def _find_permissions(rights: Iterable[str]) -> list[Permission]:
    wanted = Q(pk=None)
    for right in rights:
        app_label, codename = right.split(".")
        wanted |= Q(content_type__app_label=app_label, codename=codename)
    permissions = list(Permission.objects.filter(wanted).select_related("content_type"))
    found = {f"{p.content_type.app_label}.{p.codename}" for p in permissions}
    if missing := sorted(set(rights) - found):
        raise LookupError(f"These permissions do not exist: {', '.join(missing)}. Migrate first.")
    return permissions
