"""What a workflow or a schedule would publish stays a draft while it shows a test nobody ticked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    Page,
    PageLogEntry,
    Revision,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.test.utils.form_data import querydict_from_html

from elections.desk import audit
from elections.models import Contest, Election
from elections.pages.models import RacePage
from newsroom.pages.models import StoryPage

SAID = "This draft was to be published, and was not"
PANEL = "Tests held back"

# A page is asked for by its name, which hides from pytest-django that it needs the database.
pytestmark = pytest.mark.django_db


@pytest.fixture
def rehearsed(board: Contest) -> Contest:
    Election.objects.update(is_test=True)
    board.refresh_from_db()
    return board


@pytest.fixture
def race_page(rehearsed: Contest) -> RacePage:
    return add(RacePage(title="District 3", slug="district-3", contest=rehearsed, live=False))


@pytest.fixture
def story(rehearsed: Contest) -> StoryPage:
    story = StoryPage(title="Night", slug="night", live=False)
    story.body = [("live_result", {"contest": rehearsed, "size": "story"})]
    return add(story)


@pytest.fixture(params=["story", "race_page"])
def page(request) -> Page:
    """A draft of each kind that shows the test."""
    return request.getfixturevalue(request.param)


def add(page: Page) -> Page:
    Site.objects.get(is_default_site=True).root_page.add_child(instance=page)
    page.save_revision()
    return page


def hand_in(page: Page, user: User) -> None:
    task = GroupApprovalTask.objects.create(name="Read by an editor")
    task.groups.add(Group.objects.create(name="Readers of drafts"))
    workflow = Workflow.objects.create(name="Two pairs of eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowPage.objects.create(workflow=workflow, page=page.get_root())
    workflow.start(page, user)


def approve(client: Client, page: Page):
    state = page.current_workflow_state.current_task_state.pk
    url = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state])
    return client.post(url, {"comment": "Read it."}, follow=True)


def approve_in_the_editor(client: Client, page: Page):
    url = edit_url(page)
    form = querydict_from_html(client.get(url).content.decode(), form_id="page-edit-form")
    pressed = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    form.update({**pressed, "body-count": "0"})
    return client.post(url, form)


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def question(page: Page) -> str:
    return reverse("elections_rehearsals:publish", args=[page.pk])


def answer(client: Client, page: Page):
    revision = Page.objects.get(pk=page.pk).latest_revision_id
    return client.post(question(page), {"revision": revision, "is_meant": "on"}, follow=True)


def schedule(page: Page) -> None:
    """Plan it in the way of a workflow's approval or a program; an hour from now."""
    page.go_live_at = timezone.now() + timedelta(hours=1)
    page.save_revision().publish()


@contextmanager
def when_due() -> Iterator[None]:
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        call_command("publish_scheduled")
        yield


def is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


def logged(page: Page, action: str) -> int:
    return PageLogEntry.objects.filter(page=page.pk, action=action).count()


def home(client: Client) -> str:
    return client.get(reverse("wagtailadmin_home")).content.decode()


class TestAnApproval:
    def test_publishes_no_test(self, admin_client, admin_user, page, rehearsed) -> None:
        hand_in(page, admin_user)
        html = approve(admin_client, page).content.decode()
        assert not is_live(page)
        assert SAID in html
        assert question(page) in html
        entry = PageLogEntry.objects.get(page=page.pk, action=audit.WITHHELD)
        assert (entry.user, entry.data) == (admin_user, {"tests": [rehearsed.name]})
        assert rehearsed.name in entry.message

    def test_publishes_a_real_race(self, admin_client, admin_user, page) -> None:
        Election.objects.update(is_test=False)
        hand_in(page, admin_user)
        html = approve(admin_client, page).content.decode()
        assert is_live(page)
        assert SAID not in html
        assert PANEL not in home(admin_client)

    def test_publishes_what_readers_see_already(self, admin_client, admin_user, page) -> None:
        answer(admin_client, page)
        page = type(page).objects.get(pk=page.pk)
        page.title = "The third district"
        page.save_revision()
        hand_in(page, admin_user)
        approve(admin_client, page)
        assert Page.objects.get(pk=page.pk).title == "The third district"

    def test_in_the_editor_leads_to_the_question(self, admin_client, admin_user, race_page) -> None:
        hand_in(race_page, admin_user)
        response = approve_in_the_editor(admin_client, race_page)
        assert response["Location"] == question(race_page)
        assert not is_live(race_page)

    def test_is_followed_by_the_tick(self, admin_client, admin_user, page) -> None:
        hand_in(page, admin_user)
        approve(admin_client, page)
        answer(admin_client, page)
        assert is_live(page)
        assert SAID not in admin_client.get(edit_url(page)).content.decode()
        assert PANEL not in home(admin_client)


class TestASchedule:
    def test_of_a_test_is_not_made_without_the_tick(self, page) -> None:
        schedule(page)
        assert not Revision.objects.exclude(approved_go_live_at=None).exists()
        with when_due():
            assert not is_live(page)

    def test_does_not_publish_what_became_a_test_meanwhile(self, page) -> None:
        Election.objects.update(is_test=False)
        schedule(page)
        Election.objects.update(is_test=True)
        with when_due():
            assert not is_live(page)
            call_command("publish_scheduled")
        assert logged(page, audit.WITHHELD) == 1

    def test_publishes_a_real_race(self, page) -> None:
        Election.objects.update(is_test=False)
        schedule(page)
        with when_due():
            assert is_live(page)

    def test_publishes_a_test_that_was_ticked(self, admin_client, page) -> None:
        page.go_live_at = timezone.now() + timedelta(hours=1)
        page.save_revision()
        html = answer(admin_client, page).content.decode()
        assert "will be public when it is due" in html
        assert logged(page, audit.SHOWN_AS_TEST) == 1
        assert not is_live(page)
        assert PANEL not in home(admin_client)
        with when_due():
            assert is_live(page)

    def test_asks_again_for_another_draft_than_was_ticked(self, admin_client, page) -> None:
        answer(admin_client, page)
        page.refresh_from_db()
        page.unpublish()
        page.save_revision().publish()
        assert not is_live(page)


class TestTheFirstPage:
    @pytest.fixture(autouse=True)
    def _held(self, story) -> None:
        story.save_revision().publish()

    def test_lists_what_waits(self, admin_client, story) -> None:
        html = home(admin_client)
        assert PANEL in html
        assert question(story) in html

    def test_lists_it_after_another_draft_was_saved(self, admin_client, story) -> None:
        story.title = "A better headline"
        story.save_revision()
        assert "A better headline" in home(admin_client)

    def test_lists_no_draft_from_which_the_test_was_taken(self, admin_client, story) -> None:
        story.body = []
        story.save_revision()
        assert PANEL not in home(admin_client)

    def test_leads_to_the_editor_once_the_election_is_real(self, admin_client, story) -> None:
        Election.objects.update(is_test=False)
        html = home(admin_client)
        assert PANEL in html
        assert question(story) not in html
        html = admin_client.get(edit_url(story)).content.decode()
        assert SAID in html
        assert question(story) not in html

    def test_says_nothing_of_it_to_who_may_not_publish_it(self, editor: Client) -> None:
        assert PANEL not in home(editor)
