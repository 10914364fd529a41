"""A reader keeps a story open while the county counts."""

import pytest

from tests.journeys.conftest import release

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROW = "section.result tbody tr:first-child td"


@pytest.fixture(autouse=True)
def quick_polls(settings) -> None:
    settings.ELECTIONS_POLL_SECONDS = 0.3


def wait_for_votes(page, votes: str) -> None:
    page.locator(ROW, has_text=votes).wait_for()


def test_the_numbers_change_without_a_reload_and_never_go_back(visit, night, story):
    reader = visit()
    reader.open(story.url)
    reader.page.evaluate("document.body.dataset.opened = 'once'")
    assert [row[1] for row in reader.votes] == ["61,168", "50,310"]

    night.say(release("21:10", 70_002, 60_001), seen="21:12")
    wait_for_votes(reader.page, "70,002")
    assert [row[1] for row in reader.votes] == ["70,002", "60,001"]
    assert "9:10 p.m." in reader.page.locator(".result-source").inner_text()

    night.say(release("20:36", 61_168, 50_310), seen="21:14")
    night.say(release("20:50", 66_000, 56_000), seen="21:15")
    polls = len(manifests(reader))
    reader.page.wait_for_function("() => true")
    while len(manifests(reader)) < polls + 3:
        reader.page.wait_for_timeout(100)
    assert [row[1] for row in reader.votes] == ["70,002", "60,001"]

    night.say(release("22:00", 80_004, 70_003), seen="22:02")
    wait_for_votes(reader.page, "80,004")
    assert reader.page.evaluate("document.body.dataset.opened") == "once"
    assert reader.complaints == []


def manifests(reader) -> list[str]:
    return [address for address in reader.addresses if address.endswith("/manifest.json")]


def test_a_race_that_is_taken_away_leaves_the_open_page_as_it_is(visit, night, story):
    """The desk makes it a draft again; who opens the story afterwards reads it without a result."""
    early, late = visit(), visit()
    early.open(story.url)
    night.contest.__class__.objects.filter(pk=night.contest.pk).update(status="draft")
    night.say(release("21:10", 70_002, 60_001), seen="21:12")
    polls = len(manifests(early))
    while len(manifests(early)) < polls + 3:
        early.page.wait_for_timeout(100)
    assert [row[1] for row in early.votes] == ["61,168", "50,310"]
    assert not early.page.locator(".result-stale").is_visible()

    assert late.open(story.url).status == 200
    assert late.votes == []
    assert late.page.get_by_text("The count goes on.").is_visible()
    assert early.complaints == late.complaints == []


def test_the_whole_table_is_there_without_javascript(visit, night, story):
    reader = visit(java_script_enabled=False)
    reader.open(story.url)
    assert [[cell.split("\n")[0].strip() for cell in row] for row in reader.votes] == [
        ["Scott Schmerelson", "61,168", "54.9%"],
        ["Dan Chang", "50,310", "45.1%"],
    ]
    assert "8:36 p.m." in reader.page.locator(".result-source").inner_text()
    assert reader.page.locator("table caption").is_visible()
