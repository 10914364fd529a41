"""People on lists, brought there through the one door."""

from __future__ import annotations

from newsroom.newsletters import subscriptions
from newsroom.newsletters.models import (
    Evidence,
    MailedLink,
    Method,
    Newsletter,
    OutgoingMail,
    Subscriber,
    Subscription,
)

EMAIL = "ana@example.com"
FORM = Evidence(method=Method.FORM, form="signup", page_id=7)
LINK = Evidence(method=Method.LINK)
LEAVE = Evidence(method=Method.ONE_CLICK)
STAFF = Evidence(method=Method.STAFF, actor_id=1)


def imported(batch_id: int = 1) -> Evidence:
    return Evidence(method=Method.IMPORT, batch_id=batch_id)


def wish(newsletter: Newsletter, **topic: object) -> subscriptions.Wish:
    return subscriptions.Wish(newsletter=newsletter, wording=newsletter.promise, **topic)


def sign_up(*newsletters: Newsletter, email: str = EMAIL, **options: object) -> Subscriber:
    subscriptions.sign_up(email, [wish(newsletter) for newsletter in newsletters], FORM, **options)
    return Subscriber.objects.get(email=email)


def mail_out(now: object) -> None:
    """Let every waiting mail count as sent: their links work from now on."""
    from newsroom.newsletters.links import lifetime

    for mail in OutgoingMail.objects.filter(state="waiting", next_attempt_at__lte=now):
        OutgoingMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=now)
        if mail.link_id:
            expires_at = now + lifetime(mail.link.purpose)
            MailedLink.objects.filter(pk=mail.link_id).update(expires_at=expires_at)


def confirm_all(subscriber: Subscriber, now: object) -> None:
    """Follow every confirm link that this person has got and not used."""
    mail_out(now)
    for link in subscriber.links.usable(now).filter(purpose="confirm"):
        subscriptions.confirm(link, LINK, now=now)


def subscribe(newsletter: Newsletter, *, email: str = EMAIL, now: object) -> Subscription:
    """Bring somebody onto a list as readers come: a form, a mail, a click."""
    subscriber = sign_up(newsletter, email=email, now=now)
    confirm_all(subscriber, now)
    return Subscription.objects.get(subscriber=subscriber, newsletter=newsletter)
