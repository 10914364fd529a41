import json
from collections.abc import Callable

import pytest

from elections import ingest, releasing
from elections.models import Contest, ContestCount, Hold, Published, Source
from elections.widgets.course import race_timeline
from elections.widgets.history_rows import race_history
from elections.widgets.publish import publish_stale
from tests.elections.documents import answering, at
from tests.elections.page_documents import ADDRESS, board, page


class PageNight:
    """The county's results page, whose releases a test decides one after the other."""

    def __init__(self, source: Source):
        self.source = source

    def say(self, clock: str, *races):
        release = page(at(clock), *races)
        return ingest.refresh(self.source, get=release, clock=lambda: at("23:00"))

    @property
    def contest(self) -> Contest:
        return Contest.objects.get()

    @property
    def latest(self) -> ContestCount:
        return ContestCount.objects.order_by("counted_at").last()

    @property
    def ballots(self) -> dict:
        return json.loads(Published.objects.get().payload)["ballots"]


@pytest.fixture
def pages(election) -> PageNight:
    source = Source.objects.create(
        election=election, name="LA County", provider="lac_page", address=ADDRESS
    )
    pages = PageNight(source)
    pages.say("20:36", board(61_168, 50_310, (133_000, 337, 21_185)))
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    publish_stale()
    return pages


class TestBallots:
    def test_stand_with_the_count(self, pages):
        kept = {"ballots_cast": 133_000, "overvotes": 337, "undervotes": 21_185}
        assert pages.latest.ballots == kept

    def test_reach_the_reader(self, pages):
        assert pages.ballots == {"cast": 133_000, "left_blank": 21_185, "marked_too_often": 337}
        line = "Ballots with this race: 133,000; left blank: 21,185; marked too often: 337."
        assert line in Published.objects.get().html

    def test_may_fall_without_being_held(self, pages):
        pages.say("20:56", board(61_168, 50_310, (132_000, 132, 20_000)))
        assert not Hold.objects.exists()
        assert pages.ballots == {"cast": 132_000, "left_blank": 20_000, "marked_too_often": 132}

    def test_alone_are_no_step_of_a_race(self, pages):
        pages.say("20:56", board(61_168, 50_310, (132_000, 132, 20_000)))
        pages.say("21:34", board(89_674, 83_256, (210_000, 140, 40_000)))
        assert ContestCount.objects.count() == 3
        counts = [e for e in race_history(pages.contest, Published.objects.get()) if e.figures]
        assert len(counts) == 2
        assert len(race_timeline(pages.contest).steps) == 2

    def test_of_a_held_count_come_with_its_release(self, pages):
        pages.say("20:56", board(61_100, 50_310, (133_500, 400, 21_700)))
        assert pages.ballots["cast"] == 133_000
        releasing.release(Hold.objects.get(), now=at("23:00"))
        assert pages.ballots == {"cast": 133_500, "left_blank": 21_700, "marked_too_often": 400}

    def test_are_unknown_where_the_source_does_not_say(self, night):
        assert set(json.loads(night.published.payload)["ballots"].values()) == {None}
        assert '<p class="result-cast"></p>' in night.published.html


class TestHolds:
    @pytest.fixture
    def primary(self, election) -> Callable[..., Hold]:
        """Let a sheet take a vote from whoever is second of three, under a rule."""
        address = "https://c.example.org/counts.csv"
        source = Source.objects.create(
            election=election, name="Clerk", provider="csv", address=address
        )

        def say(clock: str, bo: int) -> None:
            head = f"# counted_at: {at(clock).isoformat()}\nrace,candidate,votes\n"
            rows = f"Mayor,Ada,50\nMayor,Bo,{bo}\nMayor,Cy,29\n"
            get = answering((head + rows).encode())
            ingest.refresh(source, get=get, clock=lambda: at("23:00"))

        def hold(**rule: object) -> Hold:
            say("20:36", 30)
            Contest.objects.update(status=Contest.Status.CONFIRMED, **rule)
            say("21:36", 28)
            return Hold.objects.get()

        return hold

    def test_see_who_would_go_on(self, primary):
        assert primary(vote_variation="top-two").changes_winners

    def test_see_nothing_in_second_place_where_one_wins(self, primary):
        assert not primary().changes_winners
