"""A history for feed readers: Atom and JSON Feed 1.1, of a race and of an election."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from elections.models import Contest, Election, Published
from elections.widgets import sharing
from elections.widgets.history import Entry
from elections.widgets.history_rows import NEWEST, election_history, race_history
from elections.widgets.languages import Names
from elections.widgets.views import conditional, text_etag

VERSION = "https://jsonfeed.org/version/1.1"


@dataclass(frozen=True)
class Item:
    id: str
    url: str
    title: str
    text: str
    at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Channel:
    """A feed before it has a format. ``since`` is its time while nothing has happened."""

    id: str
    title: str
    home_url: str
    description: str
    author: str
    language: str
    items: tuple[Item, ...]
    since: datetime

    @property
    def changed_at(self) -> datetime:
        return max((item.changed_at for item in self.items), default=self.since)


@require_safe
def race_atom(request: HttpRequest, contest_id: int) -> HttpResponse:
    return _atom(request, _race_channel(request, contest_id))


@require_safe
def race_feed(request: HttpRequest, contest_id: int) -> HttpResponse:
    return _json(request, _race_channel(request, contest_id))


@require_safe
def election_atom(request: HttpRequest, election_id: int) -> HttpResponse:
    return _atom(request, _election_channel(request, election_id))


@require_safe
def election_feed(request: HttpRequest, election_id: int) -> HttpResponse:
    return _json(request, _election_channel(request, election_id))


def published_race(contest_id: int) -> Published:
    """Return a published race with its contest, election, page and names.

    :raises Http404: nobody has seen a result of it.
    """
    rows = Published.objects.defer("html", "payload", "translations").select_related(
        "contest__election"
    )
    if hasattr(Contest, "race_page"):
        rows = rows.select_related("contest__race_page")
    published = get_object_or_404(rows.prefetch_related("contest__selections"), pk=contest_id)
    published.contest = Names.current().contest(published.contest)
    return published


def _race_channel(request: HttpRequest, contest_id: int) -> Channel:
    published = published_race(contest_id)
    contest = published.contest
    history = race_history(contest, published)[:NEWEST]
    return Channel(
        id=_tag(request, contest.election, f"contest-{contest.pk}"),
        title=marked(contest.election, contest.name),
        home_url=sharing.race_address(request, contest),
        description=_("Each release of the count, each call and each correction."),
        author=sharing.site_name(request),
        language=get_language() or "en",
        items=tuple(_items(request, history, {contest.pk: contest})),
        since=published.published_at,
    )


def _election_channel(request: HttpRequest, election_id: int) -> Channel:
    election = get_object_or_404(Election, pk=election_id)
    first = Published.objects.filter(contest__election=election).order_by("published_at")
    since = first.values_list("published_at", flat=True).first()
    if since is None:
        raise Http404
    history, contests = election_history(election)
    return Channel(
        id=_tag(request, election, f"election-{election.pk}"),
        title=marked(election, Names.current().of(election.name)),
        home_url=sharing.election_address(request, election),
        description=_("The latest releases, calls and corrections of all races."),
        author=sharing.site_name(request),
        language=get_language() or "en",
        items=tuple(_items(request, history, contests, with_race=True)),
        since=since,
    )


def _items(
    request: HttpRequest,
    history: Iterable[Entry],
    contests: dict[int, Contest],
    *,
    with_race: bool = False,
) -> Iterable[Item]:
    urls = {pk: sharing.race_address(request, contest) for pk, contest in contests.items()}
    for entry in history:
        contest = contests[entry.contest_id]
        title = entry.sentences[0]
        if with_race:
            title = f"{contest.name}: {title}"
        yield Item(
            id=_tag(request, contest.election, f"contest-{contest.pk}-{entry.key}"),
            url=f"{urls[contest.pk]}#{entry.key}",
            title=marked(contest.election, title),
            text=entry.text,
            at=entry.at,
            changed_at=entry.changed_at,
        )


def marked(election: Election, title: str) -> str:
    """Return a title that says that it is of a test, where it is."""
    return _("Test, not real votes: %(title)s") % {"title": title} if election.is_test else title


def _tag(request: HttpRequest, election: Election, key: str) -> str:
    """Return an id that stays when addresses change (RFC 4151)."""
    host = request.get_host().partition(":")[0]
    return f"tag:{host},{election.election_date:%Y-%m-%d}:{key}"


class _Atom(Atom1Feed):
    """Without an entry its time is the first publication's, not this moment's."""

    def latest_post_date(self) -> datetime:
        return self.feed["changed_at"]


def _atom(request: HttpRequest, channel: Channel) -> HttpResponse:
    feed = _Atom(
        title=channel.title,
        link=channel.home_url,
        description=channel.description,
        subtitle=channel.description,
        language=channel.language,
        author_name=channel.author or channel.title,
        feed_url=request.build_absolute_uri(request.path),
        feed_guid=channel.id,
        changed_at=channel.changed_at,
    )
    for item in channel.items:
        feed.add_item(
            title=item.title,
            link=item.url,
            description=item.text,
            unique_id=item.id,
            pubdate=item.at,
            updateddate=item.changed_at,
        )
    body = feed.writeString("utf-8")
    return conditional(
        request, body, etag=text_etag(body), content_type="application/atom+xml; charset=utf-8"
    )


def _json(request: HttpRequest, channel: Channel) -> HttpResponse:
    content = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.home_url,
        "feed_url": request.build_absolute_uri(request.path),
        "description": channel.description,
        "language": channel.language,
        "authors": [{"name": channel.author or channel.title}],
        "items": [
            {
                "id": item.id,
                "url": item.url,
                "title": item.title,
                "content_text": item.text,
                "date_published": item.at.isoformat(),
                "date_modified": item.changed_at.isoformat(),
            }
            for item in channel.items
        ],
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return conditional(
        request, body, etag=text_etag(body), content_type="application/feed+json; charset=utf-8"
    )
