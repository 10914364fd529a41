from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from newsroom.newsletters.models import Newsletter
from newsroom.roles import (
    EDITORS,
    NEWSLETTER_MANAGERS,
    NEWSLETTER_STAFF,
    REPORTERS,
    create_roles,
)

GROUPS = {
    "reporter": REPORTERS,
    "editor": EDITORS,
    "staff": NEWSLETTER_STAFF,
    "manager": NEWSLETTER_MANAGERS,
}


@pytest.fixture
def as_user(db: None) -> Callable[[str], Client]:
    """Return a browser of somebody in a role: anonymous, admin, or one of the groups."""
    create_roles()

    def log_in(role: str) -> Client:
        client = Client(SERVER_NAME="localhost")
        if role == "anonymous":
            return client
        user = get_user_model().objects.create_user(role, is_superuser=role == "admin")
        if role in GROUPS:
            user.groups.add(Group.objects.get(name=GROUPS[role]))
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def manager(as_user) -> Client:
    return as_user("manager")


@pytest.fixture
def staff(as_user) -> Client:
    return as_user("staff")


@pytest.fixture
def morning(newsletter: Newsletter) -> Newsletter:
    return newsletter
