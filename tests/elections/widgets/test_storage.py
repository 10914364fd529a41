import stat

import pytest
from django.core.files.base import ContentFile

from elections.widgets.storage import AtomicFileSystemStorage


@pytest.fixture
def storage(tmp_path):
    return AtomicFileSystemStorage(location=tmp_path, base_url="/results/")


class TestAtomicFileSystemStorage:
    def test_makes_the_folders_it_needs(self, storage, tmp_path):
        storage.save("contest/12.html", ContentFile(b"first"))
        assert (tmp_path / "contest" / "12.html").read_bytes() == b"first"

    def test_can_be_read_by_a_web_server_of_another_user(self, storage, tmp_path):
        storage.save("contest/12.html", ContentFile(b"first"))
        mode = (tmp_path / "contest" / "12.html").stat().st_mode
        assert stat.S_IMODE(mode) == 0o644

    def test_leaves_nothing_behind_when_it_fails(self, storage, tmp_path, monkeypatch):
        storage.save("contest/12.html", ContentFile(b"first"))
        monkeypatch.setattr("os.fchmod", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            storage.save("contest/12.html", ContentFile(b"second"))
        assert [path.name for path in (tmp_path / "contest").iterdir()] == ["12.html"]
        assert (tmp_path / "contest" / "12.html").read_bytes() == b"first"
