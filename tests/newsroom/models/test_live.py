import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.models import PageViewRestriction

from newsroom.pages.models import LiveCoveragePage, LiveEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def coverage(section) -> LiveCoveragePage:
    page = section.add_child(instance=LiveCoveragePage(title="The night", slug="night", live=False))
    page.save_revision().publish()
    return LiveCoveragePage.objects.get(pk=page.pk)


@pytest.fixture
def post(coverage):
    def post(title: str = "", minutes_ago: int = 0, **fields) -> LiveEntry:
        at = timezone.now() - timedelta(minutes=minutes_ago)
        fields = {"text": f"<p>What happened: {title}</p>", "posted_at": at, **fields}
        return LiveEntry.objects.create(coverage=coverage, title=title, **fields)

    return post


def headlines(response) -> list[str]:
    return re.findall(r"<h3>(.*?)</h3>", response.content.decode())


def graph(response) -> dict:
    data = re.search(r"application/ld\+json\">(.*?)</script>", response.content.decode(), re.DOTALL)
    return json.loads(data[1])["@graph"][0]


class TestEntries:
    def test_come_newest_first_after_the_pinned(self, post, coverage, client):
        post("First", 30), post("Pinned", 20, is_pinned=True), post("Last", 10)
        assert headlines(client.get(coverage.url)) == ["Pinned", "Last", "First"]

    def test_are_not_shown_before_they_are_public(self, post, coverage, client):
        post("Draft", is_public=False)
        assert headlines(client.get(coverage.url)) == []

    def test_have_pages_of_fifty(self, post, coverage, client):
        for number in range(51):
            post(f"Entry {number}", minutes_ago=100 - number)
        assert len(headlines(client.get(coverage.url))) == 50
        second = client.get(coverage.url + "?page=2")
        assert headlines(second) == ["Entry 0"]
        assert "live-news" not in second.content.decode()

    def test_take_as_many_queries_for_five_hundred_as_for_two(self, post, coverage, client):
        def queries() -> int:
            client.get(coverage.url)
            with CaptureQueriesContext(connection) as asked:
                client.get(coverage.url)
            return len(asked)

        post("One"), post("Two")
        few = queries()
        at = timezone.now()
        LiveEntry.objects.bulk_create(
            LiveEntry(
                coverage=coverage, title=f"{n}", text="<p>So.</p>", posted_at=at, change=n + 9
            )
            for n in range(500)
        )
        assert queries() == few
        assert few <= 17

    def test_need_a_description_of_their_image_and_a_headline_for_a_key(self, coverage, make_image):
        entry = LiveEntry(coverage=coverage, text="<p>So.</p>", image=make_image(), is_key=True)
        with pytest.raises(ValidationError) as caught:
            entry.full_clean()
        assert set(caught.value.message_dict) == {"image_alt", "title"}

    def test_cannot_be_of_the_future(self, coverage):
        later = timezone.now() + timedelta(hours=1)
        entry = LiveEntry(coverage=coverage, text="<p>So.</p>", posted_at=later)
        with pytest.raises(ValidationError):
            entry.full_clean()

    def test_say_when_they_were_corrected(self, post, coverage, client):
        entry = post("So", correction="The margin is 7 points, not 9.")
        assert entry.corrected_at is not None
        html = client.get(coverage.url).content.decode()
        assert "Corrected" in html
        assert "The margin is 7 points, not 9." in html

    def test_number_the_changes_of_their_coverage(self, post, coverage):
        first, second = post("A"), post("B")
        first.save()
        assert (second.change, first.change) == (2, 3)
        assert coverage.count_changes() == 3


class TestTheAddressOfAnEntry:
    def test_shows_it_alone_under_its_own_address(self, post, coverage, client):
        entry = post("This one", 5)
        post("Another")
        response = client.get(f"{coverage.url}entry/{entry.pk}/")
        html = response.content.decode()
        assert "<h1>This one</h1>" in html
        assert "Another" not in html
        address = f"http://localhost{coverage.url}entry/{entry.pk}/"
        assert f'<link rel="canonical" href="{address}">' in html

    def test_is_not_found_for_a_draft_or_a_stranger(self, post, coverage, client):
        draft = post("Draft", is_public=False)
        for number in (draft.pk, 99, 10**17):
            assert client.get(f"{coverage.url}entry/{number}/").status_code == 404

    def test_is_as_private_as_the_coverage(self, post, coverage, client):
        entry = post("Secret")
        PageViewRestriction.objects.create(page=coverage, restriction_type="login")
        for part in (f"entry/{entry.pk}/", "entries/"):
            assert b"Secret" not in client.get(coverage.url + part).content


class TestTimesOfEntries:
    def test_are_printed_as_the_language_does(self, post, coverage, client):
        at = datetime(2024, 11, 6, 4, 12, tzinfo=UTC)
        post("So", posted_at=at, is_key=True, correction="It was District 3.")
        html = client.get(coverage.url).content.decode()
        assert html.count(">8:12 p.m. Nov. 5</time>") == 2
        with translation.override("es"):
            spanish = render_to_string(
                "newsroom/live_entry.html", {"entry": coverage.entries.get()}
            )
        assert "8:12 p.\N{NO-BREAK SPACE}m. del 5 de noviembre" in spanish


class TestTheNewestEntries:
    def test_are_a_fragment_that_caches_keep_for_a_moment(self, post, coverage, client):
        post("So")
        response = client.get(coverage.url + "entries/")
        assert response.content.decode().startswith("<ol") or "<ol" in response.content.decode()
        assert "<html" not in response.content.decode()
        assert "max-age=5" in response["Cache-Control"]
        assert 'data-version="1"' in response.content.decode()

    def test_are_not_sent_twice(self, post, coverage, client):
        entry = post("So")
        etag = client.get(coverage.url + "entries/")["ETag"]
        again = client.get(coverage.url + "entries/", headers={"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")
        entry.save()
        changed = client.get(coverage.url + "entries/", headers={"if-none-match": etag})
        assert changed.status_code == 200

    def test_say_that_it_is_over(self, post, coverage, client):
        post("So")
        coverage.ended_at = timezone.now()
        coverage.save_revision().publish()
        assert 'data-over="1"' in client.get(coverage.url + "entries/").content.decode()
        assert "live-coverage.js" not in client.get(coverage.url).content.decode()

    def test_go_with_the_page(self, post, coverage, client):
        post("So")
        coverage.unpublish()
        assert client.get(coverage.url + "entries/").status_code == 404


class TestWhatSearchEnginesRead:
    def test_is_a_live_blog_while_it_is_live(self, post, coverage, client):
        entry = post("So it is")
        read = graph(client.get(coverage.url))
        assert read["@type"] == "LiveBlogPosting"
        assert read["liveBlogUpdate"][0]["headline"] == "So it is"
        assert read["liveBlogUpdate"][0]["url"].endswith(f"/night/entry/{entry.pk}/")

    def test_is_an_article_afterwards(self, post, coverage, client):
        post("So it is")
        coverage.ended_at = timezone.now() - timedelta(minutes=1)
        coverage.save_revision().publish()
        assert graph(client.get(coverage.url))["@type"] == "NewsArticle"


class TestLiveCoverage:
    def test_stands_in_the_lists_of_stories(self, coverage, section, client):
        assert coverage.title in client.get(section.url).content.decode()

    def test_asks_with_less_than_700_bytes_of_script(self):
        script = Path(finders.find("newsroom/live-coverage.js")).read_bytes()
        assert len(gzip.compress(script, 9, mtime=0)) < 700

    def test_is_updated_when_an_entry_is_posted(self, post, coverage):
        entry = post("So")
        assert coverage.updated_at == entry.posted_at
