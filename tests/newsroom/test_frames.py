import pytest

from newsroom.frames import frame_of, is_allowed, read_frame

GOOD_FRAME = '<iframe width="200" height="113" src="https://www.youtube.com/embed/abc"></iframe>'


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


class TestWhatNoRowCanKeep:
    """Otherwise the check of such an embed fails each time, and it is first in line for ever."""

    def test_is_no_address_of_a_frame(self):
        src = f"https://www.youtube.com/embed/{'x' * 1000}"
        assert read_frame(f'<iframe src="{src}"></iframe>') is None

    def test_is_no_size_of_a_frame(self):
        html = '<iframe src="https://www.youtube.com/embed/x" width="99999999999"></iframe>'
        assert read_frame(html).width == 640


class TestFrameOf:
    @pytest.mark.parametrize(
        ("url", "src"),
        [
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3",
             "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
            ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
            ("https://vimeo.com/12345", "https://player.vimeo.com/video/12345?dnt=1"),
            ("https://datawrapper.dwcdn.net/Ab12C/3/", "https://datawrapper.dwcdn.net/Ab12C/"),
            ("https://public.flourish.studio/visualisation/99/",
             "https://flo.uri.sh/visualisation/99/embed"),
            ("https://infogram.com/spending-1h7k230", "https://e.infogram.com/spending-1h7k230?src=embed"),
            ("https://www.documentcloud.org/documents/20402-ruling",
             "https://embed.documentcloud.org/documents/20402-ruling/?embed=1"),
            ("https://open.spotify.com/episode/4xYz", "https://open.spotify.com/embed/episode/4xYz"),
            ("https://soundcloud.com/desk/night",
             "https://w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fdesk%2Fnight"),
        ],
    )  # fmt: skip
    def test_finds_the_frame_without_asking_anybody(self, url, src):
        assert frame_of(url).src == src

    @pytest.mark.parametrize("url", ["https://unknown.example/1", "ftp://vimeo.com/1", ""])
    def test_is_none_for_a_page_of_another_site(self, url):
        assert frame_of(url) is None

    def test_follows_the_setting(self, settings):
        settings.NEWSROOM_EMBED_HOSTS = ["charts.example"]
        assert is_allowed("https://charts.example/1")
        assert frame_of("https://charts.example/1").src == "https://charts.example/1"
        assert frame_of("https://vimeo.com/12345") is None
