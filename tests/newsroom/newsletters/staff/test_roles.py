"""Who may open which page of newsletter staff, cell by cell."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse

from newsroom.newsletters.models import ImportBatch, Issue, SavedFilter, SyncedList
from newsroom.roles import RIGHTS, create_roles
from tests.newsroom.newsletters.people import sign_up

pytestmark = pytest.mark.django_db

ROLES = ("anonymous", "reporter", "editor", "staff", "manager", "admin")
STAFF = ("staff", "manager", "admin")
MANAGERS = ("manager", "admin")
READERS = ("editor", "staff", "manager", "admin")

# The roles that open a page. Everybody else is sent to the log-in or refused.
PAGES = {
    "newsroom_subscribers": {
        "index": STAFF,
        "index_results": STAFF,
        "find": STAFF,
        "numbers": STAFF,
        "export": MANAGERS,
        "bulk": STAFF,
        "ask_filter": STAFF,
        "save_filter": STAFF,
        "drop_filter": (),
        "person": STAFF,
        "erase": MANAGERS,
        "act": STAFF,
        "evidence": MANAGERS,
        "imports": STAFF,
        "import": STAFF,
        "import_meaning": STAFF,
        "import_act": STAFF,
        "sync": STAFF,
        "connect": MANAGERS,
        "reconnect": MANAGERS,
        "compare": STAFF,
        "issues": STAFF,
        "make_issue": STAFF,
        "issue": STAFF,
        "issue_mail": STAFF,
        "issue_act": STAFF,
    },
    "wagtailsnippets_newsroom_newsletters_newsletter": {
        "list": READERS,
        "list_results": READERS,
        "add": STAFF,
        "edit": STAFF,
        "delete": MANAGERS,
    },
}
POSTS = {
    "find",
    "bulk",
    "ask_filter",
    "save_filter",
    "drop_filter",
    "act",
    "evidence",
    "import_act",
    "compare",
    "issue_act",
}
# Opened by its owner alone; others of the staff are told that it is not there.
ABSENT = {"drop_filter": STAFF}


@pytest.fixture
def targets(morning, evening, now, django_user_model) -> dict[str, Any]:
    person = sign_up(morning, now=now)
    owner = django_user_model.objects.create_user("owner")
    saved = SavedFilter.objects.create(user=owner, name="Mine", query="state=pending")
    batch = ImportBatch.objects.create(file_name="list.csv", columns=["email"])
    synced = SyncedList.objects.create(newsletter=morning, service="mailchimp", remote_id="a1")
    issue = Issue.objects.create(
        newsletter=morning, synced_list=synced, page_number=1, revision_number=1, headline="Vote"
    )
    return {
        "issue": (issue.pk,),
        "issue_mail": (issue.pk,),
        "issue_act": (issue.pk, "send"),
        "reconnect": (synced.pk,),
        "compare": (synced.pk,),
        "import": (batch.pk,),
        "import_meaning": (batch.pk,),
        "import_act": (batch.pk, "start"),
        "person": (person.pk,),
        "erase": (person.pk,),
        "act": (person.pk, "pause"),
        "evidence": (person.pk, "json"),
        "bulk": ("add",),
        "drop_filter": (saved.pk,),
        "edit": (morning.pk,),
        "delete": (evening.pk,),
    }


def outcome(response: HttpResponse) -> str:
    if response.status_code == 302 and response.url.startswith(reverse("wagtailadmin_login")):
        return "log in"
    if response.status_code == 302 and response.url == reverse("wagtailadmin_home"):
        return "refused"
    return {200: "opened", 302: "opened", 404: "absent"}[response.status_code]


def open_page(client: Client, namespace: str, page: str, targets: dict[str, Any]) -> HttpResponse:
    url = reverse(f"{namespace}:{page}", args=targets.get(page, ()))
    return client.post(url) if page in POSTS else client.get(url)


def expected(role: str, page: str, opened_by: tuple[str, ...]) -> str:
    if role in opened_by:
        return "opened"
    if role in ABSENT.get(page, ()):
        return "absent"
    return "log in" if role == "anonymous" else "refused"


class TestPages:
    @pytest.mark.parametrize("role", ROLES)
    def test_open_for_whom_they_should(self, as_user, targets, role):
        client = as_user(role)
        found = {
            f"{namespace}:{page}": outcome(open_page(client, namespace, page, targets))
            for namespace, pages in PAGES.items()
            for page in pages
        }
        assert found == {
            f"{namespace}:{page}": expected(role, page, opened_by)
            for namespace, pages in PAGES.items()
            for page, opened_by in pages.items()
        }

    def test_are_all_in_the_table(self):
        for namespace, pages in PAGES.items():
            if not namespace.startswith("newsroom_"):
                continue
            resolver = get_resolver().namespace_dict[namespace][1]
            names = {pattern.name for pattern in resolver.url_patterns}
            assert names == set(pages)


class TestCreateRoles:
    def test_can_be_repeated(self, capsys):
        call_command("create_newsroom_roles")
        first = {group.name: group.permissions.count() for group in create_roles()}
        assert set(first) == set(RIGHTS)
        assert {group.name: group.permissions.count() for group in create_roles()} == first
        assert "Newsletter managers" in capsys.readouterr().out

    def test_let_reporters_write_and_editors_publish(self):
        reporters, editors, *_others = create_roles()
        names = {p.permission.codename for p in reporters.page_permissions.all()}
        assert names == {"add_page", "change_page"}
        assert "publish_page" in {p.permission.codename for p in editors.page_permissions.all()}
