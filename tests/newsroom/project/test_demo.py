"""The demonstration: its figures against the archive, its content, its replay."""

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from wagtail.models import Site

from newsroom.pages.models import HomePage, StoryPage
from newsroom.project import demo
from newsroom.project.demo import playback, races, recordings, statewide
from newsroom.project.demo.drafts import HANDED_IN, PROMISED
from newsroom.project.demo.people import LOGINS
from newsroom.project.demo.stories import STORIES, Shelf
from newsroom.project.demo.stories.race_2020 import OUTSPENT, RACE_2020

DATA = Path(os.environ.get("NEWSROOM_SAMPLE_DATA", settings.BASE_DIR.parent / "shared" / "data"))
ARCHIVE = DATA / "la_county" / "2024-11-05-general" / "results"


def district_3(row: dict[str, str]) -> tuple[int, int]:
    names = ("SCOTT MARK SCHMERELSON", "DAN CHANG")
    return tuple(int(row[f"lausd-3: {name}"]) for name in names)


class TestReleases:
    def test_has_every_release_and_every_step_back(self):
        rows = recordings.read_sightings()
        remarks = [row["remark"] for row in rows]
        counted = {row["counted_at"] for row in rows if row["remark"] != "error"}
        assert len(rows) == 60
        assert remarks.count("older") == 16
        assert remarks.count("error") == 1
        assert len(counted) == 1 + 31  # the one before the polls opened has no votes

    def test_marks_as_older_what_is_older_than_a_row_before_it(self):
        newest = ""
        for row in recordings.read_sightings():
            if row["remark"] == "error":
                continue
            assert (row["counted_at"] < newest) == (row["remark"] == "older"), row["seen_at"]
            newest = max(newest, row["counted_at"])

    @pytest.mark.parametrize(
        ("counted_at", "votes"),
        [
            ("2024-11-05T20:36:34.57", (61_168, 50_310)),
            ("2024-11-06T03:46:07.817", (89_674, 83_256)),
            ("2024-12-02T14:55:01.273", (124_331, 116_478)),
        ],
    )
    def test_agrees_with_the_figures_of_the_county(self, counted_at, votes):
        rows = [row for row in recordings.read_sightings() if row["counted_at"] == counted_at]
        assert {district_3(row) for row in rows} == {votes}


class TestStatewideRace:
    def test_has_the_figures_of_the_statement_of_vote(self):
        rows = list(statewide.read_rows())
        assert len({county for county, *_rest in rows}) == 58
        totals = {}
        for _county, name, _party, votes in rows:
            totals[name] = totals.get(name, 0) + int(votes)
        assert (totals["Joseph R. Biden"], totals["Donald J. Trump"]) == (11_110_250, 6_006_429)

    def test_is_the_archives_sheet_turned(self):
        archive = DATA / "openelections_csv" / "20201103__ca__general__county.csv"
        if not archive.is_file():
            pytest.skip(f"There is no sheet {archive}. Set NEWSROOM_SAMPLE_DATA.")
        with archive.open(newline="", encoding="utf-8") as file:
            theirs = {
                (row["county"], row["candidate"], row["party"], row["votes"])
                for row in csv.DictReader(file)
                if row["office"] == "President"
            }
        assert set(statewide.read_rows()) == theirs


class TestWriteRecordings:
    def test_makes_the_documents_that_the_county_sent_less_the_other_contests(self, tmp_path):
        if not ARCHIVE.is_dir():
            pytest.skip(f"There is no archive in {ARCHIVE}. Set NEWSROOM_SAMPLE_DATA.")
        recordings.write_recordings(tmp_path)
        names = sorted(path.name for path in tmp_path.iterdir())
        assert names == sorted(path.name for path in ARCHIVE.iterdir())
        for name in names:
            ours = json.loads((tmp_path / name).read_bytes())
            assert ours == trimmed(json.loads((ARCHIVE / name).read_bytes()), like=ours), name

    def test_gives_equal_bytes_for_equal_counts(self, tmp_path):
        recordings.write_recordings(tmp_path)
        bodies = {path.read_bytes() for path in tmp_path.iterdir()}
        assert len(bodies) == 31 + 1 + 1  # releases, before the election, error

    def test_leaves_files_alone_that_are_right(self, tmp_path):
        recordings.write_recordings(tmp_path)
        before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
        recordings.write_recordings(tmp_path)
        assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before


def trimmed(document: dict, *, like: dict) -> dict:
    """Return the archive's document with the contests that ``like`` has, in its order."""
    if "Election" not in document:
        return document
    kept = {
        contest["Title"]
        for group in like["Election"]["ContestGroups"]
        for contest in group["Contests"]
    }
    groups = []
    for group in document["Election"]["ContestGroups"]:
        contests = [contest for contest in group["Contests"] if contest["Title"] in kept]
        if contests:
            groups.append({**group, "Contests": contests})
    return {**document, "Election": {**document["Election"], "ContestGroups": groups}}


class Anything(dict):
    """An id for whatever a story points at."""

    def __missing__(self, key: str) -> int:
        return 1


SHELF = Shelf(pages=Anything(), asks=Anything(), races=Anything())


def words(story) -> str:
    """All that a reader reads of a story, without markup."""
    pieces = [str(piece["value"]) for piece in story.body(SHELF)]
    return re.sub(r"<[^>]+>", " ", " ".join([story.headline, story.dek, *pieces]))


class TestStories:
    def test_say_of_nobody_that_he_won(self):
        for story in STORIES:
            assert not re.search(r"\b(won|wins|victory|defeated)\b", words(story), re.IGNORECASE)

    def test_quote_nobody(self):
        for story in STORIES:
            assert not re.search("[“”]", words(story)), story.slug

    def test_set_apart_only_what_the_story_says(self):
        assert words(RACE_2020).count(OUTSPENT) == 2

    @pytest.mark.parametrize(
        "fact",
        [
            "apparent winner",
            "conceded on Friday",
            "7 percentage points, around 18,000 votes",
            "more than $6.3 million",
            "more than $2.9 million",
            "just over $1.1 million",
            "nearly 6 to 1",
            "more than 110,000 votes",
            "Ballots remained to be counted",
        ],
    )
    def test_have_the_facts_of_2020(self, fact):
        assert fact in words(RACE_2020)


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """The demonstration in an empty site, for all tests here; each rolls back what it does."""
    with django_db_blocker.unblock(), transaction.atomic():
        # Wagtail makes this right in a migration, and tests run without them.
        admin, _made = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
        Permission.objects.get_or_create(content_type=admin, codename="access_admin")
        demo.load(io.StringIO())
        Site.clear_site_root_paths_cache()
        yield
        transaction.set_rollback(True)
    Site.clear_site_root_paths_cache()


@pytest.fixture
def source(demonstration: None, db: None) -> object:
    return races.find_source()


def get_published() -> dict:
    """What readers have of the District 3 race."""
    published = apps.get_model("elections.Published")
    return json.loads(published.objects.get(contest__race_page__slug="lausd-district-3").payload)


def get_votes() -> tuple[int, int]:
    rows = {row["name"]: row["votes"] for row in get_published()["selections"]}
    return rows["Scott Schmerelson"], rows["Dan Chang"]


def count_rows() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


class TestLoad:
    def test_changes_nothing_the_second_time(self, source):
        story = StoryPage.objects.get(slug=RACE_2020.slug)
        story.title = "A better headline"
        story.save_revision().publish()
        before = count_rows()
        demo.load(io.StringIO())
        assert count_rows() == before
        assert StoryPage.objects.get(pk=story.pk).title == "A better headline"

    def test_opens_with_the_first_count_of_the_night(self, source):
        assert isinstance(Site.objects.get().root_page.specific, HomePage)
        assert get_votes() == (61_168, 50_310)
        story = Client().get("/education/follow-the-count-lausd-district-3/").content.decode()
        assert "61,168" in story
        assert "50,310" in story
        assert story.count("<live-result") == 4

    def test_gives_every_page_to_readers(self, source):
        pages = Site.objects.get().root_page.get_descendants(inclusive=True).live()
        assert pages.count() == 27
        for page in pages:
            answer = Client().get(page.url)
            assert answer.status_code == 200, page.url

    def test_tells_a_race_county_by_county(self, source):
        page = Site.objects.get().root_page.get_descendants().get(slug=statewide.SLUG)
        html = Client().get(page.url).content.decode()
        assert "Together they add up to the result above." in html
        assert html.count('<th scope="row">Los Angeles</th>') == 1

    def test_says_nothing_that_its_races_do_not_allow(self, source):
        find_untrue = import_module("elections.prose.checking").find_untrue
        pages = Site.objects.get().root_page.get_descendants(inclusive=True).live().specific()
        assert [found.said for page in pages for found in find_untrue(page)] == []

    def test_leaves_one_race_for_an_editor_to_name(self, source):
        contests = apps.get_model("elections.Contest").objects
        assert contests.confirmed().count() == 11
        assert contests.get(status="draft").reported_title.startswith("SANTA CLARITA")

    @pytest.mark.parametrize(
        ("right", "holders"),
        [
            ("wagtailadmin.access_admin", {name for name, *_rest in LOGINS}),
            ("elections.add_call", {"admin", "desk", "chief"}),
            ("elections.approve_proposal", {"admin", "chief"}),
            ("newsroom.add_author", {"admin", "editor"}),
            ("newsroom_calls_to_action.add_placement", {"admin", "editor", "letters"}),
            ("newsroom_newsletters.export_subscriber", {"admin", "editor"}),
        ],
    )
    def test_gives_accounts_different_rights(self, source, right, holders):
        users = get_user_model().objects.all()
        assert {user.username for user in users if user.has_perm(right)} == holders

    def test_shows_every_panel_to_its_editor(self, source):
        replay = import_module("elections.replay")
        for document in playback.find_unplayed(source)[:6]:
            replay.play(source, document)
        import_module("elections.prose.checking").check_stories()
        client = Client()
        client.login(username="editor", password="editor")
        html = client.get("/admin/").content.decode()
        told = ["Races to watch", "Stories with untrue numbers", "1 embed in a live story"]
        places = [html.find(words) for words in [*told, PROMISED, HANDED_IN]]
        assert -1 not in places
        assert places == sorted(places)

    def test_says_where_it_stands(self, source):
        demo.stand_at(8104)
        page = StoryPage.objects.get(slug=RACE_2020.slug)
        html = Client().get(page.url).content.decode()
        assert f'<link rel="canonical" href="http://localhost:8104{page.url}">' in html

    def test_keeps_what_a_dead_chart_showed(self, source):
        html = Client().get(StoryPage.objects.get(slug=RACE_2020.slug).url).content.decode()
        assert "It stood on e.infogram.com and has been gone since March 1, 2023." in html
        assert html.count('<td class="number">$2,900,000</td>') == 1

    def test_lets_only_editors_publish(self, source):
        rights = StoryPage.objects.first().permissions_for_user
        users = get_user_model().objects.all()
        publishers = {user.username for user in users if rights(user).can_publish()}
        assert publishers == {"admin", "editor"}


class TestPlayback:
    def test_never_shows_readers_a_smaller_count(self, source):
        replay = import_module("elections.replay")
        shown = [get_votes()]
        for document in playback.find_unplayed(source):
            replay.play(source, document)
            shown.append(get_votes())
        backward = [
            (before, after)
            for before, after in pairwise(shown)
            if after[0] < before[0] or after[1] < before[1]
        ]
        assert backward == []
        assert shown[-1] == (124_331, 116_478)
        assert source.fetches.filter(outcome="stale").count() == 16
        assert source.snapshots.filter(counted_at__gt=races.POLLS_CLOSE_AT).count() == 31

    def test_starts_again_with_the_first_count_as_something_new(self, source):
        player = playback.Playback(speed=0)
        assert player.play_rest(source)
        assert get_votes() == (124_331, 116_478)
        version = get_published()["version"]
        playback.start_again(source)
        assert get_votes() == (61_168, 50_310)
        assert get_published()["version"] > version
        assert len(playback.find_unplayed(source)) == 58

    def test_goes_on_after_a_document_that_fails(self, source, monkeypatch, caplog):
        recording = import_module("elections.replay").Recording
        lost = recording(datetime(2024, 11, 6, 12, tzinfo=UTC), Path("lost.json"))
        monkeypatch.setattr(playback, "find_unplayed", lambda _source: [lost, lost])
        assert playback.Playback(speed=0).play_rest(source)
        assert "lost.json could not be played" in caplog.text

    def test_waits_only_for_what_is_new(self, source):
        waits = []
        player = playback.Playback(speed=60)
        player.stopping.wait = waits.append
        assert player.play_rest(source)
        assert len(waits) == 29  # one before each release left to play
        assert max(waits) == playback.LONGEST_WAIT.total_seconds()

    def test_leaves_a_certified_election_alone(self, source):
        source.election.certified_at = datetime(2024, 12, 3, tzinfo=UTC)
        source.election.save()
        assert not playback.Playback(speed=0).play_rest(source)
        assert get_votes() == (61_168, 50_310)

    def test_stops_when_asked(self, source):
        player = playback.Playback(speed=0)
        player.stop()
        assert not player.play_rest(source)

    def test_lets_one_process_play_at_a_time(self, tmp_path):
        path = tmp_path / "playing"
        with playback.hold(path) as first, playback.hold(path) as second:
            assert (first, second) == (True, False)
        with playback.hold(path) as third:
            assert third
