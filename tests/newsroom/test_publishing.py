"""Another app may keep a page a draft that nobody presses "Publish" for."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from wagtail import hooks
from wagtail.models import Revision, Site

from newsroom.pages.models import StoryPage
from newsroom.publishing import KEEP_A_DRAFT


@pytest.fixture
def story(db) -> StoryPage:
    story = StoryPage(title="Night", slug="night", live=False)
    return Site.objects.get(is_default_site=True).root_page.add_child(instance=story)


@pytest.fixture
def asked():
    """What the door was asked; it keeps every page a draft."""
    asked = []

    def keep(draft, revision, user):
        asked.append((draft.title, revision.pk, user))
        return True

    with hooks.register_temporarily(KEEP_A_DRAFT, keep):
        yield asked


class TestADoor:
    def test_lets_a_page_through_that_nobody_keeps(self, story) -> None:
        story.save_revision().publish()
        assert StoryPage.objects.get().live

    def test_keeps_a_draft_of_which_it_was_told(self, story, asked, admin_user) -> None:
        revision = story.save_revision()
        revision.publish(user=admin_user)
        assert asked == [("Night", revision.pk, admin_user)]
        assert not StoryPage.objects.get().live

    def test_leaves_readers_what_they_have(self, story) -> None:
        story.save_revision().publish()
        story.title = "Morning"
        with hooks.register_temporarily(KEEP_A_DRAFT, lambda *told: True):
            story.save_revision().publish()
        story = StoryPage.objects.get()
        assert (story.title, story.live, story.has_unpublished_changes) == ("Night", True, True)

    def test_ends_a_schedule(self, story) -> None:
        now = timezone.now()
        story.go_live_at = now + timedelta(hours=1)
        story.save_revision().publish()
        assert Revision.objects.exclude(approved_go_live_at=None).exists()
        with (
            time_machine.travel(now + timedelta(hours=2), tick=False),
            hooks.register_temporarily(KEEP_A_DRAFT, lambda *told: True),
        ):
            call_command("publish_scheduled")
        assert not StoryPage.objects.get().live
        assert not Revision.objects.exclude(approved_go_live_at=None).exists()
