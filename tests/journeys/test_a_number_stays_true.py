"""An editor puts a live figure into a sentence and has a number checked; the county counts on."""

import pytest
from wagtail.rich_text import RichText

from elections.models import Call
from elections.prose.checking import check_stories
from elections.widgets.publish import publish_stale
from newsroom.pages.models import StoryPage
from newsroom.project.demo.people import make_users
from tests.journeys.conftest import release

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Schmerelson wins by 9.7 points. In votes: "


@pytest.fixture
def draft(night, home, make_story) -> StoryPage:
    make_users()
    blocks = [
        ("live_result", {"contest": night.contest, "size": "line"}),
        ("paragraph", RichText(f"<p>{TEXT}</p>")),
    ]
    return make_story(blocks, title="The count in District 3")


def sign_in(editor) -> None:
    editor.open("/admin/")
    editor.page.get_by_label("Username").fill("editor")
    editor.page.get_by_label("Password").fill("editor")
    editor.page.get_by_role("button", name="Sign in").click()
    editor.page.wait_for_url("**/admin/")


def insert_figure(page, race: str, figure: str, *, frozen: bool = False) -> None:
    """Put a figure at the end of the text, by the editor's own menu."""
    text = page.locator(".public-DraftEditor-content").first
    text.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" /")
    page.get_by_role("option", name="Live figure of a race").click()
    dialog = page.get_by_role("dialog").filter(visible=True)
    dialog.get_by_role("link", name=race).click()
    dialog.get_by_label(figure).check()
    if frozen:
        dialog.get_by_label("Freeze it").check()
    dialog.get_by_role("button", name="Insert this figure").click()
    dialog.wait_for(state="hidden")


def publish(page) -> None:
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.get_by_role("button", name="Publish").click()
    page.locator(".messages .success").wait_for()


def words_of(reader) -> str:
    """The paragraph as a reader gets it now, past their browser's cache."""
    reader.page.reload()
    return reader.page.locator(".story-body p", has_text="In votes").inner_text()


def test_readers_see_the_new_number_and_the_editor_hears_of_the_old(visit, night, draft):
    editor = visit()
    page = editor.page
    sign_in(editor)
    editor.open(f"/admin/pages/{draft.pk}/edit/")
    insert_figure(page, night.contest.name, "Margin in votes")
    insert_figure(page, night.contest.name, "Margin in votes", frozen=True)
    page.get_by_role("button", name="Toggle checks").click()
    rows = page.locator("[data-checks-panel] [data-content-checker-row]")
    rows.filter(has_text="A race is told as decided that is still open").wait_for()
    publish(page)

    page.get_by_role("link", name="Bind these numbers").first.click()
    page.get_by_role("button", name="Bind these numbers and publish").click()
    page.get_by_text("1 number is checked from now on").wait_for()

    reader = visit()
    reader.open(draft.url)
    assert words_of(reader) == f"{TEXT}10,858 votes 10,858 votes"
    night.say(release("21:34", 89_674, 83_256), seen="21:40")
    check_stories()
    assert words_of(reader) == f"{TEXT}6,418 votes 10,858 votes"
    editor.open("/admin/elections/untrue/")
    row = page.get_by_role("row").filter(
        has=page.get_by_role("link", name="9.7 points", exact=True)
    )
    assert "3.7 points" in row.inner_text()

    assert reader.page.locator("live-figure").count() == 1
    Call.make(
        contest=night.contest, kind="certified", authority="The county", reason="It is certified."
    )
    publish_stale()
    assert words_of(reader) == f"{TEXT}6,418 votes 10,858 votes"
    assert reader.page.locator("live-figure").count() == 0
    assert reader.complaints == []
    # Wagtail's checker says on the console what it found, and a save by itself may come too late.
    expected = ("axe.run results", "Failed to load resource")
    assert [line for line in editor.complaints if not line.startswith(expected)] == []
