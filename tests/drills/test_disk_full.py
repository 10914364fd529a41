"""The disk that result files are written to is full."""

import contextlib
import resource
from collections.abc import Iterator

import pytest

from elections.models import Fetch
from elections.widgets.files import write_files_behind
from elections.widgets.storage import AtomicFileSystemStorage
from tests.elections.conftest import election, night, source
from tests.elections.documents import at, board, document

__all__ = ["election", "night", "source"]


@contextlib.contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond ``size`` bytes: a write stops half-way, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def little_room_for_results(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fill the disk of the result files alone; the database is on another one."""
    save = AtomicFileSystemStorage._save

    def save_in_little_room(*args: object) -> str:
        with room_for(200):
            return save(*args)

    with monkeypatch.context() as patch:
        patch.setattr(AtomicFileSystemStorage, "_save", save_in_little_room)
        yield


def test_the_old_files_stay_whole_until_there_is_room(night, results_folder, monkeypatch):
    files = sorted(path for path in results_folder.rglob("*") if path.is_file())
    before = [path.read_bytes() for path in files]
    release = document(at("21:10"), board(65_000, 55_000))
    full = pytest.raises(OSError, match="File too large")
    with little_room_for_results(monkeypatch), full:
        night.say(release, seen="21:12")

    assert [path.read_bytes() for path in files] == before
    assert sorted(path for path in results_folder.rglob("*") if path.is_file()) == files
    assert Fetch.objects.latest("pk").outcome == "accepted"
    assert night.shown == {"Scott Schmerelson": 65_000, "Dan Chang": 55_000}

    write_files_behind()
    page = results_folder / "contest" / f"{night.contest.pk}.html"
    assert page.read_text() == night.published.html
