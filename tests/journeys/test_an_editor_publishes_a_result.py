"""An editor writes a story, puts the live result of a race into it, and publishes."""

import pytest

from newsroom.pages.models import StoryPage
from newsroom.project.demo.people import make_users

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADLINE = "Schmerelson leads in District 3"


def test_readers_see_the_table(visit, night, home, section):
    make_users()
    editor = visit()
    page = editor.page
    editor.open("/admin/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("editor")
    page.get_by_role("button", name="Sign in").click()

    editor.open(f"/admin/pages/{section.pk}/add_subpage/")
    page.locator("a[href*='storypage/']").filter(has_text="Story page").first.click()
    page.locator("#id_title").fill(HEADLINE)
    body = page.locator("#panel-child-content-body-content")
    body.get_by_title("Insert a block").first.click()
    page.get_by_role("combobox").fill("live result")
    page.get_by_role("option", name="Live result").click()
    body.get_by_role("button", name="Choose").click()
    page.get_by_role("dialog").get_by_role("link", name=night.contest.name).click()
    page.get_by_role("dialog").wait_for(state="hidden")
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.get_by_role("button", name="Publish").click()
    page.locator(".messages .success").wait_for()

    story = StoryPage.objects.get(title=HEADLINE)
    assert story.live
    assert story.owner.username == "editor"
    reader = visit()
    assert reader.open(story.url).status == 200
    assert reader.page.locator("h1").inner_text() == HEADLINE
    assert [row[1] for row in reader.votes] == ["61,168", "50,310"]
    assert reader.complaints == []
