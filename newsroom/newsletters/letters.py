"""What each mail says. One function for each kind; two templates print all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import formataddr, parseaddr
from hashlib import sha256

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from newsroom.conf import newsroom_settings
from newsroom.languages import current_language, own_language, site_languages
from newsroom.newsletters.links import leave_url, link_url, public_url
from newsroom.newsletters.models import Newsletter, OutgoingMail, Subscription, titles_of
from newsroom.newsletters.spikes import staff_addresses

Kind = OutgoingMail.Kind

# Rules for dark screens and phones cannot stand in an attribute, and stay in the head.
INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The words of one mail, in the order in which they are read.

    ``items`` stand as a list after the paragraphs; ``button`` is its words and its address.
    """

    subject: str
    paragraphs: list[str]
    items: list[str] = field(default_factory=list)
    button: tuple[str, str] | None = None
    notes: list[str] = field(default_factory=list)


class NotToSendError(Exception):
    """What this mail was about has changed since it was written. Says how, in a sentence."""


def paragraphs_of(text: str) -> list[str]:
    """Split a text of staff at its blank lines."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [" ".join(part.split()) for part in parts if part.strip()]


def write_confirm(mail: OutgoingMail, now: datetime) -> Letter:
    titles = _asked_for(mail, now)
    days = newsroom_settings.CONFIRM_DAYS
    return Letter(
        subject=_("Please confirm: %(name)s") % {"name": titles[0]},
        paragraphs=[_("Somebody, probably you, asked us to send this to your address:")],
        items=titles,
        button=(_("Confirm on our site"), link_url(mail.link)),
        notes=[
            ngettext(
                "The link works for %(days)d day and leads to a page with one button.",
                "The link works for %(days)d days and leads to a page with one button.",
                days,
            )
            % {"days": days},
            _("If it was not you, do nothing. Without your click you get nothing from us."),
        ],
    )


def write_reminder(mail: OutgoingMail, now: datetime) -> Letter:
    titles = _asked_for(mail, now)
    return Letter(
        subject=_("Still want it? %(name)s") % {"name": titles[0]},
        paragraphs=[
            _("A few days ago this was asked for with your address, and not yet confirmed:")
        ],
        items=titles,
        button=(_("Confirm on our site"), link_url(mail.link)),
        notes=[_("We will not ask again. Without your click we soon delete your address.")],
    )


def write_already(mail: OutgoingMail, now: datetime) -> Letter:
    titles = titles_of(mail.link.subscriptions.select_related("newsletter"))
    return Letter(
        subject=_("You are on the list already"),
        paragraphs=[
            _("Somebody, probably you, signed up with your address. You get this already:")
        ],
        items=titles,
        button=(_("Change what you get"), link_url(mail.link)),
        notes=[
            _("There is nothing to do."),
            _link_note(),
        ],
    )


def write_welcome(mail: OutgoingMail, now: datetime) -> Letter:
    subscription = _still_confirmed(mail, now)
    newsletter = subscription.newsletter
    text = paragraphs_of(newsletter.welcome_text) or [
        _("You are on the list. This is what you will get: %(promise)s")
        % {"promise": newsletter.promise},
    ]
    sample = newsletter.sample_url
    return Letter(
        subject=newsletter.welcome_subject
        or _("Welcome to %(name)s") % {"name": subscription.title},
        paragraphs=text,
        button=(_("Read a recent issue"), sample) if sample else None,
        notes=[_("So that it arrives, add our address to your contacts.")],
    )


def write_preferences(mail: OutgoingMail, now: datetime) -> Letter:
    return Letter(
        subject=_("Your link to your newsletters"),
        paragraphs=[
            _("With this link you choose what you get, pause it, change your address or leave.")
        ],
        button=(_("Change what you get"), link_url(mail.link)),
        notes=[_link_note(), _("If you did not ask for it, you need not do anything.")],
    )


def write_new_address(mail: OutgoingMail, now: datetime) -> Letter:
    return Letter(
        subject=_("Please confirm your new address"),
        paragraphs=[_("Somebody, probably you, wants to get our newsletters at this address.")],
        button=(_("Use this address"), link_url(mail.link)),
        notes=[
            _("The link works for one day and leads to a page with one button."),
            _("If it was not you, do nothing."),
        ],
    )


def write_old_address(mail: OutgoingMail, now: datetime) -> Letter:
    return Letter(
        subject=_("Your address was changed"),
        paragraphs=[
            _("Our newsletters now go to another address. Somebody asked for it with your link."),
            _("If it was not you, answer this mail, and we will put it right."),
        ],
    )


def write_erase(mail: OutgoingMail, now: datetime) -> Letter:
    return Letter(
        subject=_("Delete everything we know about you?"),
        paragraphs=[
            _("You asked us to delete your address and everything about it."),
            _("It cannot be taken back. You will get nothing from us any more."),
        ],
        button=(_("Go on to delete it"), link_url(mail.link)),
        notes=[_link_note(), _("If you did not ask for it, do nothing, and nothing is deleted.")],
    )


def write_announcement(mail: OutgoingMail, now: datetime) -> Letter:
    subscription = _still_confirmed(mail, now)
    announcement = mail.announcement
    own = {"subject": announcement.subject, "text": announcement.text, "url": announcement.url}
    said = own | announcement.translations.get(current_language(), {})
    return Letter(
        subject=said["subject"],
        paragraphs=paragraphs_of(said["text"]),
        button=(_("Read on our site"), said["url"]) if said["url"] else None,
        notes=[_("You asked us to tell you: %(topic)s.") % {"topic": subscription.topic_title}],
    )


def write_invitation(mail: OutgoingMail, now: datetime) -> Letter:
    topic = mail.subscription.topic_title
    newsletter = mail.newsletter
    return Letter(
        subject=_("%(topic)s is decided. What next?") % {"topic": topic},
        paragraphs=[
            _("These alerts end here, and we will not write about them any more."),
            _("If you liked hearing from us: %(name)s. %(promise)s")
            % {"name": newsletter.name, "promise": newsletter.promise},
        ],
        button=(_("Get %(name)s") % {"name": newsletter.name}, link_url(mail.link)),
        notes=[_("We ask this once. Without your click you get nothing more from us.")],
    )


def write_staff(mail: OutgoingMail, now: datetime) -> Letter:
    return Letter(subject=mail.subject, paragraphs=paragraphs_of(mail.text))


WRITERS: dict[str, Callable[[OutgoingMail, datetime], Letter]] = {
    Kind.CONFIRM: write_confirm,
    Kind.REMINDER: write_reminder,
    Kind.ALREADY: write_already,
    Kind.WELCOME: write_welcome,
    Kind.PREFERENCES: write_preferences,
    Kind.NEW_ADDRESS: write_new_address,
    Kind.OLD_ADDRESS: write_old_address,
    Kind.ERASE: write_erase,
    Kind.ANNOUNCEMENT: write_announcement,
    Kind.INVITATION: write_invitation,
    Kind.STAFF: write_staff,
}


def _asked_for(mail: OutgoingMail, now: datetime) -> list[str]:
    rows = mail.link.subscriptions.select_related("newsletter").order_by("pk")
    titles = titles_of(row for row in rows if not row.is_confirmed(now))
    if not titles:
        raise NotToSendError("Nothing is left to confirm.")
    return titles


def _still_confirmed(mail: OutgoingMail, now: datetime) -> Subscription:
    subscription = mail.subscription
    is_paused = subscription.paused_until is not None and subscription.paused_until > now
    if not subscription.is_confirmed(now) or is_paused:
        raise NotToSendError("They left, or pause, since it was written.")
    return subscription


def _link_note() -> str:
    minutes = newsroom_settings.PREFERENCE_MINUTES
    return _("The link works for %(minutes)d minutes. Keep it to yourself.") % {"minutes": minutes}


def render_html(letter: Letter, *, sender: str, leave: str = "") -> str:
    return INLINER.inline(_render("html", letter, sender, leave))


def render_text(letter: Letter, *, sender: str, leave: str = "") -> str:
    return _render("txt", letter, sender, leave)


def _render(suffix: str, letter: Letter, sender: str, leave: str) -> str:
    context = {
        "letter": letter,
        "sender": sender,
        "leave_url": leave,
        "preferences_url": public_url(reverse("newsletters:ask_preferences")),
        "postal_address": newsroom_settings.POSTAL_ADDRESS,
    }
    return render_to_string(f"newsroom/newsletters/mail/letter.{suffix}", context)


def sender_of(newsletter: Newsletter | None) -> tuple[str, str]:
    """Return the name and the address that a mail comes from."""
    site_name, site_address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if newsletter is None:
        return site_name or settings.WAGTAIL_SITE_NAME, site_address
    return newsletter.sender_name or newsletter.name, newsletter.sender_address or site_address


def compose(mail: OutgoingMail, now: datetime) -> EmailMultiAlternatives:
    """Return the whole mail, ready to be sent, in the language of whoever gets it.

    :raises NotToSendError: it should not be sent any more
    """
    with override(language_of(mail)):
        return _compose(mail, now)


def language_of(mail: OutgoingMail) -> str:
    """Return the language of the form that caused a mail, or else of its reader."""
    said = mail.language or (mail.subscriber and mail.subscriber.language)
    return said if said in site_languages() and mail.kind != Kind.STAFF else own_language()


def _compose(mail: OutgoingMail, now: datetime) -> EmailMultiAlternatives:
    is_for_staff = mail.kind == Kind.STAFF
    if mail.subscriber is None and not is_for_staff:
        raise NotToSendError("Nobody is at the other end.")
    letter = WRITERS[mail.kind](mail, now)
    name, address = sender_of(mail.newsletter)
    leave = leave_url(mail.subscription) if mail.subscription else ""
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=render_text(letter, sender=name, leave=leave),
        from_email=formataddr((name, address)),
        to=staff_addresses() if is_for_staff else [mail.subscriber.email],
        reply_to=[mail.newsletter.reply_to] if mail.newsletter and mail.newsletter.reply_to else [],
        headers=_headers(mail, address, leave),
    )
    message.attach_alternative(render_html(letter, sender=name, leave=leave), "text/html")
    return message


def _headers(mail: OutgoingMail, address: str, leave: str) -> dict[str, str]:
    """A second try has the same Message-ID, by which mail programs know it for the same mail."""
    host = address.rpartition("@")[2] or "localhost"
    digest = sha256(f"{mail.pk}:{mail.event_key}".encode()).hexdigest()[:32]
    headers = {"Message-ID": f"<{digest}@{host}>", "Auto-Submitted": "auto-generated"}
    if mail.newsletter is not None:
        headers["List-Id"] = f"<{mail.newsletter.slug}.{host}>"
    if leave:
        headers["List-Unsubscribe"] = f"<{leave}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers
