import pytest
from django.urls import reverse

from elections.desk import reading
from elections.desk.reading import as_text
from elections.models import Snapshot
from elections.widgets import publish


def read(client, snapshot) -> str:
    url = reverse("elections_sources:text", args=[snapshot.pk])
    return client.get(url).content.decode()


class TestAsText:
    @pytest.mark.parametrize(
        ("body", "text"),
        [
            (b'{"a":[1,"\xc3\xa9"]}', '{\n  "a": [\n    1,\n    "é"\n  ]\n}'),
            (b"<a><b>1</b></a>", "<a>\n<b>1</b>\n</a>"),
            (b"a,b\n1,2\n", "a,b\n1,2\n"),
            (b'{"cut off', '{"cut off'),
            (b"[" * 100_000, "[" * 100_000),
            (b"\xff\xfe<\x00a\x00>\x00", "<a>"),
            (b"caf\xe9", "caf�"),
            (b"", ""),
            (b"PK\x03\x04\x00\x00", None),
        ],
    )
    def test_lays_out_what_it_can(self, body, text):
        assert as_text(body) == text

    def test_expands_no_entity(self):
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
        assert "&a;" in as_text(bomb)


class TestDocument:
    def test_is_read_beside_its_verdict_and_its_hash(self, desk, counted):
        text = read(desk, counted.snapshot)
        assert counted.snapshot.sha256 in text
        assert "Accepted" in text
        assert "&quot;Name&quot;: &quot;SCOTT SCHMERELSON&quot;" in text

    def test_of_a_hostile_server_is_not_run(self, desk, say):
        say(35, b"<script>alert(1)</script>")
        text = read(desk, Snapshot.objects.order_by("-pk").first())
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text

    def test_that_is_long_is_cut_and_says_so(self, desk, counted, monkeypatch):
        monkeypatch.setattr(reading, "LONGEST_SHOWN", 100)
        assert "Only the beginning is shown" in read(desk, counted.snapshot)

    def test_is_two_clicks_from_the_number_on_the_page_of_the_race(self, desk, board):
        publish.publish([board.pk])
        page = desk.get(reverse("elections_races:inspect", args=[board.pk])).content.decode()
        snapshot = board.published.count.snapshot
        url = reverse("elections_sources:text", args=[snapshot.pk])
        assert f'href="{url}"' in page
        download = reverse("elections_sources:raw", args=[snapshot.pk])
        assert download in read(desk, snapshot)
        assert desk.get(download).content == snapshot.body
