"""An issue is sent once, as it was saved and seen, or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AbstractUser
from django.db import IntegrityError
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import PageViewRestriction
from wagtail.rich_text import RichText

from newsroom.newsletters.issues import sending
from newsroom.newsletters.issues.writing import IssueError, write
from newsroom.newsletters.models import Issue, SyncedList
from newsroom.newsletters.syncing.contract import RefusedError
from newsroom.newsletters.syncing.in_memory import InMemoryService

pytestmark = pytest.mark.django_db

State = Issue.State
TEXT = RichText(
    "<p>The board votes &amp; goes home. <b>At nine.</b></p><ul><li>Item *|X|*</li></ul>"
)


@pytest.fixture
def service(settings) -> type[InMemoryService]:
    InMemoryService.reset()
    path = "newsroom.newsletters.syncing.in_memory.InMemoryService"
    settings.NEWSROOM_NEWSLETTER_SERVICES = {"memory": {"adapter": path}}
    return InMemoryService


@pytest.fixture
def user(django_user_model) -> AbstractUser:
    return django_user_model.objects.create_user("ana")


@pytest.fixture
def story(make_story):
    return make_story(
        [("paragraph", TEXT)], title="Board votes", slug="board-votes", dek="It was late."
    )


@pytest.fixture
def synced(newsletter, service) -> SyncedList:
    return SyncedList.objects.create(newsletter=newsletter, service="memory", remote_id="m1")


@pytest.fixture
def issue(synced, story, user) -> Issue:
    return sending.make(synced, story.full_url, user)


def save(issue: Issue, user: AbstractUser, subject: str = "Late vote") -> None:
    sending.save(issue, user, subject=subject, preview_text="")


@pytest.fixture
def saved(issue, user) -> Issue:
    save(issue, user)
    return Issue.objects.get(pk=issue.pk)


def send(issue: Issue, user: AbstractUser) -> None:
    sending.send(issue, user, content_hash=issue.content_hash)


class TestMake:
    def test_takes_the_story_at_an_address_once(self, issue, synced, story, user):
        again = sending.make(synced, f" {story.full_url}?utm_source=x#top ", user)
        assert again == issue
        assert issue.subject == "Board votes"
        assert issue.preview_text == "It was late."

    def test_refuses_a_draft(self, synced, story, user):
        story.unpublish()
        with pytest.raises(IssueError, match="not published"):
            sending.make(synced, story.full_url, user)

    def test_refuses_a_story_whose_latest_text_is_a_draft(self, synced, story, user):
        story.title = "Not seen by the desk"
        story.save_revision()
        with pytest.raises(IssueError, match="has a draft"):
            sending.make(synced, story.full_url, user)

    def test_refuses_a_story_for_some_readers_only(self, synced, story, user):
        PageViewRestriction.objects.create(page=story, restriction_type="login")
        with pytest.raises(IssueError, match="not open to everybody"):
            sending.make(synced, story.full_url, user)

    @pytest.mark.parametrize("address", ["", "https://x.com/", "/no/such/", "%00", "javascript:1"])
    def test_says_that_nothing_is_at_an_address(self, synced, story, user, address):
        with pytest.raises(IssueError, match="no such story"):
            sending.make(synced, address, user)

    def test_refuses_a_page_without_text(self, synced, section, user):
        section.save_revision().publish()
        with pytest.raises(IssueError, match="no text of a story"):
            sending.make(synced, section.full_url, user)


class TestSave:
    def test_gives_the_service_the_published_story(self, saved, service, story):
        mailing = service.saved[saved.remote_id]
        assert saved.state == State.SAVED
        assert (mailing.list_id, mailing.subject, mailing.sender_name) == (
            "m1",
            "Late vote",
            "Morning",
        )
        for body in (mailing.html, mailing.text):
            assert "It was late." in body
            assert "At nine." in body
            assert story.full_url in body
            assert service.leave_tag in body
        assert "votes &amp; goes home" in mailing.html
        assert "votes & goes home" in mailing.text
        assert service.sent == []

    def test_leaves_no_field_for_the_service_to_fill_in(self, saved, service):
        assert "*|" not in service.saved[saved.remote_id].html

    def test_puts_the_same_issue_there_again(self, saved, service, user):
        save(saved, user, subject="Later vote")
        assert [mailing.subject for mailing in service.saved.values()] == ["Later vote"]

    def test_makes_it_anew_when_it_was_deleted_there(self, saved, service, user):
        service.saved.clear()
        save(saved, user)
        assert len(service.saved) == 1

    def test_that_fails_says_so_and_nothing_can_be_sent(self, saved, service, user):
        service.is_down = True
        with pytest.raises(IssueError, match=r"Nothing was sent from here\. Save it again"):
            save(saved, user, subject="Other words")
        service.is_down = False
        issue = Issue.objects.get()
        assert issue.state == State.FAILED
        assert "It was not saved: The service is down." in issue.error
        with pytest.raises(IssueError, match="Save it first"):
            send(issue, user)
        assert service.sent == []

    def test_does_not_touch_what_was_sent_there_by_hand(self, saved, service, user):
        service.sent.append(saved.remote_id)
        with pytest.raises(IssueError, match="sent already"):
            save(saved, user)
        assert Issue.objects.get().state == State.SENT

    def test_waits_for_another_that_is_at_it(self, issue, user):
        issue.move(State.NEW, to=State.SAVING)
        with pytest.raises(IssueError, match="at this moment"):
            save(issue, user)

    def test_goes_on_after_one_that_died(self, issue, user):
        past = timezone.now() - timedelta(minutes=6)
        Issue.objects.update(state=State.SAVING, changed_at=past)
        save(Issue.objects.get(), user)
        assert Issue.objects.get().state == State.SAVED

    def test_is_not_done_by_a_service_that_cannot_send(self, issue, user, settings):
        path = "newsroom.newsletters.syncing.signed_webhook.SignedWebhook"
        options = {"url": "https://x.com/", "key": "k"}
        settings.NEWSROOM_NEWSLETTER_SERVICES = {"memory": {"adapter": path, "options": options}}
        with pytest.raises(IssueError, match="cannot send issues"):
            save(issue, user)


class TestSend:
    def test_is_done_and_written_down(self, saved, service, user):
        send(saved, user)
        assert service.sent == [saved.remote_id]
        issue = Issue.objects.get()
        assert (issue.state, issue.sent_by) == (State.SENT, user)
        actions = [entry.action for entry in registry.get_logs_for_instance(issue)]
        assert sorted(action.partition(".")[2] for action in actions) == [
            "make_issue",
            "save_issue",
            "send_issue",
        ]

    def test_is_done_once_by_two_clicks(self, saved, service, user):
        """Both requests have read the issue before either sends it."""
        other = Issue.objects.get()
        send(saved, user)
        with pytest.raises(IssueError, match="sent already"):
            send(other, user)
        assert len(service.sent) == 1

    def test_is_done_once_by_a_second_try(self, saved, service, user):
        send(saved, user)
        with pytest.raises(IssueError, match="sent already"):
            send(Issue.objects.get(), user)
        assert len(service.sent) == 1

    def test_never_comes_before_saving(self, issue, service, user):
        with pytest.raises(IssueError, match="Save it first"):
            send(issue, user)
        assert service.sent == []

    def test_refuses_words_that_the_person_did_not_see(self, saved, service, user):
        seen = saved.content_hash
        save(saved, user, subject="Other words")
        with pytest.raises(IssueError, match="has changed since"):
            sending.send(Issue.objects.get(), user, content_hash=seen)
        assert service.sent == []

    def test_refuses_a_story_taken_down_since(self, saved, service, story, user):
        story.unpublish()
        with pytest.raises(IssueError, match="not published"):
            send(saved, user)
        assert service.sent == []

    def test_refuses_a_story_published_anew_since(self, saved, service, story, user):
        story.dek = "Corrected."
        story.save_revision().publish()
        with pytest.raises(IssueError, match="published anew"):
            send(saved, user)
        assert service.sent == []

    def test_refuses_what_reads_otherwise_than_it_was_saved(self, saved, service, user, settings):
        settings.NEWSROOM_POSTAL_ADDRESS = "1 New Street"
        with pytest.raises(IssueError, match="has changed since"):
            send(saved, user)
        assert service.sent == []

    def test_sends_nothing_when_the_service_is_down(self, saved, service, user):
        service.is_down = True
        with pytest.raises(IssueError, match="not sent from here"):
            send(saved, user)
        service.is_down = False
        send(Issue.objects.get(), user)
        assert len(service.sent) == 1

    def test_does_not_repeat_what_was_sent_by_hand(self, saved, service, user):
        service.sent.append(saved.remote_id)
        with pytest.raises(IssueError, match="had sent it already"):
            send(saved, user)
        assert len(service.sent) == 1
        assert Issue.objects.get().state == State.SENT

    def test_sends_nothing_when_it_is_gone_there(self, saved, service, user):
        service.saved.clear()
        with pytest.raises(IssueError, match="does not have it"):
            send(saved, user)
        assert service.sent == []
        assert Issue.objects.get().state == State.FAILED

    def test_asks_to_save_again_what_the_service_refused(self, saved, service, user, monkeypatch):
        def refuse(self, remote_id: str, *, key: str) -> None:
            raise RefusedError("Your plan is over.")

        monkeypatch.setattr(service, "send_issue", refuse)
        with pytest.raises(IssueError, match="Your plan is over"):
            send(saved, user)
        assert Issue.objects.get().state == State.FAILED


class TestALostAnswer:
    @pytest.fixture
    def lost(self, saved, service, user) -> Issue:
        service.loses_answers = True
        with pytest.raises(IssueError, match="Look at the service"):
            send(saved, user)
        return Issue.objects.get()

    def test_is_not_sent_again(self, lost, service, user):
        assert lost.state == State.SENDING
        with pytest.raises(IssueError, match="not sent again"):
            send(lost, user)
        with pytest.raises(IssueError, match="not sent again"):
            save(lost, user)
        assert len(service.sent) == 1

    def test_is_cleared_up_by_asking(self, lost, service, user):
        assert sending.ask(lost, user) == "The service says that it is sent."
        assert Issue.objects.get().state == State.SENT

    def test_stays_open_while_the_service_does_not_say(self, lost, service, user):
        service.is_down = True
        with pytest.raises(IssueError, match="Look at the service"):
            sending.ask(lost, user)
        assert Issue.objects.get().state == State.SENDING

    def test_may_be_sent_when_it_was_not_for_five_minutes(self, lost, service, user):
        service.sent.clear()
        service.loses_answers = False
        with pytest.raises(IssueError, match="in five minutes"):
            sending.ask(lost, user)
        Issue.objects.update(changed_at=timezone.now() - timedelta(minutes=6))
        assert "You can send it now" in sending.ask(Issue.objects.get(), user)
        send(Issue.objects.get(), user)
        assert len(service.sent) == 1


def test_the_database_keeps_one_issue_of_a_revision(issue):
    issue.pk, issue.key = None, "00000000-0000-0000-0000-000000000001"
    with pytest.raises(IntegrityError):
        issue.save(force_insert=True)


def test_says_that_figures_grow_old(synced, make_story, user):
    source = '<p>Lee leads by <embed embedtype="live-figure" contest="9" text="12 votes"/>.</p>'
    story = make_story([("paragraph", RichText(source))], slug="lee")
    mailing = write(sending.make(synced, story.full_url, user), "")
    assert "Lee leads by 12 votes." in mailing.text
    assert "Figures are as they were when this was sent." in mailing.text
