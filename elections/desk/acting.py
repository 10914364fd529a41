"""What the pages that act on one race share: the mark of what was seen, and the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail.admin.utils import get_valid_next_url_from_request

from elections.desk.seen import Seen, news_since, seen_now
from elections.models import Contest


def is_id(text: str) -> bool:
    """Whether a part of an address can be the id of a row; no database takes a longer one."""
    return text.isascii() and text.isdecimal() and len(text) < 19


class GoesBackMixin:
    """Leads back to the page that one came from, the desk's screen for example."""

    request: HttpRequest

    @cached_property
    def next_url(self) -> str:
        """Where to go afterwards, on this site; "" for the usual place."""
        return get_valid_next_url_from_request(self.request)

    def go_back(self, usual: str, *args: Any) -> HttpResponse:
        return redirect(self.next_url) if self.next_url else redirect(usual, *args)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next_url=self.next_url, **kwargs)


class ActsOnRaceMixin(GoesBackMixin):
    """Carries what its maker saw of a race, and tells what has happened since.

    Ask ``has_news`` before anything is stored, under ``lock_race``.
    """

    seen: Seen | None = None
    news: list[str] = []

    def get_race(self) -> Contest | None:
        """Return the race that this page is about; None as long as it is not chosen."""
        raise NotImplementedError

    def has_news(self) -> bool:
        """Compare the race with what the form carries, and remember what to tell."""
        race = self.get_race()
        self.seen = seen_now(race.pk)
        carried = Seen.from_mark(self.request.POST.get("seen", ""))
        self.news = news_since(carried, self.seen, race)
        return bool(self.news)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        race = self.get_race()
        if race is not None and self.seen is None:
            # A new mark must never go out without the news that belong to it.
            if self.request.method == "POST":
                self.has_news()
            else:
                self.seen = seen_now(race.pk)
        return super().get_context_data(seen=self.seen, news=self.news, **kwargs)
