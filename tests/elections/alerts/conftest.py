"""A mail server and a chat that keep what they are given, as long as a test wants them to."""

from __future__ import annotations

import email
import json
import threading
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission, User

from elections.models import Alert, AlertKind, AlertSubscription, AlertWebhook
from tests.elections.documents import at
from tests.servers import free_port


class Mailbox:
    """An SMTP handler. ``refuses`` makes it answer every mail with a temporary failure."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.refuses = False

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        if self.refuses:
            return "451 Try again later"
        self.mails.append(email.message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    handler = Mailbox()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    controller.stop()


class Chat:
    """``said`` are the texts that arrived; ``status`` is what every post is answered with."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.said: list[str] = []
        self.status = 200


@pytest.fixture
def chat(settings) -> Iterator[Chat]:
    settings.ELECTIONS_ALLOW_PRIVATE_NETWORKS = True

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if chat.status == 200:
                chat.said.append(json.loads(body)["text"])
            self.send_response(chat.status)
            self.send_header("Location", "http://127.0.0.1:1/")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    chat = Chat(f"http://127.0.0.1:{server.server_address[1]}/services/secret")
    yield chat
    server.shutdown()
    server.server_close()


@pytest.fixture
def webhook(chat: Chat, db) -> AlertWebhook:
    return AlertWebhook.objects.create(name="Slack #desk", address=chat.address)


@pytest.fixture
def editor(db) -> User:
    """Somebody who gets mail about failing sources and changed leads."""
    user = get_user_model().objects.create_user("editor", "editor@example.org")
    user.user_permissions.add(Permission.objects.get(codename="view_alert"))
    for kind in (AlertKind.ERROR_STREAK, AlertKind.LEAD_CHANGED, AlertKind.HOLD_OPENED):
        AlertSubscription.objects.create(user=user, kind=kind)
    return user


@pytest.fixture
def raise_alert(source):
    """Add an alert as the watch would."""

    def raise_alert(kind=AlertKind.ERROR_STREAK, subject="source:1", lasts=True, **facts):
        facts = {"message": "LA County Registrar failed 3 times in a row.", **facts}
        return Alert.objects.create(
            kind=kind,
            subject=subject,
            lasts=lasts,
            election=source.election,
            source=source,
            opened_at=at("21:42"),
            **facts,
        )

    return raise_alert
