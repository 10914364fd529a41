"""What time alone does to lists: remind, let go, end, clear away. Safe to run twice and late."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from newsroom.conf import newsroom_settings
from newsroom.newsletters import subscriptions, topics
from newsroom.newsletters.importing.batches import forget_addresses
from newsroom.newsletters.models import (
    Bounce,
    Evidence,
    MailedLink,
    Method,
    OutgoingMail,
    Subscriber,
    Subscription,
)
from newsroom.newsletters.syncing.comparing import forget_told

BY_SCHEDULE = Evidence(method=Method.SCHEDULE)
CHUNK = 500

# How long rows are kept that nobody needs: for support, and for a look at what went wrong.
KEEP_SENT = timedelta(days=90)
KEEP_DROPPED = timedelta(days=7)
KEEP_BOUNCES = timedelta(days=180)


def tend(now: datetime) -> None:
    """Do all of it, a bounded part of each at a time; the next run does more."""
    ask_forgotten(now)
    remind(now)
    let_go(now)
    topics.end_expired(now, invite_to=newsroom_settings.TOPIC_INVITATION)
    clear_away(now)
    forget_addresses(now)
    forget_told(now)


def _mails_of(states: list[str], **facts: object) -> Exists:
    """Whether a link that confirms this subscription has a mail in one of these states."""
    through = MailedLink.subscriptions.through.objects
    return Exists(
        through.filter(
            subscription=OuterRef("pk"),
            mailedlink__purpose=MailedLink.Purpose.CONFIRM,
            mailedlink__mail__state__in=states,
            **facts,
        )
    )


def _pending() -> QuerySet[Subscription]:
    return Subscription.objects.filter(state=Subscription.State.PENDING).order_by("asked_at", "pk")


def ask_forgotten(now: datetime) -> int:
    """Ask those whom no mail ever reached: it could not be sent, or they came before mail did."""
    rows = _pending().filter(~_mails_of(["waiting", "sending", "sent"]))
    people = Subscriber.objects.filter(
        pk__in=list(rows.values_list("subscriber", flat=True)[:CHUNK]),
        confirmation_mails__lt=newsroom_settings.CONFIRMATIONS_PER_ADDRESS,
    )
    return sum(subscriptions.ask_again(person, now) for person in people)


def remind(now: datetime) -> int:
    """Remind once of what was asked for, and asked about, some days ago and not confirmed."""
    since = now - timedelta(days=newsroom_settings.REMIND_AFTER_DAYS)
    was_mailed = _mails_of(["sent"], mailedlink__mail__sent_at__lte=since)
    rows = _pending().filter(was_mailed, asked_at__lte=since, reminded_at=None)
    people = set(rows.values_list("subscriber", flat=True)[:CHUNK])
    return sum(subscriptions.remind(pk, since, now) for pk in people)


def let_go(now: datetime) -> int:
    """Delete what was never confirmed, once no link for it works any more.

    Who has not been asked yet stays, until ``ask_forgotten`` comes to them.
    """
    since = now - timedelta(days=newsroom_settings.CONFIRM_DAYS)
    usable = MailedLink.objects.usable(now).filter(subscriptions=OuterRef("pk"))
    most = newsroom_settings.CONFIRMATIONS_PER_ADDRESS
    was_asked = _mails_of(["sent", "dropped"]) | Q(subscriber__confirmation_mails__gte=most)
    rows = _pending().filter(
        was_asked, ~_mails_of(["waiting", "sending"]), ~Exists(usable), asked_at__lte=since
    )
    pks = list(rows.values_list("pk", flat=True)[:CHUNK])
    return sum(subscriptions.lapse(pk, BY_SCHEDULE, now) for pk in pks)


@transaction.atomic
def clear_away(now: datetime) -> None:
    """Delete old mails and links, and people who are on no list and get no mail."""
    mails = OutgoingMail.objects
    mails.filter(state__in=["sent", "failed"], created_at__lt=now - KEEP_SENT).delete()
    mails.filter(state="dropped", created_at__lt=now - KEEP_DROPPED).delete()
    MailedLink.objects.filter(
        Q(mail=None) | Q(expires_at__lt=now), created_at__lt=now - KEEP_SENT
    ).delete()
    MailedLink.objects.filter(mail=None, created_at__lt=now - KEEP_DROPPED).delete()
    Bounce.objects.filter(occurred_at__lt=now - KEEP_BOUNCES).delete()
    busy = mails.filter(subscriber=OuterRef("pk"), state__in=["waiting", "sending"])
    links = MailedLink.objects.filter(
        Q(subscriber=OuterRef("pk")) | Q(replaces=OuterRef("pk")), expires_at__gt=now
    )
    Subscriber.objects.filter(
        ~Exists(busy), ~Exists(links), subscriptions=None, created_at__lt=now - KEEP_DROPPED
    ).delete()
