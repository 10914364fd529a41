"""What a newsletter service must be able to do, and how it is found.

``NEWSROOM_NEWSLETTER_SERVICES`` names them: ``{"mailchimp": {"adapter": "dotted.path.Class",
"options": {"api_key": ...}}}``. Secrets stand there and not in the database.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from newsroom.conf import newsroom_settings
from newsroom.network.answers import NetworkError


class Membership(models.TextChoices):
    """What a service has about an address on one list. Absent: nothing, or put away.

    Erased: nothing for good, because the owner wished to be forgotten.
    """

    SUBSCRIBED = "subscribed", _("On the list")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    CLEANED = "cleaned", _("Mail comes back")
    COMPLAINED = "complained", _("Complained")
    ABSENT = "absent", _("Not there")
    ERASED = "erased", _("Forgotten")


@dataclass(frozen=True, kw_only=True)
class Member:
    """One address of a service's list. ``changed_at`` is aware; None where it is not told."""

    address: str
    membership: Membership
    changed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class News:
    """What a service tells by itself. ``remote_id`` is its list; ``event_id`` may be blank."""

    remote_id: str
    address: str
    membership: Membership
    event_id: str = ""
    occurred_at: datetime | None = None


class ServiceError(Exception):
    """The service did not do it, or did not say all. It is tried again; nothing is concluded."""


class RefusedError(ServiceError):
    """The service is well and did not take this one address. Others may go on."""


class NotFromServiceError(Exception):
    """What claims to come from a service is not signed by it, or cannot be read."""


def failure(error: NetworkError) -> ServiceError:
    """Tell a refusal of one address from a service that is down or lets nobody in."""
    is_refusal = error.status in (400, 404, 409, 410, 422)
    return (RefusedError if is_refusal else ServiceError)(error.fault)


class Progress(models.TextChoices):
    """How far a service is with an issue. Gone: it does not know it any more."""

    SAVED = "saved"
    SENT = "sent"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """An issue as a service gets it. ``title`` is what staff of the service see."""

    list_id: str
    title: str
    subject: str
    preview_text: str
    sender_name: str
    reply_to: str
    html: str
    text: str


class IssueSender(ABC):
    """What a service can do besides, if it sends issues.

    ``leave_tag`` stands in a mail where the service puts each reader's own link to unsubscribe.
    """

    leave_tag: str

    @abstractmethod
    def save_issue(self, mailing: Mailing, remote_id: str = "") -> str:
        """Keep it there unsent, whole, and return its id; with an id, in place of what it has.

        :raises ServiceError: the service may have nothing of it, or a part
        """

    @abstractmethod
    def ask_issue(self, remote_id: str) -> Progress:
        """:raises ServiceError: the service does not say"""

    @abstractmethod
    def send_issue(self, remote_id: str, *, key: str) -> None:
        """Send what was saved. The same ``key`` again is the same sending.

        :raises RefusedError: the service is well and sends nothing
        :raises ServiceError: it may or may not be sent
        """


class NewsletterService(ABC):
    """One account. Options of the settings are its constructor's arguments."""

    @abstractmethod
    def tell(self, remote_id: str, address: str, membership: Membership, *, key: str) -> None:
        """Make it so, all but cleaned and complained. Twice is once; ``key`` names the change.

        :raises ServiceError: it may or may not have arrived
        """

    @abstractmethod
    def read(self, remote_id: str) -> Iterator[Member]:
        """Yield the whole list. An end without an error promises that nothing is missing.

        :raises ServiceError: a page did not come, or the pages are not the whole
        """

    @abstractmethod
    def take_news(self, request: HttpRequest) -> list[News]:
        """Return what a request of the service to us says.

        :raises NotFromServiceError: it is not signed, or not what is documented
        """


def get_service(key: str) -> NewsletterService:
    """:raises LookupError: the settings name no such service"""
    found = newsroom_settings.NEWSLETTER_SERVICES.get(key)
    if found is None:
        raise LookupError(f"NEWSROOM_NEWSLETTER_SERVICES names no {key!r}.")
    return import_string(found["adapter"])(**found.get("options", {}))


def service_choices() -> list[tuple[str, str]]:
    return [(key, key) for key in sorted(newsroom_settings.NEWSLETTER_SERVICES)]
