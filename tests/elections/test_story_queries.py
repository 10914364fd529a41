import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.rich_text import RichText

from elections.models import BallotsRemaining, Contest
from elections.widgets.publish import publish_stale
from newsroom.models import Author, Topic
from newsroom.pages.models import PackagePage, PackagePart, StoryByline, StoryPage, StoryTopic
from tests.elections.documents import at, contest, document
from tests.elections.stories import make_section, make_story
from tests.newsroom.conftest import make_image

__all__ = ["make_image"]


def count_in_all(night, clock: str, votes: int) -> None:
    """Have the county release a count of ten races."""
    seats = [f"CITY OF BELL Member, Seat {n}" for n in range(10)]
    races = [contest(seat, {"A": votes + n, "B": votes - 100}) for n, seat in enumerate(seats)]
    night.say(document(at(f"{clock}:00"), *races), seen=f"{clock}:01")


@pytest.fixture
def contests(night) -> list[Contest]:
    count_in_all(night, "21", 500)
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    publish_stale()
    return list(Contest.objects.filter(name__startswith="City of Bell"))


def add_figures(story, contests) -> None:
    """Publish the story with a sentence for each race, with its margin in it."""
    figure = '<p>By <embed embedtype="live-figure" contest="{}" figure="margin"/>.</p>'
    for race in contests:
        story.body.append(("paragraph", RichText(figure.format(race.pk))))
    story.save_revision().publish()


def widgets_of(contests, *, rounds: int) -> list[tuple[str, object]]:
    """Return seven widgets for each round, of all kinds, of other races in each."""
    found: list[tuple[str, object]] = []
    for place in range(rounds):
        race, other = contests[place], contests[place + 5]
        found += [
            ("live_result", {"contest": race, "size": "story"}),
            ("live_result", {"contest": other, "size": "line"}),
            ("races", {"races": [race, other], "size": "line"}),
            ("count_timeline", {"contest": race}),
            ("count_timeline", {"contest": other}),
            ("scoreboard", {"election": race.election, "group": "Seats" if place else ""}),
            ("needed_share", {"contest": race}),
        ]
    return found


def scripts_of(html: str) -> list[str]:
    return re.findall(r'<script[^>]* src="/static/([^"?]+)', html)


@pytest.fixture
def queries_of(contests, client):
    """How many queries a warm view of a story takes, by its results and its links."""
    section = make_section()
    linked = [make_story(section) for _ in range(20)]

    def count(*, results: int, links: int, figures: int = 0) -> int:
        story = make_story(section, contests=contests[:results], links=linked[:links])
        if figures:
            add_figures(story, contests[:figures])
        client.get(story.url)
        with CaptureQueriesContext(connection) as queries:
            html = client.get(story.url).content.decode()
        assert html.count("<live-result") == results
        assert html.count("<live-figure") == figures
        assert len(gzip.compress(html.encode())) < 30_000
        assert html.count("/education/story-") >= links
        return len(queries)

    return count


@pytest.fixture
def queries_with(night, contests, make_image, client):
    """How many queries a warm view of a story with these widgets and pictures takes."""
    count_in_all(night, "22", 900)
    for race in contests:
        facts = {"estimate": 1_000, "as_of": at("22:00"), "source_name": "The county"}
        BallotsRemaining.objects.create(election=race.election, contest=race, **facts)
    publish_stale()
    Contest.objects.filter(pk__in=[race.pk for race in contests[5:]]).update(group="Seats")
    section = make_section()
    links = [make_story(section) for _ in range(10)]
    picture = make_image()

    def count(*, rounds: int, pictures: int = 0) -> int:
        story = make_story(section, links=links)
        story.body.extend(widgets_of(contests, rounds=rounds))
        story.body.extend([("image", {"image": picture, "caption": "Ballots"})] * pictures)
        story.save_revision().publish()
        client.get(story.url)
        with CaptureQueriesContext(connection) as queries:
            html = client.get(story.url).content.decode()
        assert html.count("<live-result") == 4 * rounds
        assert html.count("2 releases of the count") == 2 * rounds
        assert html.count('class="scoreboard"') == rounds
        assert html.count('class="needed-share"') == rounds
        assert html.count('<figure class="image">') == pictures
        return len(queries)

    return count


@pytest.fixture
def whole_story(contests, make_image) -> StoryPage:
    """A story with ten results, figures and links, and with all else that a story may have."""
    section = make_section()
    others = [make_story(section) for _ in range(15)]
    story = make_story(section, contests=contests[:9], links=others[:10])
    story.lead_image, story.lead_image_alt = make_image(), "Ballots"
    second = Author.objects.create(name="Daniel Okafor", slug="daniel-okafor")
    StoryByline.objects.create(page=story, author=second)
    for name in ("Schools", "Money"):
        topic = Topic.objects.create(name=name, slug=name.lower())
        StoryTopic.objects.create(page=story, topic=topic)
    story.body.append(("related_stories", {"items": [{"page": others[13]}, {"page": others[14]}]}))
    story.body.append(("races", {"races": contests, "size": "line"}))
    story.body.append(("candidate", {"contest": contests[0], "name": "A"}))
    add_figures(story, contests)
    package = section.add_child(instance=PackagePage(title="All of it", slug="all-of-it"))
    for part in (story, *others[10:11]):
        PackagePart.objects.create(package=package, story=part)
    return StoryPage.objects.get(pk=story.pk)


class TestAStoryWithAllItMayHave:
    def test_takes_fourteen_queries_at_most(self, whole_story, client):
        client.get(whole_story.url)
        with CaptureQueriesContext(connection) as queries:
            html = client.get(whole_story.url).content.decode()
        for part in ("story-lead-image", "related-stories", "Part 1 of 2", "further-stories"):
            assert part in html
        assert "Daniel Okafor" in html
        assert "Schools</a>" in html
        assert html.count("<live-result") == 19
        assert html.count('class="story-subject-state"') == 10
        assert len(queries) <= 14, "\n".join(query["sql"][:200] for query in queries)


class TestAStoryWithAllKindsOfWidgets:
    def test_takes_fourteen_queries_at_most(self, queries_with):
        assert queries_with(rounds=2) <= 14

    def test_takes_none_for_further_ones(self, queries_with):
        assert queries_with(rounds=5) == queries_with(rounds=2) == queries_with(rounds=1)

    def test_takes_two_for_its_pictures_whatever_their_number(self, queries_with):
        assert queries_with(rounds=1, pictures=4) == queries_with(rounds=1, pictures=1)
        assert queries_with(rounds=1, pictures=4) == queries_with(rounds=1) + 2


class TestStory:
    def test_takes_fourteen_queries_at_most(self, queries_of):
        assert queries_of(results=10, links=10) <= 14

    def test_takes_none_for_a_further_result(self, queries_of):
        assert queries_of(results=10, links=10) == queries_of(results=5, links=10)

    def test_takes_none_for_a_further_link(self, queries_of):
        assert queries_of(results=5, links=20) == queries_of(results=5, links=10)

    def test_takes_none_for_its_figures(self, queries_of):
        assert queries_of(results=10, links=10, figures=10) == queries_of(results=10, links=10)

    def test_takes_none_for_a_further_figure(self, queries_of):
        few = queries_of(results=10, links=10, figures=2)
        assert queries_of(results=10, links=10, figures=10) == few

    def test_brings_less_than_five_kilobytes_of_scripts(self, contests, client):
        story = make_story(make_section(), contests=contests)
        add_figures(story, contests)
        scripts = scripts_of(client.get(story.url).content.decode())
        assert "elections/live-result.js" in scripts
        sizes = [len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in scripts]
        assert sum(sizes) < 5_000
