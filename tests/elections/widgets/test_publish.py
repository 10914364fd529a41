import json
import threading
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import F
from django.utils import timezone, translation

from elections.models import (
    Call,
    Contest,
    CurrentCount,
    Election,
    Hold,
    Published,
    Selection,
)
from elections.widgets import files, publish
from tests.elections.documents import at, board, contest, document
from tests.elections.widgets.results import make_result


class TestVersion:
    def test_rises_when_readers_see_something_new(self, night):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert night.published.version == 2

    def test_stays_when_they_would_not(self, night):
        assert publish.publish([night.contest.pk]) == []
        assert night.published.version == 1

    def test_stands_in_the_fragment_and_the_payload(self, night):
        assert 'data-version="1"' in night.published.html
        assert json.loads(night.published.payload)["version"] == 1


class TestSourceLine:
    def test_is_shared_only_by_races_of_which_it_says_the_same(self):
        lines = {}
        results = [
            make_result(),
            make_result(contest_id=13),
            make_result(counted_at=at("21:34")),
            make_result(time_zone="America/New_York"),
            make_result(source_name="State"),
            make_result(source_url=""),
            make_result(is_final=True),
        ]
        together = [publish.render_fragment(result, lines) for result in results]
        assert together == [publish.render_fragment(result) for result in results]
        assert len(lines) == 6

    def test_is_told_in_the_language_of_the_reader(self):
        lines = {}
        in_english = publish.render_fragment(make_result(), lines)
        with translation.override("de"):
            assert publish.render_fragment(make_result(), lines) != in_english
        assert len(lines) == 2


class TestDraft:
    def test_is_not_published(self, night):
        Contest.objects.update(status=Contest.Status.DRAFT)
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert night.published.version == 1


class TestManifest:
    def read(self, folder, night):
        path = folder / "election" / str(night.source.election.pk) / "manifest.json"
        return json.loads(path.read_text())

    def test_names_the_latest_versions(self, night, results_folder):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert self.read(results_folder, night)["versions"] == {str(night.contest.pk): 2}

    def test_comes_after_the_files_that_it_names(self, night, results_folder, monkeypatch):
        storage = storages["elections_results"]
        names = []
        real = type(storage).save

        def save(self, name, content):
            names.append(name)
            return real(self, name, content)

        monkeypatch.setattr(type(storage), "save", save)
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert names[-1].endswith("manifest.json")
        assert len(names) == 3


class TestFiles:
    def test_come_back_after_the_folder_was_lost(self, night, results_folder):
        import shutil

        shutil.rmtree(results_folder)
        files.write_files(night.source.election.pk, everything=True)
        path = results_folder / "contest" / f"{night.contest.pk}.html"
        assert path.read_text() == night.published.html

    def test_that_cannot_be_written_leave_the_row_and_are_written_later(
        self, night, results_folder, monkeypatch
    ):
        storage = storages["elections_results"]

        def full(*args):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(type(storage), "_save", full)
        with pytest.raises(OSError, match="No space"):
            night.say(document(at("21:34"), board(89_674, 83_256)))
        monkeypatch.undo()
        path = results_folder / "contest" / f"{night.contest.pk}.html"
        assert 'data-version="1"' in path.read_text()
        assert night.published.version == 2
        files.write_files_behind()
        assert path.read_text() == night.published.html


class TestAtomicStorage:
    def test_never_shows_half_a_file(self, results_folder, db):
        storage = storages["elections_results"]
        bodies = [letter * 200_000 for letter in "abcd"]
        storage.save("x.html", ContentFile(bodies[0].encode()))
        path = results_folder / "x.html"
        stop = threading.Event()
        torn = []

        def read():
            while not stop.is_set():
                text = path.read_text()
                if text not in bodies:
                    torn.append(len(text))

        reader = threading.Thread(target=read)
        reader.start()
        for _ in range(25):
            for body in bodies:
                storage.save("x.html", ContentFile(body.encode()))
        stop.set()
        reader.join()
        assert torn == []

    def test_leaves_no_temporary_file_behind(self, results_folder, db):
        storage = storages["elections_results"]

        class Broken(ContentFile):
            def chunks(self, chunk_size=None):
                yield b"half"
                raise OSError("The disk is gone.")

        storage.save("x.html", ContentFile(b"whole"))
        with pytest.raises(OSError, match="gone"):
            storage.save("x.html", Broken(b""))
        assert [path.name for path in results_folder.iterdir()] == ["x.html"]


class TestStaleContests:
    @pytest.fixture(autouse=True)
    def at_rest(self, night):
        """Everything was looked at once more, when no transaction could be open any more."""
        publish.publish_stale(timezone.now() + publish.LONGEST_TRANSACTION)

    def test_are_none_after_publishing(self, night):
        assert list(publish.stale_contests()) == []

    def test_have_one_whose_selection_was_renamed(self, night):
        selection = Selection.objects.first()
        selection.name = "Another"
        selection.save()
        assert list(publish.stale_contests()) == [night.contest]

    def test_have_one_that_was_never_published(self, night):
        Published.objects.all().delete()
        assert list(publish.stale_contests()) == [night.contest]


class TestFactThatWasCommittedLate:
    """A worker took its time, and died, while another looked and found nothing new."""

    def commit_late(self, night, **facts):
        looked_at = timezone.now()
        publish.publish([night.contest.pk], now=looked_at)
        return looked_at - timedelta(seconds=20)

    def test_is_found_when_it_is_a_count(self, night):
        before_the_look = self.commit_late(night)
        CurrentCount.objects.update(changed_at=before_the_look)
        assert night.contest in publish.stale_contests(timezone.now())

    def test_is_found_when_it_is_a_call_that_was_begun_before_the_latest(self, night):
        late = Call.objects.create(contest=night.contest, kind="too-close", authority="Desk")
        latest = Call.objects.create(contest=night.contest, kind="too-close", authority="Desk")
        Published.objects.update(call=latest)
        Call.objects.filter(pk=late.pk).update(made_at=self.commit_late(night))
        Published.objects.update(call=latest)
        assert night.contest in publish.stale_contests(timezone.now())

    def test_is_looked_for_no_longer_than_a_transaction_lasts(self, night):
        at_rest = timezone.now() - timedelta(seconds=130)
        for model in (CurrentCount, Hold):
            model.objects.update(changed_at=at_rest)
        for model in (Contest, Selection, Election):
            model.objects.update(updated_at=at_rest)
        publish.publish([night.contest.pk])
        assert not publish.stale_contests(timezone.now()).exists()


class TestWriteFilesInChunks:
    @pytest.fixture
    def many(self, night, monkeypatch):
        """Five confirmed races whose files are behind, and two of them to a chunk."""
        monkeypatch.setattr(files, "CHUNK", 2)
        others = [contest(f"CITY {n} Mayor", {"A": 5, "B": 4}) for n in range(4)]
        night.say(document(at("21:34"), board(89_674, 83_256), *others))
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        return night

    def names(self, monkeypatch, *, fails_at: int = 99) -> list[str]:
        written: list[str] = []
        storage = type(storages["elections_results"])
        real = storage.save

        def save(self, name, content):
            if len(written) >= fails_at:
                raise OSError(5, "The store is away")
            written.append(name)
            return real(self, name, content)

        monkeypatch.setattr(storage, "save", save)
        return written

    def test_name_every_race_in_one_manifest_at_the_end(self, many, results_folder, monkeypatch):
        written = self.names(monkeypatch)
        publish.publish_stale()
        assert [name for name in written if "manifest" in name] == written[-1:]
        manifest = json.loads((results_folder / written[-1]).read_text())
        assert len(manifest["versions"]) == 5

    def test_go_on_where_they_broke_off(self, many, results_folder, monkeypatch):
        with monkeypatch.context() as broken:
            self.names(broken, fails_at=5)
            with pytest.raises(OSError, match="away"):
                publish.publish_stale()
        behind = Published.objects.filter(written_version__lt=F("version"))
        assert behind.count() == 2
        written = self.names(monkeypatch)
        files.write_files_behind()
        assert len(written) == 2 * 2 + 1
        manifest = json.loads((results_folder / written[-1]).read_text())
        assert len(manifest["versions"]) == 5

    def test_leave_a_race_out_of_the_manifest_until_its_file_is_there(
        self, many, results_folder, monkeypatch
    ):
        publish.publish_stale()
        Published.objects.filter(contest=many.contest).update(version=9, written_version=2)
        text = files.Manifest.of_files(many.source.election_id).as_text()
        assert json.loads(text)["versions"][str(many.contest.pk)] == 2
