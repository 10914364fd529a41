"""The two adapters against a server that answers as theirs do, over a real socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from newsroom.newsletters.syncing.contract import (
    IssueSender,
    Mailing,
    Membership,
    Progress,
    RefusedError,
    ServiceError,
)
from newsroom.newsletters.syncing.mailchimp import Mailchimp
from newsroom.newsletters.syncing.signed_webhook import SignedWebhook
from newsroom.newsletters.views.reports import signature

ON, OFF, ABSENT = Membership.SUBSCRIBED, Membership.UNSUBSCRIBED, Membership.ABSENT
ERASED = Membership.ERASED
Answer = Callable[[str, str, bytes], tuple[int, object]]


class Server:
    """``answer(method, path, body)`` says the status and the JSON; what came is in ``asked``."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes, dict[str, str]]] = []
        self.answer: Answer = lambda method, path, body: (200, {})
        server = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.asked.append((self.command, self.path, body, dict(self.headers)))
                status, facts = server.answer(self.command, self.path, body)
                content = b"" if status == 204 else json.dumps(facts).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def mailchimp(server: Server) -> Mailchimp:
    return Mailchimp(api_key="k-us1", base_url=server.url, allow_private=True)


@pytest.fixture
def webhook(server: Server) -> SignedWebhook:
    return SignedWebhook(url=f"{server.url}/hook", key="k", allow_private=True)


def pages_of(members: list[dict], size: int, total: int) -> Answer:
    def answer(method: str, path: str, body: bytes) -> tuple[int, object]:
        offset = int(parse_qs(urlsplit(path).query)["offset"][0])
        return 200, {"members": members[offset : offset + size], "total_items": total}

    return answer


PEOPLE = [
    {
        "email_address": f"{number}@x.com",
        "status": status,
        "last_changed": "2026-11-03T21:35:57+00:00",
    }
    for number, status in enumerate(["subscribed", "unsubscribed", "cleaned", "pending"])
]


class TestMailchimp:
    def test_puts_a_member_by_the_hash_of_the_address(self, server, mailchimp):
        mailchimp.tell("a1", "urist.mcvankab@freddiesjokes.com", ON, key="1")
        method, path, body, headers = server.asked[0]
        assert method == "PUT"
        # The example of Mailchimp's own documentation.
        assert path == "/lists/a1/members/62eeb292278cc15f5817cb78f7790b08"
        assert json.loads(body)["status"] == "subscribed"
        assert headers["Authorization"].startswith("Basic ")

    def test_archives_and_is_content_when_there_was_nobody(self, server, mailchimp):
        server.answer = lambda *_: (404, {})
        mailchimp.tell("a1", "a@x.com", ABSENT, key="1")
        assert server.asked[0][0] == "DELETE"

    @pytest.mark.parametrize(("forgets", "method"), [(True, "POST"), (False, "DELETE")])
    def test_deletes_for_good_who_was_erased(self, server, forgets, method):
        options = {"base_url": server.url, "allow_private": True}
        Mailchimp(api_key="k-us1", forgets=forgets, **options).tell(
            "a1", "a@x.com", ERASED, key="1"
        )
        assert server.asked[0][0] == method
        assert server.asked[0][1].endswith("/actions/delete-permanent") is forgets

    @pytest.mark.parametrize(
        ("status", "error"), [(400, RefusedError), (500, ServiceError), (401, ServiceError)]
    )
    def test_tells_a_refusal_from_a_failure(self, server, mailchimp, status, error):
        server.answer = lambda *_: (status, {})
        with pytest.raises(ServiceError) as caught:
            mailchimp.tell("a1", "a@x.com", OFF, key="1")
        assert type(caught.value) is error

    def test_reads_to_the_end(self, server, mailchimp):
        server.answer = pages_of(PEOPLE, 3, 4)
        members = list(mailchimp.read("a1"))
        assert [member.membership for member in members] == [ON, OFF, "cleaned"]
        assert members[0].changed_at.isoformat() == "2026-11-03T21:35:57+00:00"

    @pytest.mark.parametrize("total", [5, 400])
    def test_says_so_when_pages_are_missing(self, server, mailchimp, total):
        server.answer = pages_of(PEOPLE, 3, total)
        with pytest.raises(ServiceError, match="broke off"):
            list(mailchimp.read("a1"))

    @pytest.mark.parametrize("facts", [{}, {"members": 3}, [], {"members": [], "total_items": "x"}])
    def test_takes_no_other_answer_for_an_empty_list(self, server, mailchimp, facts):
        server.answer = lambda *_: (200, facts)
        with pytest.raises(ServiceError):
            list(mailchimp.read("a1"))

    def test_fails_when_it_is_down(self, mailchimp, server):
        server.answer = lambda *_: (503, {})
        with pytest.raises(ServiceError):
            list(mailchimp.read("a1"))

    def test_goes_to_no_private_network_unless_allowed(self, server):
        with pytest.raises(ServiceError, match="private network"):
            list(Mailchimp(api_key="k-us1", base_url=server.url).read("a1"))
        assert server.asked == []


MAILING = Mailing(
    list_id="a1",
    title="Morning: Vote",
    subject="Vote",
    preview_text="It was late.",
    sender_name="Morning",
    reply_to="desk@x.com",
    html="<p>Vote</p>",
    text="Vote",
)


def campaign(status: str) -> Answer:
    """Answer as for a campaign in a state of Mailchimp's."""
    return lambda method, path, body: (
        (204, {}) if path.endswith("/send") else (200, {"id": "c1", "status": status})
    )


class TestCampaignsOfMailchimp:
    def test_are_made_and_filled(self, server, mailchimp):
        server.answer = campaign("save")
        assert mailchimp.save_issue(MAILING) == "c1"
        made, filled = server.asked
        assert made[:2] == ("POST", "/campaigns")
        assert json.loads(made[2]) == {
            "type": "regular",
            "recipients": {"list_id": "a1"},
            "settings": {
                "title": "Morning: Vote",
                "subject_line": "Vote",
                "preview_text": "It was late.",
                "from_name": "Morning",
                "reply_to": "desk@x.com",
            },
        }
        assert filled[:2] == ("PUT", "/campaigns/c1/content")
        assert json.loads(filled[2]) == {"html": "<p>Vote</p>", "plain_text": "Vote"}

    def test_are_changed_in_place(self, server, mailchimp):
        server.answer = campaign("save")
        mailchimp.save_issue(MAILING, "c7")
        assert [asked[:2] for asked in server.asked] == [
            ("PATCH", "/campaigns/c7"),
            ("PUT", "/campaigns/c7/content"),
        ]

    def test_are_not_saved_when_the_text_did_not_arrive(self, server, mailchimp):
        server.answer = lambda method, path, body: (500 if method == "PUT" else 200, {"id": "c1"})
        with pytest.raises(ServiceError):
            mailchimp.save_issue(MAILING)

    @pytest.mark.parametrize(
        ("status", "progress"),
        [
            ("save", Progress.SAVED),
            ("sending", Progress.SENT),
            ("sent", Progress.SENT),
            ("schedule", Progress.UNKNOWN),
            ("of tomorrow", Progress.UNKNOWN),
        ],
    )
    def test_say_how_far_they_are(self, server, mailchimp, status, progress):
        server.answer = campaign(status)
        assert mailchimp.ask_issue("c1") == progress

    def test_are_gone_when_mailchimp_knows_none(self, server, mailchimp):
        server.answer = lambda *_: (404, {})
        assert mailchimp.ask_issue("c1") == Progress.GONE

    @pytest.mark.parametrize("answer", [(503, {}), (200, {}), (200, [])])
    def test_are_taken_for_nothing_without_an_answer(self, server, mailchimp, answer):
        server.answer = lambda *_: answer
        with pytest.raises(ServiceError):
            mailchimp.ask_issue("c1")

    def test_are_sent_by_one_request(self, server, mailchimp):
        server.answer = campaign("save")
        mailchimp.send_issue("c1", key="k")
        assert [asked[:2] for asked in server.asked] == [("POST", "/campaigns/c1/actions/send")]

    @pytest.mark.parametrize(("status", "error"), [(400, RefusedError), (500, ServiceError)])
    def test_tell_a_refusal_from_a_lost_answer(self, server, mailchimp, status, error):
        server.answer = lambda *_: (status, {})
        with pytest.raises(ServiceError) as caught:
            mailchimp.send_issue("c1", key="k")
        assert type(caught.value) is error

    @pytest.mark.parametrize("made", [{}, [], {"id": "../lists/a1"}, {"id": ""}])
    def test_have_an_id_that_is_safe_in_an_address(self, server, mailchimp, made):
        server.answer = lambda *_: (200, made)
        with pytest.raises(ServiceError):
            mailchimp.save_issue(MAILING)
        assert len(server.asked) == 1


class TestSignedWebhook:
    def test_sends_no_issues(self, webhook):
        assert not isinstance(webhook, IssueSender)

    def test_signs_what_it_tells(self, server, webhook):
        webhook.tell("m1", "a@x.com", OFF, key="k1")
        _method, _path, body, headers = server.asked[0]
        assert headers["X-Newsroom-Signature"] == signature("k", headers["X-Newsroom-Time"], body)
        assert headers["Idempotency-Key"] == "k1"
        assert json.loads(body)["membership"] == "unsubscribed"

    def test_signs_what_it_asks_for_and_reads_all_pages(self, server, webhook):
        people = [{"address": f"{n}@x.com", "membership": "subscribed"} for n in range(3)]

        def answer(method: str, path: str, body: bytes) -> tuple[int, object]:
            page = int(parse_qs(urlsplit(path).query)["page"][0])
            return 200, {"members": people[page * 2 - 2 : page * 2], "pages": 2, "total": 3}

        server.answer = answer
        assert len(list(webhook.read("m1"))) == 3
        _method, path, _body, headers = server.asked[0]
        expected = signature("k", headers["X-Newsroom-Time"], path.encode())
        assert headers["X-Newsroom-Signature"] == expected

    @pytest.mark.parametrize(
        "facts",
        [
            {},
            [],
            {"members": [], "pages": 1, "total": 9},
            {"members": [{"address": "a@x.com", "membership": "?"}], "pages": 1, "total": 1},
        ],
    )
    def test_takes_no_half_list_for_a_whole_one(self, server, webhook, facts):
        server.answer = lambda *_: (200, facts)
        with pytest.raises(ServiceError):
            list(webhook.read("m1"))
