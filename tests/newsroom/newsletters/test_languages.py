"""Who signs up in Spanish gets mail in Spanish, and pages in Spanish behind its links."""

import re

import pytest
from django.core import mail as django_mail
from django.utils.translation import override

from newsroom.newsletters import sending
from newsroom.newsletters.models import Subscriber
from tests.newsroom.newsletters.people import EMAIL, sign_up

pytestmark = pytest.mark.django_db


def send() -> object:
    sending.send_due()
    return django_mail.outbox[-1]


def confirm(client, message) -> str:
    path = re.search(r"https?://[^/\s]+(/\S*/confirm/\S+)", message.body)[1]
    assert client.get(path).status_code == 200
    return client.post(path).content.decode()


class TestMails:
    def test_are_in_the_language_of_the_form(self, newsletter):
        with override("es"):
            sign_up(newsletter)
        message = send()
        assert message.subject == f"Confirma tu suscripción: {newsletter.name}"
        assert "/es/newsletters/confirm/" in message.body
        assert '<html lang="es"' in message.alternatives[0][0]

    def test_go_on_in_it_once_they_are_confirmed(self, newsletter, client):
        with override("es"):
            sign_up(newsletter)
        page = confirm(client, send())
        assert "Ya estás en la lista" in page
        assert Subscriber.objects.get(email=EMAIL).language == "es"
        assert send().subject == f"Te damos la bienvenida a {newsletter.name}"

    def test_are_in_the_sites_own_for_all_others(self, newsletter):
        sign_up(newsletter)
        assert send().subject == f"Please confirm: {newsletter.name}"

    def test_cannot_be_turned_to_another_language_by_somebody_else(self, newsletter, client):
        sign_up(newsletter)
        confirm(client, send())
        with override("es"):
            sign_up(newsletter)
        assert Subscriber.objects.get(email=EMAIL).language == "en"


class TestForm:
    def test_speaks_spanish_and_leads_on_in_spanish(self, newsletter, client):
        page = client.get("/es/newsletters/subscribe/").content.decode()
        assert "Correo electrónico" in page
        assert 'action="/es/newsletters/subscribe/"' in page
        answer = client.post("/es/newsletters/subscribe/", {"newsletter": "nobody", "email": "x"})
        assert "Esto no parece un correo electrónico." in answer.content.decode()
