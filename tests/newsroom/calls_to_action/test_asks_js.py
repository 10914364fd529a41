"""What ``asks.js`` decides, in a real browser, against the rules that editors read."""

from __future__ import annotations

import gzip
import json
import re
from itertools import count
from pathlib import Path

import pytest

from newsroom.calls_to_action.gifts import sign
from newsroom.calls_to_action.models import AskCount, CallToAction, Trial, Variant

SCRIPT = Path(__file__).parents[3] / "newsroom" / "static" / "newsroom" / "asks.js"
SOURCE = SCRIPT.read_text()
DAY = 86_400_000
looks = count(1)


def branches(name: str) -> set[str]:
    body = re.search(rf"{name} = \{{(.*?)\n *\}};", SOURCE, re.S)[1]
    return set(re.findall(r"^\s*(\w+)[:,]", body, re.M))


class TestSource:
    def test_has_a_branch_for_every_audience_and_frequency(self):
        assert branches("audiences") == set(CallToAction.Audience.values)
        assert branches("frequencies") == set(CallToAction.Frequency.values)

    def test_reports_only_what_is_counted(self):
        told = set(re.findall(r'tell\("(\w+)"', SOURCE))
        assert told == {AskCount.Kind.IMPRESSION, AskCount.Kind.READER, AskCount.Kind.CLICK}

    def test_is_small(self):
        assert len(gzip.compress(SCRIPT.read_bytes(), 9, mtime=0)) < 1680


@pytest.fixture
def asks(transactional_db, newsletter) -> dict[str, CallToAction]:
    signup = {"kind": "newsletter", "newsletter": newsletter}
    donate = {"kind": "donate", "donate_url": "https://give.example/"}
    return {
        name: CallToAction.objects.create(heading=name, button_label="Go", **facts)
        for name, facts in {"signup": signup, "donate": donate}.items()
    }


@pytest.mark.browser
class TestBrowser:
    @pytest.fixture(autouse=True)
    def _site(self, asks, make_story, live_server, browser):
        self.asks, self.make_story, self.origin = asks, make_story, live_server.url
        self.browser = browser
        self.contexts: list = []
        self.reader()
        yield
        for context in self.contexts:
            context.close()

    def reader(self, **options: object) -> None:
        """Begin anew with somebody else's browser."""
        self.context = self.browser.new_context(**options)
        self.contexts.append(self.context)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def story(self, *names: str, above: int = 0):
        text = [("paragraph", f"<p>{'The count goes on. ' * 60}</p>")] * above
        body = [("call_to_action", {"call_to_action": self.asks[name]}) for name in names]
        return self.make_story([*text, *body])

    def change(self, name: str, **fields: object) -> None:
        CallToAction.objects.filter(pk=self.asks[name].pk).update(**fields)
        self.asks[name].refresh_from_db()

    def remember(self, **facts: object) -> None:
        self.page.goto(f"{self.origin}/robots.txt")
        self.page.evaluate("me => localStorage.asks = JSON.stringify(me)", facts)

    def remembered(self) -> dict:
        return json.loads(self.page.evaluate("localStorage.asks || '{}'"))

    def open(self, story, *, wait: bool = True) -> list[str]:
        """Open a story, look at it, and return the headings of the asks that are shown."""
        # Another address each time: browsers keep a page for some seconds.
        self.page.goto(f"{self.origin}{story.url}?look={next(looks)}")
        if wait:
            self.page.wait_for_timeout(500)
        return self.page.locator(".call-to-action h2:visible").all_inner_texts()

    @pytest.mark.parametrize("audience", CallToAction.Audience.values)
    def test_shows_an_ask_to_its_audience(self, audience):
        self.change("signup", audience=audience)
        self.change("donate", audience=audience)
        story = self.story("signup", "donate")
        people = {
            "anonymous": {},
            "pending": {"s": "pending"},
            "subscriber": {"s": "subscriber"},
            "donor": {"d": 9e15},
        }
        for who, facts in people.items():
            self.remember(**facts)
            expected = {"signup", "donate"} if audience in ("everyone", who) else set()
            if audience == "everyone":
                expected -= {"subscriber": {"signup"}, "donor": {"donate"}}.get(who, set())
            assert set(self.open(story)) == expected, (audience, who)

    @pytest.mark.parametrize(
        ("frequency", "seen_ago", "shown"),
        [
            ("always", 0, True),
            ("visit", 10_000, False),
            ("visit", DAY, True),
            ("week", DAY, False),
            ("week", 8 * DAY, True),
            ("once", 400 * DAY, False),
        ],
    )
    def test_shows_an_ask_as_often_as_it_says(self, frequency, seen_ago, shown):
        self.change("signup", frequency=frequency)
        story = self.story("signup")
        now = self.page.evaluate("Date.now()")
        key = self.asks["signup"].memory_key
        self.remember(o={key: now - seen_ago}, v=[now - 20_000, now - 1000])
        assert bool(self.open(story)) is shown

    def test_shows_what_is_once_once_until_it_is_reset(self):
        self.change("signup", frequency="once")
        story = self.story("signup")
        assert self.open(story) == ["signup"]
        assert self.open(story) == []
        self.change("signup", resets=1)
        assert self.open(story) == ["signup"]

    def test_counts_from_no_story_read(self):
        self.change("signup", max_stories=2)
        stories = [self.story("signup") for _ in range(4)]
        shown = [bool(self.open(story)) for story in stories]
        assert shown == [True, True, True, False]

    def test_has_one_allowance_for_all_asks_and_newsletters_come_first(self, settings):
        settings.NEWSROOM_ASKS_PER_VISIT = 3
        story = self.story("donate", "signup")
        assert self.open(story) == ["donate", "signup"]
        assert self.open(story) == ["signup"]
        assert self.open(story) == []
        self.remember(**{**self.remembered(), "v": [0, 0]})
        assert self.open(story) == ["donate", "signup"]

    def test_stops_at_the_allowance_of_the_week(self, settings):
        settings.NEWSROOM_ASKS_PER_WEEK = 2
        now = self.page.evaluate("Date.now()")
        story = self.story("signup")
        self.remember(w=[now - DAY, now - 2 * DAY])
        assert self.open(story) == []
        self.remember(w=[now - DAY, now - 8 * DAY])
        assert self.open(story) == ["signup"]

    def test_spends_nothing_on_what_was_not_seen(self):
        story = self.story("signup", above=12)
        self.open(story)
        assert self.remembered()["w"] == []
        self.page.locator("[id=ask-0]").scroll_into_view_if_needed()
        self.page.wait_for_timeout(500)
        assert len(self.remembered()["w"]) == 1

    def test_moves_nothing(self, settings):
        settings.NEWSROOM_ASKS_PER_VISIT = 1
        self.page.add_init_script(
            "window.shift = 0; new PerformanceObserver(list => {"
            "for (const entry of list.getEntries()) shift += entry.value"
            "}).observe({type: 'layout-shift', buffered: true})"
        )
        story = self.story("donate", "signup", "donate", above=1)
        assert self.open(story) == ["signup"]
        assert self.page.evaluate("shift") == 0
        assert self.complaints == []

    def test_counts_an_ask_once_when_seen_and_when_followed(self):
        story = self.story("donate")
        self.reader(user_agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
        with self.page.expect_response("**/asks/seen/") as answer:
            self.open(story)
        assert answer.value.status == 204
        assert "cookie" not in answer.value.request.all_headers()
        self.page.route("https://give.example/**", lambda route: route.fulfill(body="Thanks"))
        with self.page.expect_request("**/asks/seen/"):
            self.page.click(".call-to-action a.button")
        self.page.wait_for_timeout(500)
        rows = AskCount.objects.values_list("kind", "number", "page_id", "block_id")
        block = story.body[0].id
        assert sorted(rows) == [("click", 1, story.pk, block), ("impression", 1, story.pk, block)]

    @pytest.mark.parametrize("signal", ["globalPrivacyControl", "doNotTrack"])
    def test_keeps_and_tells_nothing_when_asked_not_to(self, signal):
        value = {"globalPrivacyControl": "true", "doNotTrack": "'1'"}[signal]
        self.page.add_init_script(
            f"Object.defineProperty(navigator, '{signal}', {{get: () => {value}}})"
        )
        self.reported: list[str] = []
        self.page.on("request", lambda request: self.reported.append(request.method))
        assert self.open(self.story("signup", "donate", "donate")) == ["signup", "donate"]
        assert self.remembered() == {}
        assert "POST" not in self.reported

    def test_is_sensible_without_scripts(self):
        self.reader(java_script_enabled=False)
        assert self.open(self.story("donate", "signup", "donate")) == ["donate", "signup"]

    def test_remembers_a_signup_as_pending_and_a_confirmation(self):
        story = self.story("signup", "donate")
        self.open(story)
        self.page.fill(".call-to-action input[type=email]", "ana@example.com")
        self.page.click(".call-to-action button")
        self.page.wait_for_url("**/newsletters/thanks/")
        assert self.remembered()["s"] == "pending"
        assert self.open(story) == ["donate"]

    def test_remembers_a_donor_by_a_signed_return_and_nobody_who_looks(self, settings):
        settings.NEWSROOM_DONATION_KEYS = ["a key"]
        self.thank("")
        self.thank("?return=gift-0001")
        self.page.wait_for_function("!location.search")
        assert "d" not in self.remembered()
        signed = "gift-0001.9999999999"
        self.thank(f"?return={signed}.{sign('a key', signed)}")
        self.page.get_by_text("This browser remembers it").wait_for()
        self.page.wait_for_function("JSON.parse(localStorage.asks).d > Date.now()")
        assert self.open(self.story("donate", "signup"), wait=False) == ["signup"]

    def thank(self, query: str) -> None:
        """Come back from the donation page; the page may go on by itself."""
        self.page.goto(f"{self.origin}/asks/thanks/{query}", wait_until="commit")

    def test_offers_to_remember_nothing_where_it_may_not(self, settings):
        self.page.add_init_script(
            "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true})"
        )
        self.page.goto(f"{self.origin}/asks/thanks/?return=gift-0001.9999999999.x")
        assert self.page.locator("main form:visible, main button:visible").count() == 0
        assert "return=" in self.page.url

    def test_gives_an_arm_by_lot_keeps_it_and_gives_it_back(self):
        ask = self.asks["signup"]
        trial = Trial.objects.create(call_to_action=ask, name="?", readers_per_arm=10)
        arm = Variant.objects.create(call_to_action=ask, name="B", heading="Arm B")
        keys = {key: f"{trial.key}-{key}" for key in ("control", arm.key)}
        story = self.story("signup")
        [drawn] = self.open(story)
        lots = self.remembered()["t"]
        assert drawn == ("Arm B" if lots[keys[arm.key]] > lots[keys["control"]] else "signup")
        self.remember(t={keys["control"]: 0.1, keys[arm.key]: 0.9})
        for is_live, shown in ((True, "Arm B"), (False, "signup"), (True, "Arm B")):
            Variant.objects.filter(pk=arm.pk).update(is_live=is_live)
            assert self.open(story, wait=False) == [shown]
        self.remember(t={keys["control"]: 0.9, keys[arm.key]: 0.1})
        assert self.open(story, wait=False) == ["signup"]
        assert self.shown_arm() == keys["control"]

    def test_counts_nobody_in_a_test_who_asks_not_to_be_tracked(self):
        Variant.objects.create(call_to_action=self.asks["signup"], name="B", heading="Arm B")
        Trial.objects.create(call_to_action=self.asks["signup"], name="?", readers_per_arm=10)
        self.page.add_init_script(
            "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true})"
        )
        assert self.open(self.story("signup"), wait=False) == ["signup"]
        assert self.shown_arm() == ""

    def shown_arm(self) -> str:
        return self.page.locator(".ask-arm:visible").get_attribute("data-arm")

    def test_asks_whoever_has_not_confirmed_once_more(self):
        self.change("signup", audience="pending")
        self.remember(s="pending", l={"morning": 1})
        assert self.open(self.story("signup"), wait=False) == ["signup"]
