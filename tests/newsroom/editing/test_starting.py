import pytest
from django.urls import reverse
from wagtail.models import Comment

from newsroom.pages.models import LiveCoveragePage, StoryPage
from tests.elections.stories import make_section

pytestmark = pytest.mark.django_db


def start(client, section, **fields):
    url = reverse("newsroom_editing:start", args=[section.pk])
    client.post(url, {"title": "Who leads in District 3", "about": "", **fields})
    return StoryPage.objects.get(slug="who-leads-in-district-3").specific


class TestATemplate:
    @pytest.mark.parametrize("beginning", ["result", "guide"])
    def test_begins_a_draft_with_headings_and_help(self, beginning, admin_client, section):
        page = start(admin_client, section, beginning=beginning)
        assert not page.live
        page = page.get_latest_revision_as_object()
        assert any(child.block_type == "heading" for child in page.body)
        ids = {f"body.{child.id}" for child in page.body}
        paths = set(Comment.objects.filter(page_id=page.pk).values_list("contentpath", flat=True))
        assert paths
        assert paths <= ids

    def test_puts_no_help_before_readers(self, admin_client, section, client):
        page = start(admin_client, section, beginning="result")
        page.get_latest_revision().publish()
        html = client.get(page.url).content.decode()
        assert "What is still to be counted" in html
        assert "Let live figures carry" not in html

    def test_begins_live_coverage(self, admin_client, section):
        assert type(start(admin_client, section, beginning="live")) is LiveCoveragePage

    def test_shows_the_race_that_it_is_about(self, admin_client, night):
        page = start(admin_client, make_section(), beginning="result", about=night.contest.pk)
        page = page.get_latest_revision_as_object()
        assert [child.block_type for child in page.body][:2] == ["paragraph", "live_result"]
        assert page.body[1].value["contest"] == night.contest
        link = page.subject_links.get()
        assert (link.subject, link.role) == (str(night.contest.pk), "result")

    def test_is_offered_in_a_section_and_opens_in_the_editor(self, admin_client, section):
        url = reverse("newsroom_editing:start", args=[section.pk])
        explorer = reverse("wagtailadmin_explore", args=[section.pk])
        assert url in admin_client.get(explorer).content.decode()
        form = admin_client.get(url).content.decode()
        assert "Voter guide" in form
        page = start(admin_client, section, beginning="guide")
        edit = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
        assert edit.status_code == 200

    def test_is_not_for_pages_without_stories(self, admin_client, make_story):
        url = reverse("newsroom_editing:start", args=[make_story().pk])
        assert admin_client.get(url).status_code in (302, 403, 404)
