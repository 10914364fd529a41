"""No address in any log, address or answer, whatever a reader does."""

import logging
import re

import pytest
from django.core import mail as django_mail
from django.test import Client

from newsroom.newsletters import sending
from newsroom.newsletters.links import leave_token
from newsroom.newsletters.models import Subscriber, Subscription
from newsroom.newsletters.stamps import Place, make_stamp
from newsroom.newsletters.tasks import sweep_outbox, tend_lists

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

SECRET = "very.secret@private.example"
NEW = "other.secret@private.example"


class Reader:
    """Somebody who does everything that can be done, and what they were answered."""

    def __init__(self) -> None:
        self.client = Client(headers={"origin": "http://testserver"})
        self.answers = []

    def post(self, path: str, **data: object) -> None:
        self.answers.append(self.client.post(path, data))

    def link(self, part: str) -> str:
        sending.send_due()
        text = django_mail.outbox[-1].body
        path = re.search(rf"/newsletters/{part}/[\w-]+/", text)[0]
        self.answers.append(self.client.get(path))
        return path

    def do_everything(self) -> None:
        form = {"newsletter": "morning", "email": SECRET}
        self.post("/newsletters/subscribe/", **form)
        for stamp in ("", make_stamp(Place())):
            self.post("/newsletters/subscribe/", **form, stamp=stamp)
        self.post(self.link("confirm"))
        leave = f"/newsletters/leave/{leave_token(Subscription.objects.get().key)}/"
        self.post("/newsletters/preferences/", email=SECRET)
        preferences = self.link("preferences")
        for action in ("lists", "pause", "resume", "odd"):
            self.post(preferences, action=action, days="7")
        self.post(preferences, action="address", email=NEW)
        self.post(self.link("address"))
        tend_lists()
        sweep_outbox()
        self.post(leave)
        self.post("/newsletters/preferences/", email=NEW)
        preferences = self.link("preferences")
        self.post(preferences, action="erase")
        self.post(self.link("erase"))


def test_is_kept_whatever_a_reader_does(newsletter, caplog):
    reader = Reader()
    with caplog.at_level(logging.DEBUG):
        reader.do_everything()
    assert not Subscriber.objects.filter(email=NEW).exists()
    assert len(reader.answers) > 15
    assert "private.example" not in caplog.text
    for answer in reader.answers:
        assert "private.example" not in answer.get("Location", "")
        assert "private.example" not in answer.request["QUERY_STRING"]
        assert "secret" not in answer.request["PATH_INFO"]
        assert not answer.cookies
