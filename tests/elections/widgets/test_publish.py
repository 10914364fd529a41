import json
import threading

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from elections.models import Contest, Published, Selection
from elections.widgets import publish
from tests.elections.documents import at, board, document


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
        publish.write_files(night.source.election.pk, everything=True)
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
        publish.write_files_behind()
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
