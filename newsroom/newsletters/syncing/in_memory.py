"""A service that lives in this process: for tests, and to try out what a sync does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from django.http import HttpRequest

from newsroom.newsletters.syncing.contract import (
    IssueSender,
    Mailing,
    Member,
    Membership,
    News,
    NewsletterService,
    NotFromServiceError,
    Progress,
    RefusedError,
    ServiceError,
)

PAGE = 2


class InMemoryService(NewsletterService, IssueSender):
    """Keeps lists by name. It can be down, and break off after some pages, as others do.

    ``loses_answers`` does what it is asked to send and does not say so.
    """

    leave_tag = "https://service.example/leave/"

    lists: ClassVar[dict[str, dict[str, Member]]] = {}
    told: ClassVar[list[tuple[str, str]]] = []
    is_down: ClassVar[bool] = False
    breaks_after: ClassVar[int | None] = None
    saved: ClassVar[dict[str, Mailing]] = {}
    sent: ClassVar[list[str]] = []
    loses_answers: ClassVar[bool] = False

    @classmethod
    def reset(cls) -> None:
        cls.lists, cls.told = {}, []
        cls.saved, cls.sent = {}, []
        cls.is_down, cls.breaks_after, cls.loses_answers = False, None, False

    def tell(self, remote_id: str, address: str, membership: Membership, *, key: str) -> None:
        if self.is_down:
            raise ServiceError("The service is down.")
        self.told.append((key, membership))
        members = self.lists.setdefault(remote_id, {})
        if membership in (Membership.ABSENT, Membership.ERASED):
            members.pop(address, None)
        else:
            members[address] = Member(address=address, membership=membership)

    def read(self, remote_id: str) -> Iterator[Member]:
        members = list(self.lists.get(remote_id, {}).values())
        for number, start in enumerate(range(0, max(len(members), 1), PAGE)):
            if self.is_down or number == self.breaks_after:
                raise ServiceError("The service is down.")
            yield from members[start : start + PAGE]

    def take_news(self, request: HttpRequest) -> list[News]:
        try:
            items: list[dict[str, Any]] = json.loads(request.body)
            return [
                News(**{**item, "membership": Membership(item["membership"])}) for item in items
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise NotFromServiceError("This is no news.") from error

    def save_issue(self, mailing: Mailing, remote_id: str = "") -> str:
        if self.is_down:
            raise ServiceError("The service is down.")
        if remote_id in self.sent:
            raise RefusedError("It is sent.")
        remote_id = remote_id or f"issue-{len(self.saved) + 1}"
        self.saved[remote_id] = mailing
        return remote_id

    def ask_issue(self, remote_id: str) -> Progress:
        if self.is_down:
            raise ServiceError("The service is down.")
        if remote_id in self.sent:
            return Progress.SENT
        return Progress.SAVED if remote_id in self.saved else Progress.GONE

    def send_issue(self, remote_id: str, *, key: str) -> None:
        if self.is_down:
            raise ServiceError("The service is down.")
        self.sent.append(remote_id)
        if self.loses_answers:
            raise ServiceError("The answer was lost.")
