"""What Wagtail does for its pages, it does for stories: schedules, locks, comments, saves."""

import json
from datetime import timedelta

import pytest
import time_machine
from celery.app.task import Task
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from newsroom.models import StorySubject
from newsroom.network import http
from newsroom.pages.models import StoryPage

pytestmark = pytest.mark.django_db


def form(story, **fields) -> dict:
    body = streamfield([("paragraph", rich_text("<p>A new beginning.</p>"))])
    return {
        **nested_form_data({"body": body}),
        "title": story.title,
        "slug": story.slug,
        "dek": "",
        "lead_image": "",
        "lead_image_alt": "",
        "lead_image_caption": "",
        "lead_image_credit": "",
        "lists_further_stories": "on",
        **_formset("bylines"),
        **_formset("topic_links"),
        **_formset("subject_links"),
        **_formset("comments"),
        **fields,
    }


def _formset(name: str) -> dict:
    numbers = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    return {f"{name}-{key}": number for key, number in numbers.items()}


class TestASaveThatNobodyAskedFor:
    def test_starts_no_task_and_asks_no_network(self, admin_client, make_story, monkeypatch):
        def refuse(*args, **kwargs):
            raise AssertionError("A save must not reach beyond the database.")

        monkeypatch.setattr(Task, "apply_async", refuse)
        monkeypatch.setattr(http, "_run", refuse)
        story = make_story()
        url = reverse("wagtailadmin_pages:edit", args=[story.pk])
        headers = {"accept": "application/json"}
        response = admin_client.post(url, form(story, title="Saved by itself"), headers=headers)
        assert json.loads(response.content)["success"]
        story = StoryPage.objects.get(pk=story.pk)
        assert story.get_latest_revision_as_object().title == "Saved by itself"
        assert story.title != "Saved by itself"


class TestASchedule:
    def test_publishes_and_expires_with_all_that_hangs_on_it(self, make_story, settings):
        settings.NEWSROOM_SUBJECTS = "tests.newsroom.finding.test_related.Seats"
        story = make_story()
        story.unpublish()
        story.subject_links.create(subject="a", role="preview")
        now = timezone.now()
        story.go_live_at = now + timedelta(seconds=5)
        story.expire_at = now + timedelta(hours=1)
        story.save_revision().publish()
        assert not StorySubject.objects.exists()
        with time_machine.travel(now + timedelta(minutes=1), tick=False):
            call_command("publish_scheduled")
            assert StoryPage.objects.get(pk=story.pk).live
            assert StorySubject.objects.get().page_id == story.pk
        with time_machine.travel(now + timedelta(hours=2), tick=False):
            call_command("publish_scheduled")
            assert not StoryPage.objects.get(pk=story.pk).live
            assert not StorySubject.objects.exists()


class TestALock:
    def test_keeps_others_from_saving(self, admin_client, make_story):
        story = make_story()
        StoryPage.objects.filter(pk=story.pk).update(locked=True)
        url = reverse("wagtailadmin_pages:edit", args=[story.pk])
        admin_client.post(url, form(story, title="Changed"))
        latest = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
        assert latest.title == story.title


class TestAComment:
    def test_stands_at_its_block(self, admin_client, admin_user, make_story):
        story = make_story([("heading", {"text": "What happens next", "level": "h2"})])
        path = f"body.{story.body[0].id}"
        story.wagtail_admin_comments.add(
            Comment(user=admin_user, text="Says who?", contentpath=path)
        )
        story.save_revision()
        url = reverse("wagtailadmin_pages:edit", args=[story.pk])
        html = admin_client.get(url).content.decode()
        assert "Says who?" in html
        assert path in html
