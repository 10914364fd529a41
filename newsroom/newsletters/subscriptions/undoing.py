"""What an import did, taken back."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from newsroom.newsletters.models import (
    ConsentEvent,
    Evidence,
    MailedLink,
    Newsletter,
    Subscriber,
    Subscription,
    make_event,
)
from newsroom.newsletters.syncing.changes import note_changes

State = Subscription.State
Kind = ConsentEvent.Kind
Prior = Mapping[str, object]

MAILS_COUNTED = ("confirmation_mails", "confirmation_mail_at")
PRIOR = ("state_changed_at", "confirmed_at", "asked_at", "reminded_at")


def remember(people: Iterable[Subscriber], newsletter: Newsletter) -> dict[int, dict[str, object]]:
    """Return, by the person's number, what an import is about to change, as plain data."""
    found = {
        person.pk: {name: _plain(getattr(person, name)) for name in MAILS_COUNTED}
        for person in people
    }
    rows = Subscription.objects.filter(newsletter=newsletter, topic_key="", subscriber__in=found)
    for row in rows:
        found[row.subscriber_id] |= {name: _plain(getattr(row, name)) for name in PRIOR}
    return found


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def take_back(
    subscription: Subscription,
    evidence: Evidence,
    *,
    prior: Prior | None = None,
    now: datetime | None = None,
) -> bool:
    """Undo what one import did to a subscription; ``evidence.batch_id`` names it.

    The exact state of before comes back; ``prior`` is what was there then. False: something
    happened since, and that stands.
    """
    undone = take_back_each({subscription.pk: prior}, subscription.newsletter, evidence, now=now)
    return subscription.pk in undone


@transaction.atomic
def take_back_each(
    priors: Mapping[int, Prior | None],
    newsletter: Newsletter,
    evidence: Evidence,
    *,
    now: datetime | None = None,
) -> set[int]:
    """Do what ``take_back`` does with some hundred subscriptions of one list, in a few queries.

    ``priors`` are by the subscription's number. Return the numbers of those that were undone.
    """
    now = now or timezone.now()
    people = Subscriber.objects.select_for_update().order_by("pk")
    people = {row.pk: row for row in people.filter(subscriptions__in=list(priors))}
    rows = list(Subscription.objects.filter(pk__in=list(priors), newsletter=newsletter))
    latest = _latest_events([people[row.subscriber_id].person for row in rows], newsletter)
    undone = []
    for row in rows:
        row.subscriber, row.newsletter = people[row.subscriber_id], newsletter
        event = latest.get(row.subscriber.person)
        if event and event.kind == Kind.IMPORTED and event.batch_id == evidence.batch_id:
            undone.append((row, event))
    _note_undoing(undone, evidence, now)
    note_changes((row.subscriber.email for row, _event in undone), newsletter)
    _put_back([pair for pair in undone if pair[1].state_before], priors, now)
    gone = [row.pk for row, event in undone if not event.state_before]
    pks = {row.pk for row, _event in undone}
    Subscription.objects.filter(pk__in=gone).delete()
    _give_mails_back([row for row, _event in undone], priors)
    return pks


def _latest_events(people: list[object], newsletter: Newsletter) -> dict[object, ConsentEvent]:
    """Return the latest of what happened to each person about a list. Two queries."""
    events = ConsentEvent.objects.filter(
        person__in=people, newsletter=newsletter, topic_key=""
    ).order_by()
    latest = events.values("person").annotate(latest=Max("pk")).values_list("latest", flat=True)
    return {event.person: event for event in ConsentEvent.objects.filter(pk__in=list(latest))}


def _note_undoing(
    undone: list[tuple[Subscription, ConsentEvent]], evidence: Evidence, now: datetime
) -> None:
    ConsentEvent.objects.bulk_create(
        make_event(
            Kind.UNDONE,
            row.subscriber,
            evidence,
            at=now,
            subscription=row,
            before=row.state,
            after=event.state_before,
        )
        for row, event in undone
    )


def _put_back(
    undone: list[tuple[Subscription, ConsentEvent]],
    priors: Mapping[int, Prior | None],
    now: datetime,
) -> None:
    """Give subscriptions what they had before an import, and take away what the import asked."""
    for row, event in undone:
        row.state, row.state_changed_at = event.state_before, now
        prior = priors[row.pk] or {}
        for name in PRIOR:
            if name in prior:
                setattr(row, name, _back(prior[name], name))
        if row.state == State.PENDING:
            # Without it nobody would remind them or let them go.
            row.asked_at = row.asked_at or now
    Subscription.objects.bulk_update([row for row, _event in undone], ["state", *PRIOR])
    for at in {event.occurred_at for _row, event in undone}:
        MailedLink.subscriptions.through.objects.filter(
            subscription__in=[row.pk for row, event in undone if event.occurred_at == at],
            mailedlink__used_at=None,
            mailedlink__created_at__gte=at,
        ).delete()


def _give_mails_back(rows: list[Subscription], priors: Mapping[int, Prior | None]) -> None:
    """Count the mails of people as before, and delete those whom the import made.

    Who got other mails to confirm since keeps their count.
    """
    known = []
    for row in rows:
        person, prior = row.subscriber, priors[row.pk] or {}
        counted = prior.get("confirmation_mails")
        if isinstance(counted, int) and person.confirmation_mails <= counted + 1:
            for name in MAILS_COUNTED:
                setattr(person, name, _back(prior.get(name), name))
            known.append(person)
    Subscriber.objects.bulk_update(known, MAILS_COUNTED)
    made = [row.subscriber_id for row in rows if priors[row.pk] is None]
    left = Subscription.objects.filter(subscriber=OuterRef("pk"))
    Subscriber.objects.filter(~Exists(left), pk__in=made).delete()


def _back(value: object, name: str) -> object:
    is_time = name.endswith("_at") and isinstance(value, str)
    return datetime.fromisoformat(value) if is_time else value
