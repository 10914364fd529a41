from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

pytestmark = pytest.mark.django_db

HOME = "wagtailadmin_home"


@pytest.fixture
def draft(make_story):
    """Write a change to a story that nobody has published."""

    def make(user=None, **fields):
        story = make_story()
        for name, value in fields.items():
            setattr(story, name, value)
        story.title = f"{story.title}, changed"
        story.save_revision(user=user)
        return story

    return make


def panel(client, name: str) -> str:
    html = client.get(reverse(HOME)).content.decode()
    return html.partition(f'id="{name}-section"')[2].partition("</section>")[0]


class TestDraftsDue:
    def test_are_those_with_a_promise_the_first_on_top(self, admin_client, draft):
        later = draft(due_at=timezone.now() + timedelta(days=2))
        late = draft(due_at=timezone.now() - timedelta(hours=2))
        never = draft()
        for story in (later, late):
            type(story).objects.filter(pk=story.pk).update(due_at=story.due_at)
        html = panel(admin_client, "due-drafts")
        assert html.index(late.title) < html.index(later.title)
        assert never.title not in html
        assert "was promised for" in html

    def test_are_silent_while_there_are_none(self, admin_client, make_story):
        make_story()
        assert panel(admin_client, "due-drafts") == ""


class TestMyDrafts:
    def test_are_mine(self, admin_client, admin_user, draft):
        mine = draft(user=admin_user)
        other = draft(user=User.objects.create_user("other"))
        html = panel(admin_client, "my-drafts")
        assert mine.title in html
        assert other.title not in html
