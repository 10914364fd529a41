"""A service that lives in this process: for tests, and to try out what a sync does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

from django.http import HttpRequest

from newsroom.newsletters.syncing.contract import (
    Member,
    Membership,
    News,
    NewsletterService,
    NotFromServiceError,
    ServiceError,
)

PAGE = 2


class InMemoryService(NewsletterService):
    """Keeps lists by name. It can be down, and break off after some pages, as others do."""

    lists: ClassVar[dict[str, dict[str, Member]]] = {}
    told: ClassVar[list[tuple[str, str]]] = []
    is_down: ClassVar[bool] = False
    breaks_after: ClassVar[int | None] = None

    @classmethod
    def reset(cls) -> None:
        cls.lists, cls.told = {}, []
        cls.is_down, cls.breaks_after = False, None

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
