import pytest
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.rich_text import RichText

from newsroom.blocks import HeadingBlock, ParagraphBlock, PullQuoteBlock


class TestParagraphBlock:
    def test_shows_its_text(self):
        assert "<b>now</b>" in ParagraphBlock().render(RichText("<p>It is <b>now</b>.</p>"), {})

    @pytest.mark.parametrize("source", ["", "<p></p>", "<p> </p>"])
    def test_is_not_there_without_text(self, source):
        assert ParagraphBlock().render(RichText(source), {}) == ""

    def test_offers_no_heading(self):
        assert not {"h2", "h3", "h4", "image", "embed"} & set(ParagraphBlock().features)


class TestHeadingBlock:
    @pytest.mark.parametrize(("level", "tag"), [("h2", "h2"), ("h3", "h3"), ("", "h2")])
    def test_stands_in_its_level(self, level, tag):
        block = HeadingBlock()
        html = block.render(block.to_python({"text": "Next", "level": level}), {})
        assert f"<{tag} " in html
        assert f"</{tag}>" in html

    def test_escapes_its_text(self):
        block = HeadingBlock()
        html = block.render(block.to_python({"text": "<i>", "level": "h2"}), {})
        assert "&lt;i&gt;" in html


class TestPullQuoteBlock:
    def test_shows_whose_words_it_gives(self):
        block = PullQuoteBlock()
        value = block.to_python({"quote": "We count.", "speaker": "Dana", "role": "registrar"})
        html = block.render(value, {})
        assert all(part in html for part in ("We count.", "Dana", "registrar"))

    def test_wants_a_speaker(self):
        block = PullQuoteBlock()
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(block.to_python({"quote": "We count.", "speaker": "", "role": ""}))
        assert list(caught.value.block_errors) == ["speaker"]
