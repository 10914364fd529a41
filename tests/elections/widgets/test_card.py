import io
import json
import struct

import pytest
from django.urls import reverse
from PIL import Image, ImageFont

from elections.models import Election, Published
from elections.widgets import card
from elections.widgets.descriptions import describe
from tests.elections.documents import at, board, document
from tests.elections.widgets.results import make_result, make_row

WORDS = card.Words("As of 9:34 p.m. Nov. 5, 2024.", "The Valley Ledger", "America/Los_Angeles")


@pytest.fixture
def address(night) -> str:
    return reverse("elections:card", args=[night.contest.pk])


class TestCardView:
    def test_is_a_picture_of_the_size_that_is_shared(self, client, address):
        response = client.get(address)
        assert response["Content-Type"] == "image/png"
        assert response.content[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", response.content[16:24]) == (1200, 630)
        assert len(response.content) < 80_000
        assert not response.cookies

    def test_of_the_current_version_is_kept_for_good(self, client, address):
        assert "immutable" in client.get(f"{address}?v=1")["Cache-Control"]

    @pytest.mark.parametrize("query", ["", "?v=99", "?v=x"])
    def test_of_any_other_is_asked_for_again(self, client, address, query):
        response = client.get(address + query)
        assert response.status_code == 200
        assert "immutable" not in response["Cache-Control"]
        assert "public" in response["Cache-Control"]

    def test_is_not_sent_twice(self, client, address):
        etag = client.get(address)["ETag"]
        again = client.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")

    def test_is_drawn_once_for_a_version(self, client, address, night, monkeypatch):
        drawn = []
        monkeypatch.setattr(card, "draw", lambda *_: drawn.append(1) or b"png")
        client.get(address)
        client.get(f"{address}?v=1")
        assert len(drawn) == 1
        night.say(document(at("21:34"), board(89_674, 83_256)))
        client.get(address)
        assert len(drawn) == 2

    def test_of_nothing_is_not_found(self, client, address):
        Published.objects.all().delete()
        assert client.get(address).status_code == 404


class TestDescription:
    def test_has_the_words_of_the_result_and_its_time(self, night):
        assert describe(night.published) == (
            f"{night.contest.name}. Counting. Scott Schmerelson leads by 10,858 votes "
            "(9.7 points). As of 8:36 p.m. Nov. 5, 2024. Source: LA County Registrar."
        )

    def test_of_a_rehearsal_begins_with_it(self, night):
        from elections.widgets.publish import publish_stale

        Election.objects.get().save()
        election = Election.objects.get()
        election.is_test = True
        election.save()
        publish_stale()
        assert describe(night.published).startswith("This is a test.")


class TestDrawing:
    def texts(self, monkeypatch, **changes: object) -> list[str]:
        """Return what is written on a card."""
        from PIL import ImageDraw

        written = []
        real = ImageDraw.ImageDraw.text

        def text(pen, place, words, **looks):
            written.append(words)
            real(pen, place, words, **looks)

        monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
        result = make_result(**changes)
        card.draw(json.loads(json.dumps(result.as_json())), WORDS)
        return written

    def test_says_who_has_how_many_as_of_when(self, monkeypatch):
        written = self.texts(monkeypatch)
        for words in ("Scott Schmerelson", "89,674", "51.9%", "Counting", WORDS.as_of):
            assert words in written

    def test_claims_no_share_of_nothing(self, monkeypatch):
        written = self.texts(monkeypatch, schmerelson=0, chang=0)
        assert "—" in written
        assert "0.0%" not in written

    def test_says_how_many_it_leaves_out(self, monkeypatch):
        rows = tuple(make_row(n, f"Candidate {n}", 10 - n, 45) for n in range(9))
        written = self.texts(monkeypatch, rows=rows, total_votes=45)
        assert "And 6 more" in written
        assert "Candidate 8" not in written

    def test_of_a_rehearsal_says_so(self, monkeypatch):
        assert "This is a test. These are not real votes." in self.texts(monkeypatch, is_test=True)

    @pytest.mark.parametrize("title", ["W" * 300, "word " * 80, "Á" * 60, "選挙"])
    def test_takes_any_title(self, title):
        payload = make_result(title=title, sentence=title).as_json()
        assert Image.open(io.BytesIO(card.draw(payload, WORDS))).size == (1200, 630)


class TestFont:
    def test_is_the_one_of_the_site(self):
        assert card.font(card.SANS, 32, 700).getname()[0].startswith("Public Sans")
        assert card.font(card.SERIF, 52).getname()[0] == "Newsroom Serif"

    def test_gets_wider_with_its_weight(self):
        assert card.font(card.SANS, 32, 700).getlength("mmm") > card.font(
            card.SANS, 32, 400
        ).getlength("mmm")

    def test_is_another_where_it_cannot_be_read(self):
        assert isinstance(card.font("no-such-font", 32), ImageFont.FreeTypeFont)


class TestDeskWords:
    @pytest.mark.parametrize(
        ("desk", "words"),
        [
            ({"pinned": None, "paused": None, "overrides": []}, ""),
            ({"pinned": {"id": 1}}, "Our desk shows an earlier count."),
            ({"paused": {"id": 1}}, "Updates paused by our desk."),
            ({"overrides": [{"id": 1}]}, "With a number corrected by our desk."),
        ],
    )
    def test_say_what_is_not_the_source_s_latest(self, desk, words):
        assert card.desk_words({"desk": desk}) == words

    def test_stand_on_the_card(self):
        plain = make_result().as_json()
        paused = {**plain, "desk": {"paused": {"id": 1}}}
        assert card.draw(paused, WORDS) != card.draw(plain, WORDS)
