"""The one door: every change of who gets what goes through here and into the ledger.

Forms, links, preference pages, imports, newsletter services, bounces and staff all come in by
these functions, and none of them can bring back an address whose owner said no:

- Only a click in a mail that we sent to the address itself makes an opt-out undone.
- A form after an opt-out changes nothing until then.
- Imports and services are refused by any suppression, and by any opt-out.

Every function locks the person's row first, so that two of them cannot cross.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.conf import newsroom_settings
from newsroom.languages import current_language
from newsroom.newsletters.addresses import normalise_email, subscription_key
from newsroom.newsletters.links import make_link
from newsroom.newsletters.models import (
    ConsentEvent,
    Evidence,
    FormerKey,
    ImportRow,
    MailedLink,
    Method,
    Newsletter,
    OutgoingMail,
    Subscriber,
    Subscription,
    Suppression,
    Wording,
    make_event,
)
from newsroom.newsletters.outbox import once, write_mail
from newsroom.newsletters.syncing.changes import note_change
from newsroom.newsletters.topic_slot import get_topic

State = Subscription.State
Source = Subscription.Source
Kind = ConsentEvent.Kind
Reason = Suppression.Reason


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One list that somebody asks for, and the words that stood beside the form.

    ``topic_key`` and ``topic_title`` go together and only with a newsletter for topics.
    """

    newsletter: Newsletter
    wording: str
    topic_key: str = ""
    topic_title: str = ""
    expires_at: datetime | None = None


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


@transaction.atomic
def sign_up(
    email: str, wishes: Iterable[Wish], evidence: Evidence, *, now: datetime | None = None
) -> None:
    """Write down a form. What it asks for begins when the reader confirms it by mail.

    The same queries run for every address, whatever we know about it: the answer to the form
    tells nothing, and neither does its time.
    """
    now = now or timezone.now()
    wishes = list(wishes)
    subscriber = Subscriber.objects.lock(email)
    subscriptions = _ensure(subscriber, wishes, evidence, now)
    wordings = Wording.objects.for_texts(wish.wording for wish in wishes)
    ConsentEvent.objects.bulk_create(
        make_event(
            Kind.SIGNED_UP,
            subscriber,
            evidence,
            at=now,
            subscription=subscription,
            before=subscription.state,
            wording=wordings[wish.wording],
        )
        for wish, subscription in zip(wishes, subscriptions, strict=True)
    )
    language = current_language()
    subscriber.language = subscriber.language or language
    _ask_to_confirm(subscriber, subscriptions, now, language)


def _ensure(
    subscriber: Subscriber, wishes: list[Wish], evidence: Evidence, now: datetime
) -> list[Subscription]:
    """Return the subscription of each wish, made now if there was none. Three queries."""
    made = [
        Subscription(
            newsletter=wish.newsletter,
            subscriber=subscriber,
            topic_key=wish.topic_key,
            topic_title=wish.topic_title,
            expires_at=wish.expires_at,
            key=_free_key(subscriber, wish),
            source=source_of(evidence),
        )
        for wish in wishes
    ]
    Subscription.objects.bulk_create(made, ignore_conflicts=True)
    rows = Subscription.objects.filter(subscriber=subscriber).select_related("newsletter")
    found = {(row.newsletter_id, row.topic_key): row for row in rows}
    subscriptions = [found[wish.newsletter.pk, wish.topic_key] for wish in wishes]
    Subscription.objects.filter(pk__in=[row.pk for row in subscriptions]).update(asked_at=now)
    return subscriptions


def source_of(evidence: Evidence) -> str:
    """Return by which of the ways that staff count somebody came."""
    by_method = {
        Method.IMPORT: Source.IMPORT,
        Method.STAFF: Source.STAFF,
        Method.PROVIDER: Source.SERVICE,
        Method.PREFERENCES: Source.PREFERENCES,
        Method.LINK: Source.LINK,
    }
    if evidence.method in by_method:
        return by_method[evidence.method]
    if evidence.call_to_action_id is not None:
        return Source.ASK
    return Source.STORY if evidence.page_id is not None else Source.FORM


def _free_key(subscriber: Subscriber, wish: Wish) -> uuid.UUID:
    """Return the key of this person's place on this list, or another if somebody has it.

    Who took another address took the keys of the old one along.
    """
    key = subscription_key(subscriber.email, wish.newsletter.pk, wish.topic_key)
    taken = Subscription.objects.filter(key=key).exclude(subscriber=subscriber)
    return uuid.uuid4() if taken.exists() else key


def _ask_to_confirm(
    subscriber: Subscriber, subscriptions: list[Subscription], now: datetime, language: str = ""
) -> None:
    """Write the one mail of a form, or the reason why there is none."""
    open_ones = [row for row in subscriptions if not row.is_confirmed(now)]
    purpose = MailedLink.Purpose.CONFIRM if open_ones else MailedLink.Purpose.PREFERENCES
    send_at, drop = _when_to_ask(subscriber, subscriptions, open_ones, now)
    if not drop:
        subscriber.confirmation_mails += 1
        subscriber.confirmation_mail_at = send_at
    subscriber.save(update_fields=["confirmation_mails", "confirmation_mail_at", "language"])
    link = make_link(purpose, subscriber, now=now)
    link.subscriptions.through.objects.bulk_create(
        link.subscriptions.through(mailedlink=link, subscription=subscription)
        for subscription in open_ones or subscriptions
    )
    write_mail(
        OutgoingMail.Kind.CONFIRM if open_ones else OutgoingMail.Kind.ALREADY,
        once("confirm"),
        now=now,
        subscriber=subscriber,
        newsletter=subscriptions[0].newsletter,
        link=link,
        send_at=send_at,
        language=language,
        drop=drop,
    )


def _when_to_ask(
    subscriber: Subscriber,
    subscriptions: list[Subscription],
    open_ones: list[Subscription],
    now: datetime,
) -> tuple[datetime, str]:
    """Return when the mail may go, and why it may not: an address gets few, whoever types it.

    A second list within the day waits for the day to pass, since the first mail's link is not
    for it.
    """
    reasons = set(Suppression.objects.of(subscriber.email).values_list("reason", flat=True))
    asked = set(
        MailedLink.subscriptions.through.objects.filter(
            subscription__in=[row.pk for row in subscriptions],
            mailedlink__used_at=None,
            mailedlink__mail__state__in=["waiting", "sending", "sent"],
        ).values_list("subscription_id", flat=True)
    )
    earliest = now
    if subscriber.confirmation_mail_at:
        pause = timedelta(hours=newsroom_settings.CONFIRMATION_HOURS)
        earliest = max(now, subscriber.confirmation_mail_at + pause)
    if Reason.COMPLAINED in reasons:
        return now, "The address has complained."
    if subscriber.confirmation_mails >= newsroom_settings.CONFIRMATIONS_PER_ADDRESS:
        return now, "The address has had all its mails."
    if earliest > now and asked.issuperset(row.pk for row in open_ones):
        return now, "The address has had a mail today."
    return earliest, ""


@transaction.atomic
def ask_again(subscriber: Subscriber, now: datetime) -> bool:
    """Ask somebody to confirm all that waits for it, within what an address gets from us."""
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    waiting = subscriber.subscriptions.filter(state=State.PENDING).select_related("newsletter")
    rows = list(waiting.order_by("pk"))
    if rows:
        _ask_to_confirm(subscriber, rows, now)
    return bool(rows)


@transaction.atomic
def remind(subscriber_id: int, asked_until: datetime, now: datetime) -> bool:
    """Remind a person once of what they asked for until then. False: they have confirmed since."""
    subscriber = Subscriber.objects.select_for_update().filter(pk=subscriber_id).first()
    rows = Subscription.objects.filter(
        subscriber_id=subscriber_id,
        state=State.PENDING,
        reminded_at=None,
        asked_at__lte=asked_until,
    )
    rows = list(rows.select_related("newsletter").order_by("pk"))
    if subscriber is None or not rows:
        return False
    Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    if subscriber.confirmation_mails >= newsroom_settings.CONFIRMATIONS_PER_ADDRESS:
        return False
    Subscriber.objects.filter(pk=subscriber.pk).update(
        confirmation_mails=models.F("confirmation_mails") + 1, confirmation_mail_at=now
    )
    link = make_link(MailedLink.Purpose.CONFIRM, subscriber, now=now)
    link.subscriptions.set(rows)
    evidence = Evidence(method=Method.SCHEDULE)
    for row in rows:
        make_event(
            Kind.REMINDED, subscriber, evidence, at=now, subscription=row, before=row.state
        ).save()
    write_mail(
        OutgoingMail.Kind.REMINDER,
        once("reminder"),
        now=now,
        subscriber=subscriber,
        newsletter=rows[0].newsletter,
        link=link,
    )
    return True


@transaction.atomic
def lapse(subscription_id: int, evidence: Evidence, now: datetime) -> bool:
    """Delete a subscription that was never confirmed, and the person if that was all."""
    found = Subscription.objects.filter(pk=subscription_id).values_list("subscriber", flat=True)
    subscriber = Subscriber.objects.select_for_update().filter(pk__in=found).first()
    subscription = Subscription.objects.filter(pk=subscription_id, state=State.PENDING).first()
    if subscriber is None or subscription is None:
        return False
    before = subscription.state
    make_event(
        Kind.LAPSED,
        subscriber,
        evidence,
        at=now,
        subscription=subscription,
        before=before,
        after="",
    ).save()
    subscription.delete()
    if not subscriber.subscriptions.exists():
        subscriber.delete()
    return True


@transaction.atomic
def confirm(
    link: MailedLink, evidence: Evidence, *, now: datetime | None = None
) -> list[Subscription] | None:
    """Confirm exactly what this link was mailed for, once. None: it has been used or is over."""
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().filter(pk=link.subscriber_id).first()
    if subscriber is None:
        return None
    if not MailedLink.objects.usable(now).filter(pk=link.pk).update(used_at=now):
        return None
    subscriptions = list(link.subscriptions.select_related("newsletter").order_by("pk"))
    if link.newsletter is not None:
        wish = Wish(newsletter=link.newsletter, wording=link.newsletter.promise)
        subscriptions += _ensure(subscriber, [wish], evidence, now)
    for subscription in subscriptions:
        _agree(subscriber, subscription, evidence, now)
    Subscriber.objects.filter(pk=subscriber.pk).update(
        confirmation_mails=0, confirmation_mail_at=None, language=current_language()
    )
    return subscriptions or None


def _agree(
    subscriber: Subscriber,
    subscription: Subscription,
    evidence: Evidence,
    now: datetime,
    *,
    wording: Wording | None = None,
    welcome: bool = True,
) -> None:
    """Confirm one subscription on the owner's own act, which undoes their opt-out from it."""
    if subscription.is_confirmed(now):
        return
    Suppression.objects.of(subscriber.email).filter(
        models.Q(newsletter=subscription.newsletter_id) | models.Q(reason=Reason.BOUNCED)
    ).delete()
    if subscription.topic_key:
        topic = get_topic(subscription.topic_key)
        subscription.expires_at = topic.expires_at if topic else subscription.expires_at
        subscription.ended_at = None
    subscription.confirmed_at = now
    _change(
        subscriber, subscription, Kind.CONFIRMED, State.CONFIRMED, evidence, now, wording=wording
    )
    if welcome:
        write_mail(
            OutgoingMail.Kind.WELCOME,
            f"welcome:{subscription.pk}:{now.timestamp():.6f}",
            now=now,
            subscriber=subscriber,
            subscription=subscription,
            newsletter=subscription.newsletter,
        )


def _change(
    subscriber: Subscriber,
    subscription: Subscription,
    kind: str,
    state: str,
    evidence: Evidence,
    now: datetime,
    *,
    wording: Wording | None = None,
) -> None:
    """Give a subscription its new state and write down that it has it."""
    before = subscription.state
    subscription.state = state
    subscription.state_changed_at = now
    if state != State.PENDING:
        subscription.asked_at = subscription.reminded_at = None
    if state != State.CONFIRMED:
        subscription.paused_until = None
        _take_off_links(subscription)
    subscription.save()
    if State.CONFIRMED in (before, state):
        _tell_services(subscriber, subscription)
    make_event(
        kind,
        subscriber,
        evidence,
        at=now,
        subscription=subscription,
        before=before,
        wording=wording,
    ).save()


def _tell_services(
    subscriber: Subscriber, subscription: Subscription, *, at: datetime | None = None
) -> None:
    if not subscription.topic_key:
        note_change(subscriber.email, subscription.newsletter, at=at)


def _take_off_links(subscription: Subscription) -> None:
    """Let no link from before an opt-out confirm it again."""
    MailedLink.subscriptions.through.objects.filter(
        subscription=subscription, mailedlink__used_at=None
    ).delete()


@transaction.atomic
def unsubscribe(
    subscription: Subscription, evidence: Evidence, *, now: datetime | None = None
) -> bool:
    """Take a subscription off its list at once. False: it was off already."""
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscription.subscriber_id)
    subscription = Subscription.objects.select_related("newsletter").get(pk=subscription.pk)
    if subscription.state in (State.UNSUBSCRIBED, State.COMPLAINED):
        return False
    _opt_out(subscriber, subscription, evidence, now)
    return True


def _opt_out(
    subscriber: Subscriber, subscription: Subscription, evidence: Evidence, now: datetime
) -> None:
    if not subscription.topic_key:
        Suppression.objects.suppress(subscriber.email, Reason.OPTED_OUT, subscription.newsletter)
    _change(subscriber, subscription, Kind.UNSUBSCRIBED, State.UNSUBSCRIBED, evidence, now)


def find_by_key(key: uuid.UUID) -> Subscription | None:
    """Return the subscription that a leave link is about, or None when it is gone."""
    found = Subscription.objects.select_related("newsletter").filter(key=key).first()
    if found is None:
        former = FormerKey.objects.select_related("subscription__newsletter").filter(key=key)
        found = next((row.subscription for row in former), None)
    return found


@transaction.atomic
def choose(
    subscriber: Subscriber,
    wanted: Mapping[Newsletter, bool],
    evidence: Evidence,
    *,
    wordings: Mapping[Newsletter, str],
    now: datetime | None = None,
) -> None:
    """Turn lists on and off for somebody who came by a fresh link from their mail."""
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    have = {
        row.newsletter_id: row
        for row in subscriber.subscriptions.filter(topic_key="").select_related("newsletter")
    }
    for newsletter, is_wanted in wanted.items():
        subscription = have.get(newsletter.pk)
        is_on = subscription is not None and subscription.is_confirmed(now)
        if is_wanted and not is_on:
            wish = Wish(newsletter=newsletter, wording=wordings[newsletter])
            (subscription,) = _ensure(subscriber, [wish], evidence, now)
            wording = Wording.objects.for_texts([wish.wording])[wish.wording]
            _agree(subscriber, subscription, evidence, now, wording=wording)
        elif (
            not is_wanted
            and subscription is not None
            and subscription.state
            in (
                State.PENDING,
                State.CONFIRMED,
            )
        ):
            _opt_out(subscriber, subscription, evidence, now)


@transaction.atomic
def pause(
    subscriber: Subscriber,
    until: datetime | None,
    evidence: Evidence,
    *,
    now: datetime | None = None,
) -> int:
    """Stop all mail of a person until then, or let it come again (None). Return how many lists."""
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    kind = Kind.PAUSED if until else Kind.RESUMED
    rows = list(subscriber.subscriptions.confirmed(now).select_related("newsletter"))
    for subscription in rows:
        subscription.paused_until = until
        subscription.save(update_fields=["paused_until"])
        _tell_services(subscriber, subscription)
        if until:
            _tell_services(subscriber, subscription, at=until)
        make_event(
            kind,
            subscriber,
            evidence,
            at=now,
            subscription=subscription,
            before=subscription.state,
        ).save()
    return len(rows)


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


@transaction.atomic
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
    now = now or timezone.now()
    address = normalise_email(email)
    verdict = judge([address], newsletter)[address]
    if verdict in REFUSALS:
        subscriber = Subscriber.objects.filter(email=address).first() or Subscriber(email=address)
        noted = replace(evidence, note=verdict.value)
        make_event(Kind.REFUSED, subscriber, noted, at=now, newsletter=newsletter).save()
        return verdict
    subscriber = Subscriber.objects.lock(address)
    # Judged again behind the lock: they may have left in between.
    verdict = judge([address], newsletter)[address]
    if verdict != Verdict.ADDED:
        return verdict
    existed = subscriber.subscriptions.filter(newsletter=newsletter, topic_key="").exists()
    wish = Wish(newsletter=newsletter, wording=wording)
    (subscription,) = _ensure(subscriber, [wish], evidence, now)
    words = Wording.objects.for_texts([wording])[wording] if wording else None
    if has_consent:
        subscription.confirmed_at = now
        subscription.state, before = State.CONFIRMED, subscription.state
        subscription.state_changed_at = now
        subscription.asked_at = None
        subscription.save()
        _tell_services(subscriber, subscription)
    else:
        before = subscription.state
        _ask_to_confirm(subscriber, [subscription], now)
    make_event(
        Kind.IMPORTED,
        subscriber,
        evidence,
        at=now,
        subscription=subscription,
        before=before if existed else "",
        wording=words,
    ).save()
    return Verdict.ADDED if has_consent else Verdict.ASKED


def remember(email: str, newsletter: Newsletter) -> dict[str, object] | None:
    """Return what an import is about to change, as plain data for ``take_back``.

    None: the person is not known at all.
    """
    subscriber = Subscriber.objects.filter(email=normalise_email(email)).first()
    if subscriber is None:
        return None
    subscription = subscriber.subscriptions.filter(newsletter=newsletter, topic_key="").first()
    prior = {name: _plain(getattr(subscriber, name)) for name in MAILS_COUNTED}
    if subscription is not None:
        prior |= {name: _plain(getattr(subscription, name)) for name in PRIOR}
    return prior


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


MAILS_COUNTED = ("confirmation_mails", "confirmation_mail_at")
PRIOR = ("state_changed_at", "confirmed_at", "asked_at", "reminded_at")


@transaction.atomic
def take_back(
    subscription: Subscription,
    evidence: Evidence,
    *,
    prior: Mapping[str, object] | None = None,
    now: datetime | None = None,
) -> bool:
    """Undo what one import did to a subscription; ``evidence.batch_id`` names it.

    The exact state of before comes back; ``prior`` is what ``remember`` returned then. False:
    something happened since, and that stands.
    """
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscription.subscriber_id)
    subscription = Subscription.objects.get(pk=subscription.pk)
    events = ConsentEvent.objects.filter(
        person=subscriber.person, newsletter=subscription.newsletter_id, topic_key=""
    )
    latest = events.order_by("-pk").first()
    if latest is None or latest.kind != Kind.IMPORTED or latest.batch_id != evidence.batch_id:
        return False
    make_event(
        Kind.UNDONE,
        subscriber,
        evidence,
        at=now,
        subscription=subscription,
        before=subscription.state,
        after=latest.state_before,
    ).save()
    _tell_services(subscriber, subscription)
    if latest.state_before:
        _put_back(subscription, latest, prior or {}, now)
    else:
        subscription.delete()
    if prior is not None:
        counted = {name: _back(prior.get(name), name) for name in MAILS_COUNTED}
        Subscriber.objects.filter(pk=subscriber.pk).update(**counted)
    elif not subscriber.subscriptions.exists():
        subscriber.delete()
    return True


def _put_back(
    subscription: Subscription,
    imported: ConsentEvent,
    prior: Mapping[str, object],
    now: datetime,
) -> None:
    """Give a subscription what it had before an import, and take away what the import asked."""
    subscription.state = imported.state_before
    subscription.state_changed_at = now
    if subscription.state == State.PENDING:
        subscription.asked_at = subscription.asked_at or now
    for name in PRIOR:
        if name in prior:
            setattr(subscription, name, _back(prior[name], name))
    subscription.save()
    MailedLink.subscriptions.through.objects.filter(
        subscription=subscription,
        mailedlink__used_at=None,
        mailedlink__created_at__gte=imported.occurred_at,
    ).delete()


def _back(value: object, name: str) -> object:
    is_time = name.endswith("_at") and isinstance(value, str)
    return datetime.fromisoformat(value) if is_time else value


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


@transaction.atomic
def stop_all(
    subscriber: Subscriber,
    reason: str,
    evidence: Evidence,
    *,
    now: datetime | None = None,
) -> None:
    """Send a person nothing more: their mail came back for good, or they complained.

    ``reason`` is ``bounced`` or ``complained``. Who left by themselves stays as they are.
    """
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    Suppression.objects.suppress(subscriber.email, reason)
    for subscription in subscriber.subscriptions.filter(state__in=["pending", "confirmed"]):
        _change(subscriber, subscription, reason, reason, evidence, now)


@transaction.atomic
def forgive(subscriber: Subscriber, evidence: Evidence, *, now: datetime | None = None) -> bool:
    """Let somebody who complained sign up again, at their own wish. It subscribes them to nothing.

    Staff do this. What they left stays left until they confirm it by mail.
    """
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    rows = Suppression.objects.of(subscriber.email).filter(reason=Reason.COMPLAINED)
    if not rows.delete()[0]:
        return False
    for subscription in subscriber.subscriptions.filter(state=State.COMPLAINED):
        _opt_out(subscriber, subscription, evidence, now)
    make_event(Kind.FORGIVEN, subscriber, evidence, at=now).save()
    return True


@transaction.atomic
def erase(subscriber: Subscriber, evidence: Evidence, *, now: datetime | None = None) -> None:
    """Delete everything about a person, at their wish. The ledger and a keyed hash stay."""
    now = now or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    Suppression.objects.suppress(subscriber.email, Reason.ERASED)
    ImportRow.objects.filter(address=subscriber.email).update(address="")
    for subscription in subscriber.subscriptions.select_related("newsletter"):
        _tell_services(subscriber, subscription)
    ConsentEvent.objects.bulk_create(
        make_event(
            Kind.ERASED,
            subscriber,
            evidence,
            at=now,
            subscription=subscription,
            before=subscription.state if subscription else "",
            after="",
        )
        for subscription in [*subscriber.subscriptions.all(), None]
    )
    subscriber.delete()


@transaction.atomic
def change_address(link: MailedLink, evidence: Evidence, *, now: datetime | None = None) -> bool:
    """Move a person to the address that the link was mailed to, and tell the old one.

    Whoever clicked reads mail at both. What the old address left stays left at the new one.
    """
    now = now or timezone.now()
    people = Subscriber.objects.select_for_update().in_bulk([link.replaces_id, link.subscriber_id])
    if len(people) < 2 or not MailedLink.objects.usable(now).filter(pk=link.pk).update(used_at=now):
        return False
    old, new = people[link.replaces_id], people[link.subscriber_id]
    make_event(Kind.ADDRESS_CHANGED, old, evidence, at=now, other_person=new.person).save()
    there = {(row.newsletter_id, row.topic_key): row for row in new.subscriptions.all()}
    for subscription in old.subscriptions.select_related("newsletter").order_by("pk"):
        twin = there.get((subscription.newsletter_id, subscription.topic_key))
        _tell_services(old, subscription)
        _move(subscription, twin, new, evidence, now)
        _tell_services(new, subscription)
    Suppression.objects.suppress(old.email, Reason.OPTED_OUT)
    old.links.filter(used_at=None).update(used_at=now)
    Subscriber.objects.filter(pk=new.pk).update(confirmation_mails=0, confirmation_mail_at=None)
    write_mail(OutgoingMail.Kind.OLD_ADDRESS, once("old-address"), now=now, subscriber=old)
    return True


def _move(
    subscription: Subscription,
    twin: Subscription | None,
    new: Subscriber,
    evidence: Evidence,
    now: datetime,
) -> None:
    """Give one subscription to the new address, or make it one with what is there."""
    was_confirmed = subscription.state == State.CONFIRMED
    if subscription.state == State.UNSUBSCRIBED and not subscription.topic_key and twin is None:
        Suppression.objects.suppress(new.email, Reason.OPTED_OUT, subscription.newsletter)
    if was_confirmed:
        Suppression.objects.of(new.email).filter(
            models.Q(newsletter=subscription.newsletter_id) | models.Q(reason=Reason.BOUNCED)
        ).delete()
    if twin is None:
        subscription.subscriber = new
        subscription.save(update_fields=["subscriber"])
        return
    if was_confirmed:
        _agree(new, twin, evidence, now, welcome=False)
    FormerKey.objects.filter(subscription=subscription).update(subscription=twin)
    FormerKey.objects.create(key=subscription.key, subscription=twin)
    subscription.delete()
