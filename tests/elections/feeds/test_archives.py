from __future__ import annotations

import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.feeds.archives import read_member
from elections.feeds.contract import FeedError

DETAIL = b"<ElectionResult/>" * 100


def pack(members: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as opened:
        for name, body in members.items():
            opened.writestr(zipfile.ZipInfo(name), body, compress_type=method)
    return archive.getvalue()


def refuse(archive: bytes, **limits: int) -> str:
    with pytest.raises(FeedError) as caught:
        read_member(archive, "detail.xml", **limits)
    assert "Readers keep the last good count." in caught.value.message
    return caught.value.code


class TestReadMember:
    def test_gives_the_bytes_of_the_member(self) -> None:
        archive = pack({"detail.xml": DETAIL, "readme.txt": b"more"})
        assert read_member(archive, "detail.xml") == DETAIL

    def test_reads_what_is_not_compressed(self) -> None:
        archive = pack({"detail.xml": DETAIL}, method=zipfile.ZIP_STORED)
        assert read_member(archive, "detail.xml") == DETAIL

    @pytest.mark.parametrize(
        "name",
        [
            "../detail.xml",
            "../../etc/detail.xml",
            "/detail.xml",
            "folder/detail.xml",
            "DETAIL.XML",
            "detail.xml.zip",
        ],
    )
    def test_refuses_every_other_name(self, name: str) -> None:
        assert refuse(pack({name: DETAIL})) == "zip-members"

    def test_refuses_a_name_that_goes_on_after_a_nul(self) -> None:
        archive = pack({"detail.xml+.exe": DETAIL}).replace(b"detail.xml+", b"detail.xml\0")
        assert refuse(archive) == "zip-members"

    def test_refuses_two_of_the_name(self) -> None:
        archive = pack({"detail.xml": DETAIL, "detail.xmk": b"other"})
        assert refuse(archive.replace(b"detail.xmk", b"detail.xml")) == "zip-members"

    def test_leaves_a_nested_archive_packed(self) -> None:
        inner = pack({"detail.xml": DETAIL})
        assert refuse(pack({"detail.zip": inner})) == "zip-members"
        assert read_member(pack({"detail.xml": inner}), "detail.xml") == inner

    def test_refuses_a_bomb_without_unpacking_it(self) -> None:
        bomb = pack({"detail.xml": bytes(100 * 2**20)})
        assert len(bomb) < 200_000
        tracemalloc.start()
        try:
            assert refuse(bomb) == "too-large"
            assert tracemalloc.get_traced_memory()[1] < 3 * 2**20
        finally:
            tracemalloc.stop()

    def test_refuses_a_bomb_that_declares_a_small_size(self) -> None:
        bomb = bytearray(pack({"detail.xml": bytes(50 * 2**20)}))
        size = (50 * 2**20).to_bytes(4, "little")
        lying = bytes(bomb.replace(size, (1000).to_bytes(4, "little")))
        assert refuse(lying) in {"too-large", "not-zip"}

    def test_refuses_more_than_a_count_has(self) -> None:
        assert refuse(pack({"detail.xml": DETAIL}), max_bytes=len(DETAIL) - 1) == "too-large"
        archive = pack({"detail.xml": DETAIL})
        assert read_member(archive, "detail.xml", max_bytes=len(DETAIL)) == DETAIL

    def test_refuses_a_password(self) -> None:
        archive = bytearray(pack({"detail.xml": DETAIL}))
        archive[6] |= 1
        archive[archive.index(b"PK\x01\x02") + 8] |= 1
        assert refuse(bytes(archive)) == "not-zip"

    @pytest.mark.parametrize(
        ("archive", "code"),
        [
            (b"", "empty"),
            (b" \n", "empty"),
            (b"<!DOCTYPE html><p>Be right back", "html"),
            (b"PK\x03\x04 and no more", "not-zip"),
            (pack({"detail.xml": DETAIL})[:-30], "not-zip"),
            (pack({}), "zip-members"),
        ],
    )
    def test_says_what_came_instead(self, archive: bytes, code: str) -> None:
        assert refuse(archive) == code

    def test_writes_nothing_to_the_disk(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        read_member(pack({"detail.xml": DETAIL, "../other": b"x"}), "detail.xml")
        assert list(tmp_path.parent.glob("**/detail.xml")) == []
        assert list(tmp_path.iterdir()) == []

    @given(st.data())
    def test_raises_nothing_but_feed_errors(self, data: st.DataObject) -> None:
        archive = bytearray(pack({"detail.xml": DETAIL, "other": b"abc"}))
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(archive) - 1))
            archive[at] = data.draw(st.integers(0, 255))
        try:
            body = read_member(bytes(archive), "detail.xml")
        except FeedError:
            return
        assert len(body) <= 128 * 2**20
