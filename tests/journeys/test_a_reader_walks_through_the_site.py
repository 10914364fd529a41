"""A reader opens one page of each kind: no cookie, no complaint of the browser, no barrier."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from elections.pages.models import ElectionPage, RacePage
from newsroom.calls_to_action.models import CallToAction
from tests.journeys.conftest import release

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KINDS = ["home", "section", "story", "race", "election", "signup"]
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
    return {kind: page.url for kind, page in pages.items()} | {"signup": "/newsletters/subscribe/"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_clean(visit, addresses, scheme):
    reader = visit(color_scheme=scheme)
    reader.page.add_init_script(WATCH)
    barriers = {}
    for kind in KINDS:
        response = reader.open(addresses[kind])
        assert response.status == 200, kind
        policy = response.headers["content-security-policy"]
        assert {part.strip() for part in policy.split(";")} >= POLICY, kind
        assert "cookie" not in response.headers.get("vary", "").lower(), kind
        reader.page.wait_for_load_state("networkidle")
        assert reader.page.evaluate("window.violations") == [], kind
        found = Axe().run(reader.page).response["violations"]
        if found:
            barriers[kind] = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found]
    assert barriers == {}
    assert reader.complaints == []
    assert reader.context.cookies() == reader.cookies_set == []
