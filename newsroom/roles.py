"""Groups of people in a newsroom: who writes, who publishes, who looks after newsletters."""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Site

REPORTERS = "Newsroom reporters"
EDITORS = "Newsroom editors"
NEWSLETTER_STAFF = "Newsletter staff"
NEWSLETTER_MANAGERS = "Newsletter managers"

ADMIN = "wagtailadmin.access_admin"
LETTERS = "newsroom_newsletters"
ASKS = "newsroom_calls_to_action"


def _asks(models: Iterable[str], *actions: str) -> tuple[str, ...]:
    return tuple(f"{ASKS}.{action}_{model}" for model in models for action in actions)


# Words, places, silence and tests of asks; the address where gifts go is apart.
ASK_MODELS = ("calltoaction", "placement", "quiettime", "trial")
EVERY_ACTION = ("add", "change", "delete", "view")
LOOK_AFTER_LISTS = (
    ADMIN,
    *(f"{LETTERS}.{action}_newsletter" for action in ("add", "change", "view")),
    *(
        f"{LETTERS}.view_{model}"
        for model in ("subscriber", "subscription", "consentevent", "outgoingmail", "suppression")
    ),
    f"{LETTERS}.manage_subscriber",
    f"{LETTERS}.view_issue",
    f"{LETTERS}.send_issue",
    *_asks(ASK_MODELS, "add", "change", "view"),
    *_asks(["donationpage"], "view"),
)
RIGHTS = {
    REPORTERS: (ADMIN,),
    EDITORS: (
        ADMIN,
        *(f"newsroom.{action}_author" for action in EVERY_ACTION),
        *_asks([*ASK_MODELS, "donationpage"], *EVERY_ACTION),
        *(f"newsroom.{action}_topic" for action in EVERY_ACTION),
        f"{LETTERS}.view_newsletter",
    ),
    NEWSLETTER_STAFF: LOOK_AFTER_LISTS,
    NEWSLETTER_MANAGERS: (
        *LOOK_AFTER_LISTS,
        f"{LETTERS}.delete_newsletter",
        f"{LETTERS}.view_exportrecord",
        *(f"{LETTERS}.{action}_subscriber" for action in ("prove", "export", "erase")),
        *_asks([*ASK_MODELS, "donationpage"], *EVERY_ACTION),
    ),
}
# Where the ready-made pages are installed, whoever publishes also covers live.
LIVE = tuple(f"newsroom_pages.{action}_liveentry" for action in ("add", "change", "view"))
# What they may do to pages below the site's home page, and to files in the root collection.
PAGES = {REPORTERS: ("add", "change"), EDITORS: ("add", "change", "publish", "lock", "unlock")}
FILES = {REPORTERS: ("add", "choose"), EDITORS: ("add", "change", "choose")}


@transaction.atomic
def create_roles() -> list[Group]:
    """Make the groups, or give them what they lack; nothing is taken away.

    :raises LookupError: a permission does not exist; migrate first.
    """
    groups = {}
    for name, rights in RIGHTS.items():
        groups[name], _created = Group.objects.get_or_create(name=name)
        groups[name].permissions.add(*_find_permissions(rights))
    if apps.is_installed("newsroom.pages"):
        groups[EDITORS].permissions.add(*_find_permissions(LIVE))
    for name, actions in PAGES.items():
        _open_pages(groups[name], actions)
        _open_files(groups[name], FILES[name])
    return list(groups.values())


def _open_pages(group: Group, actions: Iterable[str]) -> None:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        return
    codenames = [f"{action}_page" for action in actions]
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=codenames
    ):
        GroupPagePermission.objects.get_or_create(
            group=group, page=site.root_page, permission=permission
        )


def _open_files(group: Group, actions: Iterable[str]) -> None:
    root = Collection.get_first_root_node()
    if root is None:
        return
    files = (("wagtailimages", "image"), ("wagtaildocs", "document"))
    rights = [f"{app}.{action}_{model}" for app, model in files for action in actions]
    for permission in _find_permissions(rights):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=root, permission=permission
        )


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
