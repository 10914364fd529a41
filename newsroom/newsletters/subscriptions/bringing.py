"""What imports, newsletter services and staff bring, as far as nobody said no to it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.newsletters.addresses import normalise_email
from newsroom.newsletters.models import (
    ConsentEvent,
    Evidence,
    Newsletter,
    Subscriber,
    Subscription,
    Suppression,
    Wording,
    make_event,
)
from newsroom.newsletters.subscriptions.leaving import unsubscribe
from newsroom.newsletters.subscriptions.questions import ask_each
from newsroom.newsletters.subscriptions.undoing import remember
from newsroom.newsletters.subscriptions.wishes import free_keys, source_of
from newsroom.newsletters.syncing.changes import note_changes

State = Subscription.State
Kind = ConsentEvent.Kind
Reason = Suppression.Reason

# The mails of an import come after those that a reader waits for.
LATER = 5


class Verdict(models.TextChoices):
    """What becomes of an address that an import or a service brings."""

    ADDED = "added", _("Added")
    ASKED = "asked", _("Gets a mail to confirm")
    ALREADY = "already", _("Was on the list")
    OPTED_OUT = "opted_out", _("Left out: opted out")
    ERASED = "erased", _("Left out: erased at their wish")
    COMPLAINED = "complained", _("Left out: complained about spam")
    BOUNCED = "bounced", _("Left out: mail comes back")


REFUSALS = (Verdict.COMPLAINED, Verdict.ERASED, Verdict.OPTED_OUT, Verdict.BOUNCED)


def judge(emails: Iterable[str], newsletter: Newsletter) -> dict[str, Verdict]:
    """Say for each address what an import with proven consent would do. Writes nothing.

    Keys are the addresses as they are stored. Two queries for all of them.
    """
    addresses = {normalise_email(email) for email in emails}
    reasons = Suppression.objects.reasons(addresses, newsletter)
    states = dict(
        Subscription.objects.filter(
            newsletter=newsletter, topic_key="", subscriber__email__in=addresses
        ).values_list("subscriber__email", "state")
    )
    return {
        address: _judge(states.get(address), reasons.get(address, set())) for address in addresses
    }


def _judge(state: str | None, reasons: set[str]) -> Verdict:
    if state == State.CONFIRMED:
        return Verdict.ALREADY
    by_state = {
        State.UNSUBSCRIBED: Verdict.OPTED_OUT,
        State.COMPLAINED: Verdict.COMPLAINED,
        State.BOUNCED: Verdict.BOUNCED,
    }
    found = reasons | ({by_state[state].value} if state in by_state else set())
    return next((verdict for verdict in REFUSALS if verdict.value in found), Verdict.ADDED)


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What became of one address. ``subscription_id`` is None where nobody was brought.

    ``prior`` is what was there before, as plain data for ``take_back``; None for nobody.
    """

    verdict: Verdict
    subscription_id: int | None = None
    prior: dict[str, object] | None = None


def bring_in(
    email: str,
    newsletter: Newsletter,
    evidence: Evidence,
    *,
    wording: str = "",
    has_consent: bool,
    now: datetime | None = None,
) -> Verdict:
    """Add an address that an import, a service or staff brings, unless its owner said no.

    ``has_consent`` says that the consent is proven elsewhere; without it the person is asked by
    mail, once. ``wording`` is what they agreed to, as far as it is known. A refusal is written
    down as well.
    """
    brought = bring_in_each(
        [email], newsletter, evidence, wording=wording, has_consent=has_consent, now=now
    )
    return next((found.verdict for found in brought.values()), Verdict.ERASED)


@transaction.atomic
def bring_in_each(
    emails: Iterable[str],
    newsletter: Newsletter,
    evidence: Evidence,
    *,
    wording: str = "",
    has_consent: bool,
    now: datetime | None = None,
) -> dict[str, Brought]:
    """Do what ``bring_in`` does with some hundred addresses, in the same few queries.

    Keys are the addresses as they are stored. Who is erased at this very moment is missing.
    """
    now = now or timezone.now()
    verdicts = judge(emails, newsletter)
    wanted = {address for address, verdict in verdicts.items() if verdict == Verdict.ADDED}
    known = set(Subscriber.objects.filter(email__in=wanted).values_list("email", flat=True))
    people = Subscriber.objects.lock_each(wanted)
    # Judged again behind the lock: they may have left in between.
    verdicts = {a: v for a, v in verdicts.items() if a not in wanted} | judge(people, newsletter)
    _note_refusals(verdicts, newsletter, evidence, now)
    added = [people[address] for address in people if verdicts[address] == Verdict.ADDED]
    _let_go([people[a] for a in people if verdicts[a] in REFUSALS and a not in known])
    prior = remember(added, newsletter)
    rows = _place(added, newsletter, evidence, now, has_consent=has_consent)
    if has_consent:
        note_changes((row.subscriber.email for row in rows), newsletter)
    else:
        ask_each(rows, now, priority=LATER if evidence.batch_id else 0)
    _note_arrivals(rows, prior, evidence, wording, now)
    verdict = Verdict.ADDED if has_consent else Verdict.ASKED
    return {address: Brought(verdict=found) for address, found in verdicts.items()} | {
        row.subscriber.email: Brought(
            verdict=verdict,
            subscription_id=row.pk,
            prior=prior[row.subscriber_id] if row.subscriber.email in known else None,
        )
        for row in rows
    }


def _let_go(people: list[Subscriber]) -> None:
    """Delete rows that were made for addresses whose owners said no meanwhile."""
    if people:
        pks = [person.pk for person in people]
        Subscriber.objects.filter(pk__in=pks, subscriptions=None).delete()


def _note_refusals(
    verdicts: dict[str, Verdict], newsletter: Newsletter, evidence: Evidence, now: datetime
) -> None:
    refused = {address: verdict for address, verdict in verdicts.items() if verdict in REFUSALS}
    if not refused:
        return
    people = {person.email: person for person in Subscriber.objects.filter(email__in=refused)}
    ConsentEvent.objects.bulk_create(
        make_event(
            Kind.REFUSED,
            people.get(address) or Subscriber(email=address),
            replace(evidence, note=verdict.value),
            at=now,
            newsletter=newsletter,
        )
        for address, verdict in refused.items()
    )


def _place(
    people: list[Subscriber],
    newsletter: Newsletter,
    evidence: Evidence,
    now: datetime,
    *,
    has_consent: bool,
) -> list[Subscription]:
    """Put people onto a list: confirmed with consent, else pending. Nobody of them is confirmed."""
    new = {
        "state": State.CONFIRMED if has_consent else State.PENDING,
        "confirmed_at": now if has_consent else None,
        "asked_at": None if has_consent else now,
    }
    rows = Subscription.objects.filter(newsletter=newsletter, topic_key="", subscriber__in=people)
    waiting = list(rows)
    have = {row.subscriber_id for row in waiting}
    if has_consent:
        rows.update(**new, state_changed_at=now)
    else:
        rows.update(asked_at=now)
    made = Subscription.objects.bulk_create(
        Subscription(
            newsletter=newsletter,
            subscriber=person,
            key=key,
            source=source_of(evidence),
            **new,
        )
        for person, key in free_keys([p for p in people if p.pk not in have], newsletter)
    )
    by_pk = {person.pk: person for person in people}
    for row in waiting:
        row.subscriber, row.newsletter = by_pk[row.subscriber_id], newsletter
        row.state = new["state"]
    return [*waiting, *made]


def _note_arrivals(
    rows: list[Subscription],
    prior: dict[int, dict[str, object]],
    evidence: Evidence,
    wording: str,
    now: datetime,
) -> None:
    words = Wording.objects.for_texts([wording])[wording] if wording and rows else None
    ConsentEvent.objects.bulk_create(
        make_event(
            Kind.IMPORTED,
            row.subscriber,
            evidence,
            at=now,
            subscription=row,
            before=State.PENDING if "asked_at" in prior[row.subscriber_id] else "",
            wording=words,
        )
        for row in rows
    )


def pull(
    email: str,
    newsletter: Newsletter,
    *,
    is_subscribed: bool,
    evidence: Evidence,
    now: datetime | None = None,
) -> Verdict:
    """Take over what a newsletter service says about an address.

    What it took off its list is taken off ours. What it has on its list comes onto ours only if
    nothing speaks against it.
    """
    if is_subscribed:
        return bring_in(email, newsletter, evidence, has_consent=True, now=now)
    address = normalise_email(email)
    subscription = Subscription.objects.filter(
        subscriber__email=address, newsletter=newsletter, topic_key=""
    ).first()
    if subscription is not None:
        unsubscribe(subscription, evidence, now=now)
    else:
        _opt_out_unknown(address, newsletter, evidence, now or timezone.now())
    return Verdict.OPTED_OUT


@transaction.atomic
def _opt_out_unknown(
    address: str, newsletter: Newsletter, evidence: Evidence, now: datetime
) -> None:
    Suppression.objects.suppress(address, Reason.OPTED_OUT, newsletter)
    somebody = Subscriber(email=address)
    make_event(Kind.UNSUBSCRIBED, somebody, evidence, at=now, newsletter=newsletter).save()
