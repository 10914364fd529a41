"""What imports, newsletter services and staff bring, as far as nobody said no to it."""

from collections.abc import Iterable
from dataclasses import replace
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
from newsroom.newsletters.subscriptions.signing_up import ask_to_confirm
from newsroom.newsletters.subscriptions.states import tell_services
from newsroom.newsletters.subscriptions.wishes import Wish, ensure

State = Subscription.State
Kind = ConsentEvent.Kind
Reason = Suppression.Reason


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
    (subscription,) = ensure(subscriber, [wish], evidence, now)
    words = Wording.objects.for_texts([wording])[wording] if wording else None
    if has_consent:
        subscription.confirmed_at = now
        subscription.state, before = State.CONFIRMED, subscription.state
        subscription.state_changed_at = now
        subscription.asked_at = None
        subscription.save()
        tell_services(subscriber, subscription)
    else:
        before = subscription.state
        ask_to_confirm(subscriber, [subscription], now)
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
