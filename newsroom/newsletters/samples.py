"""Each mail as readers would get it, with made-up people, for a look before anybody signs up."""

import secrets
import uuid
from datetime import datetime, timedelta
from types import SimpleNamespace

from django.utils.translation import gettext as _

from newsroom.newsletters import letters
from newsroom.newsletters.links import fresh_token, leave_url
from newsroom.newsletters.models import MailedLink, Newsletter, OutgoingMail, Subscription

Kind = OutgoingMail.Kind
Purpose = MailedLink.Purpose

PURPOSES = {
    Kind.ALREADY: Purpose.PREFERENCES,
    Kind.PREFERENCES: Purpose.PREFERENCES,
    Kind.NEW_ADDRESS: Purpose.ADDRESS,
    Kind.ERASE: Purpose.ERASE,
    Kind.INVITATION: Purpose.INVITATION,
}
KINDS = [kind for kind in Kind if kind != Kind.STAFF]


class Rows(list):
    """Rows as a queryset would give them."""

    def select_related(self, *names: str) -> "Rows":
        return self

    def order_by(self, *names: str) -> "Rows":
        return self


def sample_mail(newsletter: Newsletter, kind: str, now: datetime) -> SimpleNamespace:
    """Return what stands in for an outgoing mail. Nothing of it is in the database."""
    is_alert = newsletter.is_for_topics or kind in (Kind.ANNOUNCEMENT, Kind.INVITATION)
    is_open = kind in (Kind.CONFIRM, Kind.REMINDER)
    subscription = Subscription(
        newsletter=newsletter,
        key=uuid.UUID(int=0),
        state="pending" if is_open else "confirmed",
        topic_key="sample" if is_alert else "",
        topic_title=_("Board of Education, District 3") if is_alert else "",
        expires_at=now + timedelta(days=30),
    )
    purpose = PURPOSES.get(kind, Purpose.CONFIRM)
    seed = secrets.token_bytes(32)
    _token, token_hash = fresh_token(purpose, seed)
    return SimpleNamespace(
        kind=kind,
        newsletter=newsletter,
        subscription=subscription,
        link=SimpleNamespace(
            purpose=purpose, seed=seed, token_hash=token_hash, subscriptions=Rows([subscription])
        ),
        announcement=SimpleNamespace(
            translations={},
            subject=_("Called: Board of Education, District 3"),
            text=_("What happened stands here, in a few sentences.\n\nAnd what comes next."),
            url="https://news.example/race/",
        ),
    )


def render_sample(newsletter: Newsletter, kind: str, now: datetime, *, as_html: bool) -> str:
    mail = sample_mail(newsletter, kind, now)
    letter = letters.WRITERS[kind](mail, now)
    name, _address = letters.sender_of(newsletter)
    render = letters.render_html if as_html else letters.render_text
    leave = leave_url(mail.subscription) if kind in (Kind.WELCOME, Kind.ANNOUNCEMENT) else ""
    return render(letter, sender=name, leave=leave)
