import pytest
from django.urls import reverse
from django.utils import timezone

from newsroom.newsletters.models import Newsletter, OutgoingMail, Subscriber
from newsroom.newsletters.samples import KINDS, render_sample

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("as_html", [True, False])
class TestRenderSample:
    def test_shows_every_mail_and_writes_nothing(self, newsletter, kind, as_html):
        text = render_sample(newsletter, kind, timezone.now(), as_html=as_html)
        assert ("<html" in text) == as_html
        assert newsletter.name in text
        assert not OutgoingMail.objects.exists()
        assert not Subscriber.objects.exists()

    def test_works_before_the_newsletter_is_saved(self, kind, as_html):
        unsaved = Newsletter(name="New", promise="Words.", frequency="Daily")
        assert "New" in render_sample(unsaved, kind, timezone.now(), as_html=as_html)


class TestPreview:
    def test_stands_beside_the_form(self, admin_client, newsletter):
        name = "wagtailsnippets_newsroom_newsletters_newsletter:preview_on_edit"
        url = reverse(name, args=[newsletter.pk])
        fields = ("name", "slug", "scope", "promise", "frequency")
        data = {field: getattr(newsletter, field) for field in fields}
        data |= {"welcome_text": "Nice that you are here.", "is_open": "on"}
        assert admin_client.post(url, data).json()["is_valid"]
        html = admin_client.get(url, {"mode": "welcome"}).content.decode()
        assert "Nice that you are here." in html
        text = admin_client.get(url, {"mode": "confirm-text"})
        assert text["Content-Type"].startswith("text/plain")
