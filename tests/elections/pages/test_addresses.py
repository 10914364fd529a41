"""A result's link to its race's page follows every change of the address."""

import pytest
from wagtail.models import Site

from elections.pages.models import ElectionPage, RacePage
from elections.widgets import publish
from newsroom.pages.models import StoryPage


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def home():
    return Site.objects.get(is_default_site=True).root_page


def link(night) -> str:
    return night.published.html.partition('href="')[2].partition('"')[0]


class TestLink:
    def test_follows_a_new_slug(self, night, race_page, on_commit) -> None:
        race_page.slug = "district-three"
        with on_commit():
            race_page.save()
        assert link(night) == "/results-2024/district-three/"

    def test_follows_a_new_slug_of_a_page_above(
        self, night, race_page, election_page, on_commit
    ) -> None:
        election_page.slug = "results-of-november"
        with on_commit():
            election_page.save()
        assert link(night) == "/results-of-november/district-3/"

    def test_follows_a_move(self, night, race_page, home, on_commit) -> None:
        with on_commit():
            race_page.move(home, pos="last-child")
        assert link(night) == "/district-3/"

    def test_follows_a_move_of_a_page_above(
        self, night, race_page, election_page, home, on_commit
    ) -> None:
        archive = home.add_child(instance=StoryPage(title="Archive", slug="archive"))
        with on_commit():
            ElectionPage.objects.get().move(archive, pos="last-child")
        assert link(night) == "/archive/results-2024/district-3/"

    def test_is_left_alone_when_another_page_moves(
        self, race_page, home, on_commit, monkeypatch
    ) -> None:
        asked = []
        monkeypatch.setattr(publish, "publish", asked.append)
        other = home.add_child(instance=StoryPage(title="Other", slug="other"))
        other.slug = "another"
        with on_commit():
            other.save()
        assert asked == []

    def test_harms_no_page_when_it_cannot_be_published(
        self, night, race_page, on_commit, monkeypatch, caplog
    ) -> None:
        def broken(contest_ids: list[int]) -> None:
            raise OSError("The disk is full.")

        monkeypatch.setattr(publish, "publish", broken)
        race_page.slug = "district-three"
        with on_commit():
            race_page.save()
        assert RacePage.objects.get().slug == "district-three"
        assert "The disk is full." in caplog.text
