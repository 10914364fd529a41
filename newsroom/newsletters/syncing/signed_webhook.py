"""Any service or program of a site's own, by requests that both sides sign.

Each request carries ``X-Newsroom-Time``, seconds since 1970, and ``X-Newsroom-Signature``, the
hexadecimal HMAC-SHA256 of that time, a full stop and the body; of the path and query where there
is no body. The address is ``url`` of the options.

- We tell: POST ``{"key", "list", "address", "membership"}``, the last being ``subscribed``,
  ``unsubscribed``, ``absent`` or ``erased``. The same key again is the same thing.
- We read: GET ``?list=…&page=1``: ``{"members": [{"address", "membership", "changed_at"}],
  "pages": 3, "total": 2500}``.
- It tells us: POST ``{"events": [{"id", "list", "address", "membership", "at"}]}``.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest

from newsroom.network import http
from newsroom.network.answers import NetworkError
from newsroom.newsletters.syncing.contract import (
    Member,
    Membership,
    News,
    NewsletterService,
    NotFromServiceError,
    ServiceError,
    failure,
)
from newsroom.newsletters.views.reports import MAX_AGE_SECONDS, read_time, signature
from newsroom.newsletters.webhooks import plain, read_json

MOST_PAGES = 2000


class SignedWebhook(NewsletterService):
    def __init__(self, *, url: str, key: str, allow_private: bool = False):
        self.url = url
        self.key = key
        self.allow_private = allow_private

    def tell(self, remote_id: str, address: str, membership: Membership, *, key: str) -> None:
        facts = {"key": key, "list": remote_id, "address": address, "membership": membership.value}
        body = json.dumps(facts).encode()
        try:
            http.post(
                self.url,
                body,
                headers={**self._sign(body), "Idempotency-Key": key},
                allow_private=self.allow_private,
            )
        except NetworkError as error:
            raise failure(error) from error

    def read(self, remote_id: str) -> Iterator[Member]:
        seen = 0
        for number in range(1, MOST_PAGES):
            page = self._read_page(remote_id, number)
            try:
                members = [_member(facts) for facts in page["members"]]
                pages, total = int(page["pages"]), int(page["total"])
            except (ValueError, KeyError, TypeError) as error:
                raise ServiceError("The answer is not what is documented.") from error
            seen += len(members)
            yield from members
            if number >= pages:
                if seen != total:
                    raise ServiceError(f"It says {total} members and showed {seen}.")
                return
        raise ServiceError("The list has no end.")

    def _read_page(self, remote_id: str, number: int) -> dict[str, Any]:
        url = f"{self.url}?{urlencode({'list': remote_id, 'page': number})}"
        parts = urlsplit(url)
        try:
            response = http.get(
                url,
                headers=self._sign(f"{parts.path}?{parts.query}".encode()),
                allow_private=self.allow_private,
            )
            return read_json(response.body)
        except NetworkError as error:
            raise ServiceError(error.fault) from error
        except ValueError as error:
            raise ServiceError("The answer is not JSON.") from error

    def _sign(self, content: bytes) -> dict[str, str]:
        stamp = str(int(time.time()))
        return {
            "X-Newsroom-Time": stamp,
            "X-Newsroom-Signature": signature(self.key, stamp, content),
        }

    def take_news(self, request: HttpRequest) -> list[News]:
        stamp = request.headers.get("X-Newsroom-Time", "")
        given = request.headers.get("X-Newsroom-Signature", "").encode()
        if not stamp.isdecimal() or abs(time.time() - int(stamp[:12])) > MAX_AGE_SECONDS:
            raise NotFromServiceError("The time is wrong.")
        if not hmac.compare_digest(given, signature(self.key, stamp, request.body).encode()):
            raise NotFromServiceError("The signature is wrong.")
        try:
            return [_news(item) for item in read_json(request.body)["events"]]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotFromServiceError("This is not what is documented.") from error


def _member(facts: dict[str, Any]) -> Member:
    """:raises ValueError, KeyError, TypeError: it is none"""
    changed_at = facts.get("changed_at")
    return Member(
        address=str(facts["address"]),
        membership=Membership(facts["membership"]),
        changed_at=read_time(changed_at) if changed_at else None,
    )


def _news(item: dict[str, Any]) -> News:
    return News(
        remote_id=plain(item["list"]),
        address=plain(item["address"]),
        membership=Membership(item["membership"]),
        event_id=plain(item["id"])[:60],
        occurred_at=read_time(item["at"]),
    )
