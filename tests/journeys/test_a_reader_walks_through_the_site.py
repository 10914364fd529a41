"""A reader opens one page of each kind: no cookie, no complaint of the browser, no barrier."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from wagtail.models import get_page_models

from elections.pages.models import ElectionPage, RacePage
from newsroom.calls_to_action.models import CallToAction
from newsroom.models import Author, Topic
from newsroom.pages.models import (
    LiveCoveragePage,
    LiveEntry,
    PackagePage,
    PackagePart,
    StoryByline,
    StoryTopic,
)
from tests.journeys.conftest import release

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OURS = {"newsroom_pages", "elections_pages"}
# A page type of the newsroom or the elections stands here, or ``test_every_kind`` fails.
TYPES = {
    "HomePage": "home",
    "SectionPage": "section",
    "StoryPage": "story",
    "LiveCoveragePage": "live",
    "PackagePage": "package",
    "RacePage": "race",
    "ElectionPage": "election",
}
OTHERS = {
    "signup": "/newsletters/subscribe/",
    "preferences": "/newsletters/preferences/",
    "search": "/search/?q=schmerelson",
    "topic": "/topics/seats/",
    "author": "/authors/ana-ruiz/",
    "lost": "/education/there-is-no-such-page/",
}
KINDS = [*TYPES.values(), *OTHERS]
POLICY = {"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"}
# What a browser says when the policy stops something, also where it keeps the console quiet.
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def addresses(night, section, make_story, home, newsletter) -> dict[str, str]:
    night.say(release("21:10", 70_002, 60_001), seen="21:12")
    contest = night.contest
    results = home.add_child(
        instance=ElectionPage(title="Results", slug="results", election=contest.election)
    )
    race = results.add_child(
        instance=RacePage(title="Board, District 3", slug="board-3", contest=contest)
    )
    ask = CallToAction.objects.create(
        kind="newsletter", heading="Start the day", button_label="Sign up", newsletter=newsletter
    )
    related = make_story()
    story = make_story(
        [
            ("paragraph", "<p>The count goes on.</p>"),
            ("live_result", {"contest": contest, "size": "story"}),
            ("count_timeline", {"contest": contest}),
            ("call_to_action", {"call_to_action": ask}),
            ("live_result", {"contest": contest, "size": "line"}),
        ],
        dek="Schmerelson leads.",
    )
    pages = {"home": home, "section": section, "story": story, "race": race, "election": results}
    assert related.url
    live = section.add_child(
        instance=LiveCoveragePage(title="The night", slug="night", dek="Live.")
    )
    LiveEntry.objects.create(coverage=live, title="First", text="<p>So.</p>", is_key=True)
    package = section.add_child(instance=PackagePage(title="All of it", slug="all-of-it"))
    for place, part in enumerate((related, story)):
        PackagePart.objects.create(package=package, story=part, sort_order=place)
    pages |= {"live": live, "package": package}
    topic = Topic.objects.create(name="Seats", slug="seats")
    StoryTopic.objects.create(page=story, topic=topic)
    author = Author.objects.create(name="Ana Ruiz", slug="ana-ruiz", role="reporter")
    StoryByline.objects.create(page=story, author=author)
    return {kind: page.url for kind, page in pages.items()} | OTHERS


def test_every_kind_of_page_has_a_case():
    ours = [model for model in get_page_models() if model._meta.app_label in OURS]
    assert {model.__name__ for model in ours} == set(TYPES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_clean(visit, addresses, scheme):
    reader = visit(color_scheme=scheme)
    reader.page.add_init_script(WATCH)
    barriers = {}
    for kind in KINDS:
        response = reader.open(addresses[kind])
        assert response.status == (404 if kind == "lost" else 200), kind
        policy = response.headers["content-security-policy"]
        assert {part.strip() for part in policy.split(";")} >= POLICY, kind
        assert "cookie" not in response.headers.get("vary", "").lower(), kind
        reader.page.wait_for_load_state("networkidle")
        assert reader.page.evaluate("window.violations") == [], kind
        found = Axe().run(reader.page).response["violations"]
        if found:
            barriers[kind] = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found]
    assert barriers == {}
    assert [said for said in reader.complaints if "404" not in said] == []
    assert reader.context.cookies() == reader.cookies_set == []


@pytest.mark.parametrize(
    "looks",
    [
        {"viewport": {"width": 320, "height": 640}},
        {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},  # 200 % zoom
        {"forced_colors": "active"},
        {"reduced_motion": "reduce"},
    ],
    ids=["a small phone", "twice as large", "forced colours", "less motion"],
)
def test_every_kind_of_page_fits(browser, live_server, addresses, looks):
    context = browser.new_context(**looks)
    page = context.new_page()
    too_wide = {}
    for kind in KINDS:
        page.goto(live_server.url + addresses[kind], wait_until="networkidle")
        width, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if width > room:
            too_wide[kind] = (width, room)
    context.close()
    assert too_wide == {}


def test_nothing_moves_while_a_page_comes_in(visit, addresses):
    reader = visit(viewport={"width": 390, "height": 800})
    reader.page.add_init_script(
        """
        window.shifted = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) window.shifted += entry.value;
        }).observe({type: "layout-shift", buffered: true});
        """
    )
    for kind in ("home", "story", "race"):
        reader.open(addresses[kind])
        reader.page.wait_for_load_state("networkidle")
        reader.page.mouse.wheel(0, 4000)
        reader.page.wait_for_timeout(300)
        assert reader.page.evaluate("window.shifted") < 0.01, kind


def test_a_keyboard_reaches_the_story_at_once(visit, addresses):
    reader = visit()
    reader.open(addresses["story"])
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate("document.activeElement.className") == "skip-link"
    reader.page.keyboard.press("Enter")
    reader.page.keyboard.press("Tab")
    assert reader.page.evaluate(
        "document.activeElement.closest('main') !== null"
        " && getComputedStyle(document.activeElement).outlineStyle !== 'none'"
    )
