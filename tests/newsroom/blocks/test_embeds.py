import pytest
from django.utils import timezone
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.exceptions import EmbedNotFoundException
from wagtail.embeds.models import Embed

from newsroom.blocks import EmbedBlock
from newsroom.blocks.embeds import fetch_embed, is_allowed, read_frame

VIDEO = "https://www.youtube.com/watch?v=abc"
GOOD_FRAME = '<iframe width="200" height="113" src="https://www.youtube.com/embed/abc"></iframe>'


@pytest.fixture
def block() -> EmbedBlock:
    block = EmbedBlock()
    block.set_name("embed")
    return block


def store(url: str, html: str) -> None:
    Embed.objects.create(
        url=url, hash=get_embed_hash(url), html=html, type="video", last_updated=timezone.now()
    )


def embed(block: EmbedBlock, url: str = VIDEO):
    return block.bulk_to_python([{"url": url, "title": "The night", "caption": ""}])[0]


class TestReadFrame:
    def test_takes_the_address_and_nothing_else(self):
        html = f'<script>alert(1)</script>{GOOD_FRAME}<img src=x onerror="alert(1)">'
        frame = read_frame(html)
        assert frame.src == "https://www.youtube.com/embed/abc"
        assert frame.aspect == "16:9"

    @pytest.mark.parametrize(
        "src",
        [
            "https://evil.example/embed",
            "http://www.youtube.com/embed/abc",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://www.youtube.com@evil.example/",
            "https://www.youtube.com.evil.example/",
            "https://www.youtube.com:8443/embed",
            "https://[broken/",
            "//evil.example/embed",
            "",
        ],
    )
    def test_refuses_what_is_not_on_the_list(self, src):
        assert read_frame(f'<iframe src="{src}"></iframe>') is None

    def test_reads_an_address_without_its_scheme_as_https(self):
        assert read_frame('<iframe src="//www.youtube.com/embed/abc"></iframe>').src == (
            "https://www.youtube.com/embed/abc"
        )

    @pytest.mark.parametrize("html", ["", "<blockquote>Post</blockquote><script></script>"])
    def test_is_none_without_a_frame(self, html):
        assert read_frame(html) is None

    @pytest.mark.parametrize(
        ("width", "height", "aspect"),
        [("560", "315", "16:9"), ("400", "300", "4:3"), ("300", "300", "1:1"),
         ("300", "600", "9:16"), ("100%", "0", "16:9")],
    )  # fmt: skip
    def test_names_the_nearest_proportions(self, width, height, aspect):
        html = f'<iframe src="https://player.vimeo.com/1" width="{width}" height="{height}">'
        assert read_frame(html).aspect == aspect

    def test_follows_the_setting(self, settings):
        settings.NEWSROOM_EMBED_HOSTS = ["charts.example"]
        assert is_allowed("https://charts.example/1")
        assert not is_allowed("https://www.youtube.com/embed/abc")


@pytest.mark.django_db
class TestEmbedBlock:
    def test_writes_a_frame_of_its_own(self, block):
        store(VIDEO, GOOD_FRAME.replace("abc", 'abc?a=1&b="'))
        html = str(embed(block).html)
        assert html.startswith('<iframe src="https://www.youtube.com/embed/abc?a=1&amp;b=')
        assert 'title="The night"' in html
        assert "style=" not in html

    def test_falls_back_to_a_link(self, block):
        store(VIDEO, "<blockquote>x</blockquote><script src='//evil.example'></script>")
        html = block.render(embed(block), {})
        assert "<script" not in html
        assert f'href="{VIDEO}"' in html
        assert "The night" in html

    def test_never_asks_the_network_for_a_reader(self, block, monkeypatch):
        monkeypatch.setattr("requests.get", lambda *a, **k: pytest.fail("asked the network"))
        assert f'href="{VIDEO}"' in block.render(embed(block), {})

    def test_frames_a_listed_host_that_no_provider_speaks_for(self, block):
        value = embed(block, "https://datawrapper.dwcdn.net/Ab12C/3/")
        assert value.frame.src == "https://datawrapper.dwcdn.net/Ab12C/3/"

    def test_costs_one_query_for_all_embeds_of_a_body(self, block, django_assert_num_queries):
        values = [{"url": f"{VIDEO}{number}", "title": "x"} for number in range(5)]
        with django_assert_num_queries(1):
            for value in block.bulk_to_python(values):
                block.render(value, {})

    def test_refuses_an_address_that_is_not_of_the_web(self, block):
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(embed(block, "ftp://example.com/video"))
        assert list(caught.value.block_errors) == ["url"]

    def test_wants_a_title(self, block):
        value = block.to_python({"url": VIDEO, "title": ""})
        with pytest.raises(StructBlockValidationError) as caught:
            block.clean(value)
        assert list(caught.value.block_errors) == ["title"]


@pytest.mark.django_db
class TestFetchEmbed:
    def test_asks_a_failing_provider_once(self, monkeypatch):
        asked = []

        def fail(url: str) -> None:
            asked.append(url)
            raise EmbedNotFoundException

        monkeypatch.setattr("newsroom.blocks.embeds.get_embed", fail)
        assert not fetch_embed(VIDEO)
        assert not fetch_embed(VIDEO)
        assert asked == [VIDEO]

    def test_does_not_ask_for_an_address_no_provider_knows(self, monkeypatch):
        monkeypatch.setattr(
            "newsroom.blocks.embeds.get_embed", lambda url: pytest.fail("asked the network")
        )
        assert not fetch_embed("https://unknown.example/1")
