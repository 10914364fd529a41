"""From a story to a sent issue, by the pages that newsletter staff use."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.rich_text import RichText

from newsroom.newsletters.models import Issue, SyncedList
from newsroom.newsletters.syncing.in_memory import InMemoryService

pytestmark = pytest.mark.django_db

ISSUES = "newsroom_subscribers:issues"
MAKE = "newsroom_subscribers:make_issue"


@pytest.fixture
def service(settings) -> type[InMemoryService]:
    InMemoryService.reset()
    path = "newsroom.newsletters.syncing.in_memory.InMemoryService"
    settings.NEWSROOM_NEWSLETTER_SERVICES = {"memory": {"adapter": path}}
    return InMemoryService


@pytest.fixture
def synced(morning, service) -> SyncedList:
    return SyncedList.objects.create(newsletter=morning, service="memory", remote_id="m1")


@pytest.fixture
def story(make_story):
    text = RichText("<p>The board votes.</p>")
    return make_story([("paragraph", text)], title="Board votes", slug="board-votes")


@pytest.fixture
def issue(staff, synced, story) -> Issue:
    staff.post(reverse(MAKE), {"synced_list": synced.pk, "address": story.full_url})
    return Issue.objects.get()


def act(client, issue: Issue, action: str, **facts: str) -> str:
    url = reverse("newsroom_subscribers:issue_act", args=[issue.pk, action])
    html = client.post(url, facts, follow=True).content.decode()
    issue.refresh_from_db()
    return html


def read(client, issue: Issue) -> str:
    url = reverse("newsroom_subscribers:issue", args=[issue.pk])
    return client.get(url).content.decode()


class TestIssues:
    def test_say_that_no_service_can_send(self, staff):
        for name in (ISSUES, MAKE):
            html = staff.get(reverse(name)).content.decode()
            assert "No newsletter is connected with a service that can send issues" in html
            assert "Make an issue</a>" not in html

    def test_say_what_to_do_first(self, staff, synced):
        html = staff.get(reverse(ISSUES)).content.decode()
        assert "No issue has been made yet." in html
        assert "Make an issue" in html

    def test_are_listed(self, staff, issue):
        html = staff.get(reverse(ISSUES)).content.decode()
        assert "Board votes" in html
        assert "Not at the service yet" in html


class TestMakeIssue:
    def test_says_why_a_draft_is_refused(self, staff, synced, story):
        story.unpublish()
        facts = {"synced_list": synced.pk, "address": story.full_url}
        assert "The story is not published" in staff.post(reverse(MAKE), facts).content.decode()
        assert not Issue.objects.exists()


class TestIssue:
    def test_is_saved_looked_at_and_sent_in_two_steps(self, staff, issue, service):
        assert f"issues/{issue.pk}/act/send" not in read(staff, issue)
        html = act(staff, issue, "save", subject="Late vote", preview_text="")
        assert "The service has it. It is not sent yet" in html
        assert f"issues/{issue.pk}/act/send" in html
        assert service.sent == []
        html = act(staff, issue, "send", content_hash=issue.content_hash, sure="yes")
        assert "The service sends it now." in html
        assert issue.state == Issue.State.SENT
        assert f"issues/{issue.pk}/act/" not in html
        assert len(service.sent) == 1

    def test_is_sent_once_by_a_double_click(self, staff, issue, service):
        act(staff, issue, "save", subject="Late vote")
        facts = {"content_hash": issue.content_hash, "sure": "yes"}
        act(staff, issue, "send", **facts)
        assert "It is sent already." in act(staff, issue, "send", **facts)
        assert len(service.sent) == 1

    def test_is_not_sent_after_saving_failed(self, staff, issue, service):
        service.is_down = True
        html = act(staff, issue, "save", subject="Late vote")
        assert "Nothing was sent from here. Save it again." in html
        service.is_down = False
        act(staff, issue, "send", content_hash=issue.content_hash, sure="yes")
        assert issue.state == Issue.State.FAILED
        assert service.sent == []

    def test_is_not_sent_without_a_tick(self, staff, issue, service):
        act(staff, issue, "save", subject="Late vote")
        html = act(staff, issue, "send", content_hash=issue.content_hash)
        assert "Tick the box" in html
        assert service.sent == []

    def test_needs_a_subject(self, staff, issue, service):
        assert "Write a subject" in act(staff, issue, "save", subject=" ")
        assert service.saved == {}

    def test_is_not_sent_when_a_draft_was_begun(self, staff, issue, service, story):
        act(staff, issue, "save", subject="Late vote")
        story.title = "Draft"
        story.save_revision()
        assert "has a draft that is not published" in read(staff, issue)
        act(staff, issue, "send", content_hash=issue.content_hash, sure="yes")
        assert service.sent == []

    def test_shows_the_mail_as_it_was_sent(self, staff, issue, story):
        act(staff, issue, "save", subject="Late vote")
        act(staff, issue, "send", content_hash=issue.content_hash, sure="yes")
        story.unpublish()
        url = reverse("newsroom_subscribers:issue_mail", args=[issue.pk])
        assert "The board votes." in staff.get(url).content.decode()

    def test_tells_that_an_earlier_version_was_sent(self, staff, issue, story, synced):
        act(staff, issue, "save", subject="Late vote")
        act(staff, issue, "send", content_hash=issue.content_hash, sure="yes")
        story.dek = "Corrected."
        story.save_revision().publish()
        staff.post(reverse(MAKE), {"synced_list": synced.pk, "address": story.full_url})
        newer = Issue.objects.exclude(pk=issue.pk).get()
        assert "An earlier version of this story was sent" in read(staff, newer)

    def test_knows_no_other_action(self, staff, issue):
        url = reverse("newsroom_subscribers:issue_act", args=[issue.pk, "burn"])
        assert staff.post(url).status_code == 404
