"""Mailchimp, by its Marketing API 3.0.

A member is known by the MD5 of the lower-case address. Statuses that are neither on nor off
(pending, transactional, archived) count as not there. Archiving keeps no one from coming back.
Deleting for good does: whom Mailchimp has forgotten it takes again by its own forms only.
Mailchimp signs no webhook: its advice is a secret in the address, and that is what is checked.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_datetime

from newsroom.network import http
from newsroom.network.answers import NetworkError
from newsroom.newsletters.syncing.contract import (
    IssueSender,
    Mailing,
    Member,
    Membership,
    News,
    NewsletterService,
    NotFromServiceError,
    Progress,
    ServiceError,
    failure,
)
from newsroom.newsletters.webhooks import plain, read_json

PAGE = 1000
MOST_PAGES = 2000
STATUSES = {
    "subscribed": Membership.SUBSCRIBED,
    "unsubscribed": Membership.UNSUBSCRIBED,
    "cleaned": Membership.CLEANED,
}
# Of campaigns. What else it knows, such as paused or scheduled, is nothing of ours.
PROGRESS = {"save": Progress.SAVED, "sending": Progress.SENT, "sent": Progress.SENT}
FIELDS = "members.email_address,members.status,members.last_changed,total_items"


class Mailchimp(NewsletterService, IssueSender):
    """``api_key`` ends with the data centre, as in ``…-us21``. ``webhook_secret`` is of our own.

    With ``forgets`` false, who had everything erased is only archived.

    ``base_url`` and ``allow_private`` are for tests against a server of one's own.
    """

    leave_tag = "*|UNSUB|*"

    def __init__(
        self,
        *,
        api_key: str,
        webhook_secret: str = "",
        forgets: bool = True,
        base_url: str = "",
        allow_private: bool = False,
    ):
        center = api_key.rpartition("-")[2]
        self.base_url = base_url or f"https://{center}.api.mailchimp.com/3.0"
        self.webhook_secret = webhook_secret
        self.forgets = forgets
        self.allow_private = allow_private
        token = base64.b64encode(f"newsroom:{api_key}".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}"}

    def tell(self, remote_id: str, address: str, membership: Membership, *, key: str) -> None:
        name = hashlib.md5(address.encode(), usedforsecurity=False).hexdigest()
        path = f"/lists/{remote_id}/members/{name}"
        if membership == Membership.ERASED and self.forgets:
            return self._send("POST", f"{path}/actions/delete-permanent", b"", is_gone_good=True)
        if membership in (Membership.ABSENT, Membership.ERASED):
            return self._send("DELETE", path, b"", is_gone_good=True)
        facts = {
            "email_address": address,
            "status": membership.value,
            "status_if_new": membership.value,
        }
        return self._send("PUT", path, json.dumps(facts).encode())

    def _send(self, method: str, path: str, body: bytes, *, is_gone_good: bool = False) -> None:
        try:
            http.post(
                self.base_url + path,
                body,
                method=method,
                headers=self.headers,
                allow_private=self.allow_private,
            )
        except NetworkError as error:
            if is_gone_good and error.status in (404, 405):
                return
            raise failure(error) from error

    def read(self, remote_id: str) -> Iterator[Member]:
        seen = 0
        for _page in range(MOST_PAGES):
            members, total = self._read_page(remote_id, seen)
            seen += len(members)
            yield from (member for member in map(_member, members) if member is not None)
            if seen >= total:
                return
            if not members:
                break
        raise ServiceError("Mailchimp broke off in the middle of the list.")

    def _read_page(self, remote_id: str, offset: int) -> tuple[list[dict[str, Any]], int]:
        query = urlencode({"count": PAGE, "offset": offset, "fields": FIELDS})
        try:
            response = http.get(
                f"{self.base_url}/lists/{remote_id}/members?{query}",
                headers=self.headers,
                allow_private=self.allow_private,
            )
            page = read_json(response.body)
            return list(page["members"]), int(page["total_items"])
        except NetworkError as error:
            raise ServiceError(error.fault) from error
        except (ValueError, KeyError, TypeError) as error:
            raise ServiceError("Mailchimp’s answer is not what it documents.") from error

    def save_issue(self, mailing: Mailing, remote_id: str = "") -> str:
        facts = _campaign(mailing)
        if remote_id:
            self._ask("PATCH", f"/campaigns/{_safe(remote_id)}", facts)
        else:
            made = self._ask("POST", "/campaigns", {"type": "regular", **facts})
            remote_id = _read_id(made)
        content = {"html": mailing.html, "plain_text": mailing.text}
        self._ask("PUT", f"/campaigns/{_safe(remote_id)}/content", content)
        return remote_id

    def ask_issue(self, remote_id: str) -> Progress:
        url = f"{self.base_url}/campaigns/{_safe(remote_id)}?fields=id,status"
        try:
            response = http.get(url, headers=self.headers, allow_private=self.allow_private)
            return PROGRESS.get(read_json(response.body)["status"], Progress.UNKNOWN)
        except NetworkError as error:
            if error.status == 404:
                return Progress.GONE
            raise ServiceError(error.fault) from error
        except (ValueError, KeyError, TypeError) as error:
            raise ServiceError("Mailchimp’s answer is not what it documents.") from error

    def send_issue(self, remote_id: str, *, key: str) -> None:
        """Mailchimp takes no key. It refuses to send a campaign that it has sent."""
        self._send("POST", f"/campaigns/{_safe(remote_id)}/actions/send", b"")

    def _ask(self, method: str, path: str, facts: dict[str, Any]) -> Any:
        try:
            response = http.post(
                self.base_url + path,
                json.dumps(facts).encode(),
                method=method,
                headers=self.headers,
                allow_private=self.allow_private,
            )
            return read_json(response.body)
        except NetworkError as error:
            raise failure(error) from error
        except ValueError as error:
            raise ServiceError("Mailchimp’s answer is not what it documents.") from error

    def take_news(self, request: HttpRequest) -> list[News]:
        given = request.GET.get("secret", "")
        if not self.webhook_secret or not constant_time_compare(given, self.webhook_secret):
            raise NotFromServiceError("The secret in the address is wrong.")
        membership = _news_of(request.POST.get("type", ""), request.POST.get("data[reason]", ""))
        if membership is None:
            return []
        try:
            return [_news(request.POST, membership)]
        except ValueError as error:
            raise NotFromServiceError("This is not what Mailchimp documents.") from error


def _campaign(mailing: Mailing) -> dict[str, Any]:
    return {
        "recipients": {"list_id": mailing.list_id},
        "settings": {
            "title": mailing.title[:100],
            "subject_line": mailing.subject,
            "preview_text": mailing.preview_text,
            "from_name": mailing.sender_name,
            "reply_to": mailing.reply_to,
        },
    }


def _read_id(campaign: Any) -> str:
    """:raises ServiceError: there is none"""
    try:
        return _safe(plain(campaign["id"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ServiceError("Mailchimp’s answer is not what it documents.") from error


def _safe(remote_id: str) -> str:
    """Return a campaign's id, which becomes part of an address.

    :raises ServiceError: it is none
    """
    if not (remote_id.isascii() and remote_id.isalnum() and len(remote_id) <= 100):
        raise ServiceError("Mailchimp’s answer is not what it documents.")
    return remote_id


def _news(form: QueryDict, membership: Membership) -> News:
    """:raises ValueError: it cannot be read"""
    fired_at = parse_datetime(form.get("fired_at", ""))
    if fired_at and timezone.is_naive(fired_at):
        # Mailchimp's times of webhooks are in UTC and do not say so.
        fired_at = fired_at.replace(tzinfo=UTC)
    return News(
        remote_id=plain(form.get("data[list_id]", "")),
        address=plain(form.get("data[email]", "")),
        membership=membership,
        event_id=plain(form.get("data[id]", ""))[:60],
        occurred_at=fired_at,
    )


def _member(facts: dict[str, Any]) -> Member | None:
    """:raises ServiceError: it is none"""
    try:
        membership = STATUSES.get(facts["status"])
        changed_at = parse_datetime(facts.get("last_changed") or "")
        if membership is None:
            return None
        return Member(address=facts["email_address"], membership=membership, changed_at=changed_at)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ServiceError("Mailchimp’s answer is not what it documents.") from error


def _news_of(kind: str, reason: str) -> Membership | None:
    if kind == "unsubscribe":
        return Membership.COMPLAINED if reason == "abuse" else Membership.UNSUBSCRIBED
    return {"cleaned": Membership.CLEANED, "subscribe": Membership.SUBSCRIBED}.get(kind)
