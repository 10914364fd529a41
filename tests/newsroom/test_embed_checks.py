"""What a task finds out about embeds, from a server on loopback."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from newsroom import embed_checks, oembed
from newsroom.models import EmbedRecord, EmbedUse
from newsroom.network.answers import NetworkError
from tests.newsroom.network.fake_server import FakeServer, answer, ok

NOW = datetime(2024, 11, 6, 12, tzinfo=UTC)
VIDEO = "https://www.youtube.com/watch?v=abcdefghijk"


@pytest.fixture(autouse=True)
def loopback(settings, tmp_path):
    settings.NEWSROOM_EMBED_PRIVATE_NETWORKS = True
    settings.MEDIA_ROOT = tmp_path


def embed(url: str) -> tuple:
    return ("embed", {"url": url, "title": "The night"})


def picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (1600, 900), (90, 120, 140)).save(data, "PNG")
    return data.getvalue()


@pytest.mark.django_db
class TestUses:
    def test_follow_what_a_published_page_embeds(self, make_story):
        story = make_story([embed(VIDEO), embed(VIDEO), embed("https://charts.example/1")])
        assert EmbedUse.objects.filter(page_id=story.pk).count() == 2
        story.body = [embed("https://charts.example/1")]
        story.save_revision().publish()
        urls = EmbedRecord.objects.filter(uses__page_id=story.pk).values_list("url", flat=True)
        assert list(urls) == ["https://charts.example/1"]

    def test_end_when_the_page_is_unpublished_or_deleted(self, make_story):
        story, other = make_story([embed(VIDEO)]), make_story([embed(VIDEO)])
        story.unpublish()
        assert list(EmbedUse.objects.values_list("page_id", flat=True)) == [other.pk]
        other.delete()
        assert not EmbedUse.objects.exists()

    def test_ask_once_the_page_is_stored(
        self, make_story, monkeypatch, django_capture_on_commit_callbacks
    ):
        asked = []
        monkeypatch.setattr("newsroom.tasks.check_embeds.delay", lambda: asked.append(True))
        with django_capture_on_commit_callbacks(execute=True):
            story = make_story([embed(VIDEO)])
        assert asked == [True]
        EmbedRecord.objects.update(checked_at=NOW)
        with django_capture_on_commit_callbacks(execute=True):
            story.save_revision().publish()
        assert asked == [True]

    def test_harm_no_publication_when_the_queue_is_away(
        self, make_story, monkeypatch, django_capture_on_commit_callbacks
    ):
        def away() -> None:
            raise ConnectionError

        monkeypatch.setattr("newsroom.tasks.check_embeds.delay", away)
        with django_capture_on_commit_callbacks(execute=True):
            assert make_story([embed(VIDEO)]).live


@pytest.mark.django_db
class TestCheck:
    def test_keeps_what_the_provider_says(self, monkeypatch, settings):
        settings.NEWSROOM_EMBED_HOSTS = ["frames.example"]
        with FakeServer(ok(picture())) as pictures:
            told = {
                "title": "Spend\0ing",
                "thumbnail_url": pictures.url,
                "html": '<iframe src="https://frames.example/7" width="400" height="300">',
            }
            with FakeServer(ok(json.dumps(told).encode())) as server:
                monkeypatch.setattr(oembed, "_finder", lambda: Provider(server.url))
                record = EmbedRecord.for_url("https://charts.example/1")
                embed_checks.check(record, now=NOW)
        record.refresh_from_db()
        assert (record.title, record.frame_src) == ("Spending", "https://frames.example/7")
        with Image.open(record.picture) as kept:
            assert (kept.format, kept.width) == ("JPEG", 960)

    def test_counts_a_page_as_gone_after_a_day(self):
        gone = answer("404 Not Found", b"", "Content-Length: 0")
        with FakeServer(gone) as server:
            record = EmbedRecord.for_url(server.url)
            embed_checks.check(record, now=NOW)
            assert record.failing_since == NOW
            assert not record.is_dead
            embed_checks.check(record, now=NOW + timedelta(hours=21))
        assert record.dead_since == NOW
        assert "404" in record.message

    def test_lets_a_server_that_is_down_come_back(self):
        down = answer("503 Service Unavailable", b"", "Content-Length: 0")
        with FakeServer(down) as server:
            record = EmbedRecord.for_url(server.url)
            for day in range(3):
                embed_checks.check(record, now=NOW + timedelta(days=day))
        assert record.failing_since == NOW
        assert not record.is_dead
        with FakeServer(ok(b"here")) as server:
            record.url = server.url
            embed_checks.check(record, now=NOW + timedelta(days=4))
        assert record.failing_since is None

    def test_goes_into_no_private_network(self, settings):
        settings.NEWSROOM_EMBED_PRIVATE_NETWORKS = False
        with FakeServer(ok(b"secret")) as server:
            record = EmbedRecord.for_url(server.url)
            embed_checks.check(record, now=NOW)
        assert server.requests == []
        assert "private network" in record.message

    @pytest.mark.parametrize("body", [b"", b"[]", b"not json", b"[" * 100_000])
    def test_takes_no_answer_that_it_cannot_read(self, monkeypatch, body):
        with FakeServer(ok(body)) as server:
            monkeypatch.setattr(oembed, "_finder", lambda: Provider(server.url))
            with pytest.raises(NetworkError) as caught:
                oembed.ask("https://charts.example/1", allow_private=True)
        assert caught.value.may_recover


class Provider:
    """Stands for Wagtail's list of providers: it knows one."""

    def __init__(self, endpoint: str):
        self.endpoint = endpoint.rstrip("/")

    def _get_endpoint(self, url: str) -> str:
        return self.endpoint


class TestCopyPicture:
    @pytest.mark.parametrize("body", [b"", b"<svg onload='alert(1)'/>", b"GIF89a", picture()[:500]])
    def test_keeps_nothing_that_is_no_picture(self, body):
        with FakeServer(ok(body)) as server, pytest.raises(ValueError, match="picture"):
            embed_checks.copy_picture(server.url, allow_private=True)


@pytest.mark.django_db
class TestDue:
    def test_asks_a_page_once_a_day_the_newest_first(self, make_story):
        make_story([embed(VIDEO), embed("https://charts.example/1")])
        EmbedRecord.objects.filter(url=VIDEO).update(checked_at=NOW)
        EmbedRecord.for_url("https://nowhere.example/")
        later = NOW + timedelta(hours=1)
        assert [record.url for record in embed_checks.due(later)] == ["https://charts.example/1"]
        assert len(embed_checks.due(NOW + timedelta(days=1))) == 2

    def test_goes_on_after_a_failure_of_ours(self, make_story, monkeypatch):
        make_story([embed(VIDEO), embed("https://charts.example/1")])
        monkeypatch.setattr(embed_checks, "check", lambda *a, **k: 1 / 0)
        assert embed_checks.check_due(NOW) == 2


@pytest.mark.django_db
class TestReport:
    def test_lists_what_is_gone_with_its_stories(self, make_story, admin_client):
        story = make_story([embed(VIDEO)], title="The night of the count")
        assert (
            "could be reached"
            in admin_client.get(reverse("newsroom_embeds:index")).content.decode()
        )
        record = EmbedRecord.objects.get()
        record.note_failure(NOW, "HTTP 404", may_recover=False)
        record.save()
        html = admin_client.get(reverse("newsroom_embeds:index")).content.decode()
        assert "The night of the count" in html
        assert reverse("wagtailadmin_pages:edit", args=[story.pk]) in html
        assert "HTTP 404" in html
        home = admin_client.get(reverse("wagtailadmin_home")).content.decode()
        assert "1 embed in a live story could not be reached." in home

    def test_is_for_the_admin_only(self, client, db):
        assert client.get(reverse("newsroom_embeds:index")).status_code == 302
