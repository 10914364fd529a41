import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elections.models import Contest
from elections.widgets.publish import publish_stale
from tests.elections.documents import at, contest, document
from tests.elections.stories import make_section, make_story


@pytest.fixture
def contests(night) -> list[Contest]:
    races = [contest(f"CITY OF BELL Member, Seat {n}", {"A": 500 + n, "B": 400}) for n in range(10)]
    night.say(document(at("21:00"), *races), seen="21:01")
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    publish_stale()
    return list(Contest.objects.filter(name__startswith="City of Bell"))


@pytest.fixture
def queries_of(contests, client):
    """How many queries a warm view of a story takes, by its results and its links."""
    section = make_section()
    linked = [make_story(section) for _ in range(20)]

    def count(*, results: int, links: int) -> int:
        story = make_story(section, contests=contests[:results], links=linked[:links])
        client.get(story.url)
        with CaptureQueriesContext(connection) as queries:
            html = client.get(story.url).content.decode()
        assert html.count("<live-result") == results
        assert html.count("/education/story-") >= links
        return len(queries)

    return count


class TestStory:
    def test_takes_fourteen_queries_at_most(self, queries_of):
        assert queries_of(results=5, links=10) <= 14

    def test_takes_none_for_a_further_result(self, queries_of):
        assert queries_of(results=10, links=10) == queries_of(results=5, links=10)

    def test_takes_none_for_a_further_link(self, queries_of):
        assert queries_of(results=5, links=20) == queries_of(results=5, links=10)
