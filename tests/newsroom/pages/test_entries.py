import json

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission

from newsroom.pages.models import LiveCoveragePage, LiveEntry
from newsroom.roles import EDITORS, REPORTERS

pytestmark = pytest.mark.django_db

ADD = "wagtailsnippets_newsroom_pages_liveentry:add"
EDIT = "wagtailsnippets_newsroom_pages_liveentry:edit"
LIST = "wagtailsnippets_newsroom_pages_liveentry:list"


@pytest.fixture
def coverage(section) -> LiveCoveragePage:
    page = section.add_child(instance=LiveCoveragePage(title="The night", slug="night", live=False))
    page.save_revision().publish()
    return LiveCoveragePage.objects.get(pk=page.pk)


@pytest.fixture
def desk(admin_client):
    return admin_client


def text(words: str) -> str:
    """Rich text as the editor's form sends it."""
    block = {"key": "a1", "text": words, "type": "unstyled", "depth": 0}
    block |= {"inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [block], "entityMap": {}})


def form(coverage, **fields) -> dict:
    return {
        "coverage": coverage.pk,
        "title": "",
        "text": text("Polls have closed."),
        "posted_at": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
        "author": "",
        "image": "",
        "image_alt": "",
        "image_credit": "",
        "is_public": "on",
        "correction": "",
        "seen_version": "",
        **fields,
    }


class TestTheForm:
    def test_posts_an_entry_that_readers_get_at_once(self, desk, coverage, client):
        desk.post(reverse(ADD), form(coverage))
        assert "Polls have closed." in client.get(coverage.url).content.decode()

    def test_begins_with_the_coverage_that_the_button_was_pressed_in(self, desk, coverage):
        html = desk.get(f"{reverse(ADD)}?coverage={coverage.pk}").content.decode()
        assert coverage.title in html
        edit = desk.get(reverse("wagtailadmin_pages:edit", args=[coverage.pk])).content.decode()
        assert f"{reverse(ADD)}?coverage={coverage.pk}" in edit

    def test_remembers_the_save_that_it_was_opened_at(self, desk, coverage):
        entry = LiveEntry.objects.create(coverage=coverage, text="<p>One</p>")
        html = desk.get(reverse(EDIT, args=[entry.pk])).content.decode()
        assert 'name="seen_version" value="1"' in html


class TestTwoPeopleAtOneEntry:
    @pytest.fixture
    def entry(self, coverage) -> LiveEntry:
        return LiveEntry.objects.create(coverage=coverage, text="<p>As opened.</p>")

    def test_do_not_overwrite_each_other_unawares(self, desk, coverage, entry):
        edit = reverse(EDIT, args=[entry.pk])
        desk.post(edit, form(coverage, text=text("The first."), seen_version=1))
        response = desk.post(edit, form(coverage, text=text("The second."), seen_version=1))
        html = response.content.decode()
        entry.refresh_from_db()
        assert "The first." in entry.text
        assert "Somebody has saved this entry since you opened it." in html
        assert "The first." in html
        assert "The second." in html

    def test_may_save_once_they_have_seen_what_the_other_wrote(self, desk, coverage, entry):
        edit = reverse(EDIT, args=[entry.pk])
        desk.post(edit, form(coverage, text=text("The first."), seen_version=1))
        response = desk.post(edit, form(coverage, text=text("The second."), seen_version=1))
        assert 'name="seen_version" value="2"' in response.content.decode()
        desk.post(edit, form(coverage, text=text("The second."), seen_version=2))
        entry.refresh_from_db()
        assert "The second." in entry.text

    def test_of_two_entries_lose_nothing(self, desk, coverage, entry):
        other = LiveEntry.objects.create(coverage=coverage, text="<p>Another.</p>")
        for one in (entry, other):
            url = reverse(EDIT, args=[one.pk])
            desk.post(url, form(coverage, text=text(f"Saved {one.pk}."), seen_version=1))
        texts = set(LiveEntry.objects.values_list("text", flat=True))
        assert all(any(f"Saved {one.pk}." in text for text in texts) for one in (entry, other))


class TestWhoMayPost:
    @pytest.fixture
    def member(self, client, coverage):
        call_command("create_newsroom_roles")

        def sign_in(role: str):
            user = User.objects.create_user(role.replace(" ", "-"), password="x")
            user.groups.add(Group.objects.get(name=role))
            client.force_login(user)
            return client

        return sign_in

    def test_is_an_editor(self, member, coverage):
        member(EDITORS).post(reverse(ADD), form(coverage))
        assert LiveEntry.objects.count() == 1

    def test_is_not_a_reporter(self, member, coverage):
        client = member(REPORTERS)
        client.post(reverse(ADD), form(coverage))
        assert LiveEntry.objects.count() == 0
        assert client.get(reverse(LIST)).status_code == 302

    def test_is_nobody_without_the_right_to_publish_there(self, member, coverage, home):
        client = member(EDITORS)
        GroupPagePermission.objects.all().delete()
        response = client.post(reverse(ADD), form(coverage))
        assert LiveEntry.objects.count() == 0
        assert "may not publish in this coverage" in response.content.decode()
