"""What Wagtail does for its pages, it does for each kind of ours that editors write."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from newsroom.pages.models import LiveCoveragePage, SectionPage, StoryPage
from newsroom.roles import EDITORS, REPORTERS
from tests.elections.stories import make_section

KINDS = ["story", "live coverage", "race", "election"]


@pytest.fixture
def section(db) -> SectionPage:
    return make_section()


@pytest.fixture(params=KINDS)
def page(request, section, race_page, election_page):
    """A public page of each kind, as its type."""
    if request.param in {"race", "election"}:
        page = race_page if request.param == "race" else election_page
    else:
        model = StoryPage if request.param == "story" else LiveCoveragePage
        page = section.add_child(instance=model(title="The count", slug="count", live=False))
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


@pytest.fixture
def people(page) -> dict:
    call_command("create_newsroom_roles")
    users = {}
    for name in (REPORTERS, EDITORS):
        users[name] = get_user_model().objects.create_user(name)
        users[name].groups.set(Group.objects.filter(name=name))
    return users


@pytest.fixture
def handed_in(page, people):
    """The page with a change that its reporter has submitted to the editors."""
    task = GroupApprovalTask.objects.create(name="An editor reads it")
    task.groups.set(Group.objects.filter(name=EDITORS))
    workflow = Workflow.objects.create(name="Two pairs of eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=page.get_root())
    page.title = "A new title"
    page.save_revision(user=people[REPORTERS])
    return page.get_workflow().start(page, people[REPORTERS])


def decide(client, page, state, action: str) -> None:
    task = state.current_task_state.pk
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, task])
    client.post(url, {"comment": "Read it."})


def title(page) -> str:
    return type(page).objects.get(pk=page.pk).title


class TestAWorkflow:
    def test_publishes_what_an_editor_approves(self, client, page, people, handed_in):
        client.force_login(people[EDITORS])
        assert "A new title" in client.get(reverse("wagtailadmin_home")).content.decode()
        assert title(page) != "A new title"
        decide(client, page, handed_in, "approve")
        assert title(page) == "A new title"

    def test_sends_back_what_an_editor_rejects(self, client, page, people, handed_in):
        client.force_login(people[EDITORS])
        decide(client, page, handed_in, "reject")
        handed_in.refresh_from_db()
        assert handed_in.status == handed_in.STATUS_NEEDS_CHANGES
        assert title(page) != "A new title"

    def test_takes_no_approval_from_a_reporter(self, client, page, people, handed_in):
        client.force_login(people[REPORTERS])
        decide(client, page, handed_in, "approve")
        assert title(page) != "A new title"


class TestASchedule:
    def test_publishes_and_ends_by_itself(self, page):
        now, before = timezone.now(), page.title
        page.title = "Later"
        page.go_live_at, page.expire_at = now + timedelta(hours=1), now + timedelta(hours=3)
        page.save_revision().publish()
        assert title(page) == before
        with time_machine.travel(now + timedelta(hours=2), tick=False):
            call_command("publish_scheduled")
            assert title(page) == "Later"
        with time_machine.travel(now + timedelta(hours=4), tick=False):
            call_command("publish_scheduled")
            assert not type(page).objects.get(pk=page.pk).live


class TestRevisions:
    def test_are_compared(self, admin_client, page):
        page.title = "A changed title"
        page.save_revision()
        url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "earliest", "latest"])
        html = admin_client.get(url).content.decode()
        assert '<span class="addition">' in html
        assert "changed" in html

    def test_come_back_into_the_editor(self, admin_client, page):
        before, first = page.title, page.latest_revision
        page.title = "A mistake"
        page.save_revision()
        url = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk])
        form = admin_client.get(url).context["form"]
        assert form["title"].value() == before


class TestTheEditor:
    def test_offers_comments_checks_previews_and_saves_by_itself(self, admin_client, page):
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        html = admin_client.get(url).content.decode()
        for panel in ("comments", "checks", "preview", "status"):
            assert f'data-side-panel-toggle="{panel}"' in html, panel
        assert "data-w-autosave-interval-value" in html

    def test_is_shut_while_somebody_has_locked_the_page(self, client, page, people):
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        client.force_login(people[EDITORS])
        assert "Page locked" not in client.get(url).content.decode()
        page.locked, page.locked_by, page.locked_at = True, people[REPORTERS], timezone.now()
        page.save()
        assert "Page locked" in client.get(url).content.decode()
