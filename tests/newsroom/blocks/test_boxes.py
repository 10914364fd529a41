from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.models import Document

from newsroom.blocks import BUILT_IN_BLOCKS
from newsroom.blocks.boxes import CorrectionBlock, KeyDatesBlock


def render(key: str, value: dict) -> str:
    block = BUILT_IN_BLOCKS[key]()
    block.set_name(key)
    return block.render(block.to_python(value), {})


class TestQuestions:
    def test_have_addresses_of_their_own(self):
        items = [{"question": "When do the polls close?", "answer": "<p>At 8 p.m.</p>"}]
        html = render("questions", {"heading": "Voting", "items": items})
        assert 'id="when-do-the-polls-close"' in html
        assert 'href="#when-do-the-polls-close"' in html

    def test_show_twenty_one(self):
        items = [{"question": f"Question {n}?", "answer": "<p>Yes.</p>"} for n in range(21)]
        html = render("questions", {"items": items})
        assert all(f"Question {n}?" in html for n in range(21))


class TestTimeline:
    def test_keeps_the_order_of_its_writer(self):
        items = [{"when": "March", "what": "A primary."}, {"when": "November", "what": "A vote."}]
        html = render("timeline", {"heading": "The race", "items": items})
        assert html.index("March") < html.index("November")
        assert "<ol>" in html


class TestKeyDates:
    ITEMS = [
        {"date": "2024-11-05", "time": "20:00", "what": "The polls close."},
        {"date": "2024-10-21", "what": "Last day to register."},
    ]

    def test_stand_in_order_and_say_what_is_over(self):
        block = KeyDatesBlock()
        value = block.to_python({"heading": "Key dates", "items": self.ITEMS})
        with time_machine.travel("2024-11-05T23:00:00-08:00", tick=False):
            days = [(day["date"], day["is_past"]) for day in value.days]
        assert days == [(date(2024, 10, 21), True), (date(2024, 11, 5), False)]

    def test_have_a_word_beside_the_colour(self):
        with time_machine.travel("2024-11-01T12:00:00-07:00", tick=False):
            html = render("key_dates", {"heading": "Key dates", "items": self.ITEMS})
        assert html.count("(over)") == 1
        assert "Nov. 5, 2024, 8 p.m." in html


class TestCorrection:
    def test_says_what_was_corrected_and_when(self):
        html = render("correction", {"date": "2024-11-07", "text": "It was 81 precincts, not 18."})
        assert "It was 81 precincts, not 18." in html
        assert "Corrected Nov. 7, 2024." in html

    def test_is_not_of_the_future(self):
        block = CorrectionBlock()
        value = block.to_python(
            {"date": str(timezone.localdate() + timedelta(days=2)), "text": "x"}
        )
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(value)
        assert list(caught.value.block_errors) == ["date"]


class TestQuotation:
    def test_says_who_and_where(self):
        value = {"quote": "We count.\nAll of it.", "speaker": "Dana", "where": "on Friday"}
        html = render("quotation", value)
        assert all(part in html for part in ("We count.<br>All of it.", "Dana", "on Friday"))

    def test_wants_the_place(self):
        block = BUILT_IN_BLOCKS["quotation"]()
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(block.to_python({"quote": "We count.", "speaker": "Dana", "where": ""}))
        assert list(caught.value.block_errors) == ["where"]


class TestTable:
    def test_has_a_caption_and_names_its_rows(self):
        rows = "Candidate,Votes\nSchmerelson,124331\nChang,116478"
        html = render("table", {"caption": "Final count", "rows": rows, "has_row_names": True})
        assert "<caption>Final count</caption>" in html
        assert '<th scope="row">Schmerelson</th>' in html
        assert '<td class="number">124331</td>' in html

    def test_escapes_its_cells(self):
        assert "<script>" not in render("table", {"caption": "x", "rows": "a,b\n<script>,1"})


@pytest.fixture
def make_file(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def make(name: str) -> Document:
        file = ContentFile(b"bytes", name=name)
        return Document.objects.create(title=name, file=file, file_size=5)

    return make


class TestDocument:
    def test_says_what_will_open(self, make_file):
        document = make_file("ruling.pdf")
        html = render("document", {"document": document.pk, "description": "The ruling."})
        assert f'href="{document.url}"' in html
        assert "PDF, 5" in html
        assert "The ruling." in html

    def test_is_not_there_once_it_is_deleted(self, make_file):
        document = make_file("ruling.pdf")
        pk = document.pk
        document.delete()
        assert render("document", {"document": pk}) == ""


class TestRecordings:
    def test_play_in_the_browser_without_starting_by_themselves(self, make_file):
        film = make_file("night.mp4")
        html = render("video", {"title": "The night", "file": film.pk, "caption": "Ballots."})
        assert 'type="video/mp4"' in html
        assert "autoplay" not in html
        assert 'preload="none"' in html

    @pytest.mark.parametrize(("key", "name"), [("audio", "night.pdf"), ("video", "night.mp3")])
    def test_are_files_that_browsers_play(self, make_file, key, name):
        block = BUILT_IN_BLOCKS[key]()
        value = block.to_python(
            {"title": "x", "file": make_file(name).pk, "transcript": "<p>x</p>"}
        )
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(value)
        assert list(caught.value.block_errors) == ["file"]

    def test_of_film_want_captions_or_a_transcript(self, make_file):
        block = BUILT_IN_BLOCKS["video"]()
        value = block.to_python({"title": "x", "file": make_file("a.mp4").pk})
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(value)
        assert list(caught.value.block_errors) == ["captions"]


class TestGallery:
    def test_shows_each_picture_with_its_words(self, make_image):
        items = [
            {"image": {"image": make_image().pk, "alt_text": f"Ballots {n}", "decorative": False},
             "caption": f"Table {n}", "credit": "Ana Ruiz"}
            for n in range(3)
        ]  # fmt: skip
        html = render("gallery", {"heading": "The night", "items": items})
        assert all(f'alt="Ballots {n}"' in html and f"Table {n}" in html for n in range(3))
        assert html.count("Ana Ruiz") == 3
