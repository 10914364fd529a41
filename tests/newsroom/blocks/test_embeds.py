from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.blocks.struct_block import StructBlockValidationError

from newsroom.blocks import EmbedBlock
from newsroom.models import EmbedRecord

VIDEO = "https://www.youtube.com/watch?v=abcdefghijk"
FRAME = "https://www.youtube-nocookie.com/embed/abcdefghijk"
PAGE = "https://charts.example/spending"


@pytest.fixture
def block() -> EmbedBlock:
    block = EmbedBlock()
    block.set_name("embed")
    return block


def embed(block: EmbedBlock, url: str = VIDEO, **parts: str):
    return block.bulk_to_python([{"url": url, "title": "The night", **parts}])[0]


def kill(url: str) -> EmbedRecord:
    record = EmbedRecord.for_url(url)
    day = timezone.now() - timedelta(days=2)
    record.note_failure(day, "404", may_recover=False)
    record.note_failure(day + timedelta(days=1), "404", may_recover=False)
    record.save()
    return record


@pytest.mark.django_db
class TestEmbedBlock:
    def test_names_the_frame_and_loads_nothing_from_there(self, block):
        html = block.render(embed(block), {})
        assert f'data-src="{FRAME}"' in html
        assert "<iframe" not in html
        assert "<script" not in html
        assert "style=" not in html

    def test_leads_to_the_page_also_without_a_script(self, block):
        assert f'href="{VIDEO}"' in block.render(embed(block), {})

    def test_escapes_what_an_editor_typed(self, block):
        html = block.render(embed(block, title='"><script>', alternative="<b>"), {})
        assert "<script>" not in html
        assert "&lt;b&gt;" in html

    def test_is_a_link_where_no_frame_is_allowed(self, block):
        html = block.render(embed(block, "https://evil.example/1"), {})
        assert "other-site" not in html
        assert 'href="https://evil.example/1"' in html

    def test_shows_the_frame_that_the_provider_named(self, block, settings):
        settings.NEWSROOM_EMBED_HOSTS = ["frames.example"]
        record = EmbedRecord.for_url(PAGE)
        record.frame_src = "https://frames.example/7"
        record.save()
        assert 'data-src="https://frames.example/7"' in block.render(embed(block, PAGE), {})
        settings.NEWSROOM_EMBED_HOSTS = []
        assert "frames.example" not in block.render(embed(block, PAGE), {})

    def test_gives_what_it_showed_when_it_is_gone(self, block):
        kill(VIDEO)
        rows = "Side,Who\nAgainst,6300000 from advocates"
        html = block.render(embed(block, alternative="Bars of spending.", figures=rows), {})
        assert FRAME not in html
        assert "has been gone since" in html
        assert "Bars of spending." in html
        assert "<details open>" in html
        assert "6300000" in html

    def test_is_drawn_again_from_its_figures_when_it_is_gone(self, block):
        rows = "Side\tDollars\nAgainst\t$6,300,000\nFor\t$1,100,000"
        assert "<rect" not in block.render(embed(block, figures=rows), {})
        kill(VIDEO)
        html = block.render(block.bulk_to_python([embed(block, figures=rows)])[0], {})
        assert html.count("<rect") == 2
        assert "$6,300,000" in html
        assert html.count("The night") == 1
        assert "has been gone since" in html
        assert "<details" not in html

    def test_never_asks_the_network_for_a_reader_or_an_editor(self, block, monkeypatch):
        monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: pytest.fail("asked the network"))
        block.render(block.clean(embed(block)), {})

    def test_costs_one_query_for_all_embeds_of_a_body(self, block, django_assert_num_queries):
        values = [{"url": f"{PAGE}{number}", "title": "x"} for number in range(5)]
        with django_assert_num_queries(1):
            for value in block.bulk_to_python(values):
                block.render(value, {})

    def test_refuses_an_address_that_is_not_of_the_web(self, block):
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(embed(block, "ftp://example.com/video"))
        assert list(caught.value.block_errors) == ["url"]

    def test_wants_a_title(self, block):
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(embed(block, title=""))
        assert list(caught.value.block_errors) == ["title"]
