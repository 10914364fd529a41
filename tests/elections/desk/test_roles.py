"""Who may open which page of the desk, cell by cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from wagtail.models import Site

from elections.counting.calls import CallKind
from elections.desk.decision_kinds import KINDS
from elections.desk.roles import DESK, EDITORS, RIGHTS, create_roles
from elections.models import (
    AlertWebhook,
    Call,
    Contest,
    Election,
    Freeze,
    Hold,
    Mute,
    Phrase,
    Proposal,
    RecountRule,
    SentSheet,
    Snapshot,
    Source,
)
from elections.pages.models import RacePage
from elections.widgets import publish

from .conftest import BOARD, POLLS_CLOSE_AT, Say

ROLES = ("anonymous", "author", "viewer", "editor", "desk", "chief", "admin")

# The roles that open a page, by its name. Everybody else is sent to the log-in (anonymous) or
# refused (who may enter the admin and not this page).
ALL = ("viewer", "editor", "desk", "chief", "admin")
DECIDERS = ("editor", "desk", "chief", "admin")
KEEPERS = ("editor", "admin")
CALLERS = ("desk", "chief", "admin")
CHIEFS_ONLY = ("chief", "admin")
WRITERS = ("author", *ALL)

PAGES = {
    "elections_elections": {
        "index": ALL,
        "index_results": ALL,
        "add": KEEPERS,
        "edit": KEEPERS,
        "delete": KEEPERS,
        "history": KEEPERS,
        "history_results": KEEPERS,
        "usage": KEEPERS,
        "inspect": ALL,
    },
    "elections_races": {
        "list": ALL,
        "list_results": ALL,
        "add": KEEPERS,
        "edit": KEEPERS,
        "delete": KEEPERS,
        "history": KEEPERS,
        "history_results": KEEPERS,
        "usage": KEEPERS,
        "inspect": ALL,
        "link": KEEPERS,
    },
    "elections_sources": {
        "index": ALL,
        "index_results": ALL,
        "add": KEEPERS,
        "edit": KEEPERS,
        "delete": KEEPERS,
        "history": KEEPERS,
        "history_results": KEEPERS,
        "usage": KEEPERS,
        "inspect": ALL,
        "attempts": ALL,
        "attempts_results": ALL,
        "documents": ALL,
        "documents_results": ALL,
        "raw": ALL,
        "text": ALL,
        "health": ALL,
        "health_results": ALL,
        "ask": DECIDERS,
        "try": DECIDERS,
        "map": KEEPERS,
        "accept": DECIDERS,
    },
    "elections_ballots_left": {"index": ALL, "index_results": ALL, "add": KEEPERS},
    "elections_calls": {
        "index": ALL,
        "index_results": ALL,
        "add": CALLERS,
        "inspect": ALL,
        "take_back": CALLERS,
    },
    "elections_proposals": {
        "index": ALL,
        "index_results": ALL,
        "inspect": ALL,
        "approve": CHIEFS_ONLY,
        "decline": CHIEFS_ONLY,
        "renew": CALLERS,
        "withdraw": ("desk",),
    },
    "elections_holds": {
        "index": ALL,
        "index_results": ALL,
        "inspect": ALL,
        "release": CALLERS,
        "reject": CALLERS,
    },
    "elections_recounts": {
        "index": ALL,
        "index_results": ALL,
        "add": KEEPERS,
        "edit": KEEPERS,
        "delete": KEEPERS,
        "history": KEEPERS,
        "history_results": KEEPERS,
        "usage": KEEPERS,
        "inspect": ALL,
    },
    "elections_sheets": {
        "type": DECIDERS,
        "type_election": DECIDERS,
        "send": DECIDERS,
        "read": DECIDERS,
        "original": ALL,
    },
    "elections_alerts": {"index": ALL, "index_results": ALL, "mail": ALL},
    "elections_mutes": {"index": ALL, "index_results": ALL, "add": DECIDERS, "end": DECIDERS},
    "elections_alert_chats": {
        "index": CHIEFS_ONLY,
        "index_results": CHIEFS_ONLY,
        "add": CHIEFS_ONLY,
        "edit": CHIEFS_ONLY,
        "delete": CHIEFS_ONLY,
        "history": CHIEFS_ONLY,
        "history_results": CHIEFS_ONLY,
        "usage": CHIEFS_ONLY,
    },
    "elections_links": {"index": ALL, "index_results": ALL, "unlink": KEEPERS},
    # Each kind of decision has a row of its own below; here it is a freeze.
    "elections_decisions": {"race": ALL, "decide": CHIEFS_ONLY, "end": CHIEFS_ONLY},
    "elections_desk": {
        "index": ALL,
        "rows": ALL,
        "certify": CHIEFS_ONLY,
        "holds": CALLERS,
    },
    # Whoever writes stories chooses races for them.
    "elections_phrases": {
        "index": ALL,
        "index_results": ALL,
        "add": KEEPERS,
        "edit": KEEPERS,
        "delete": ("admin",),
        "history": KEEPERS,
        "history_results": KEEPERS,
        "usage": KEEPERS,
    },
    "elections_figures": {"choose": WRITERS, "figure": WRITERS},
    # Each sees and accepts what stands in the stories that they may edit.
    # Publishers of that page, whatever their role at the desk: see test_rehearsals.py.
    "elections_rehearsals": {"publish": ("admin",)},
    "elections_untrue": {
        "index": WRITERS,
        "index_results": WRITERS,
        "accept": WRITERS,
        "numbers": WRITERS,
    },
    "elections_election_chooser": {
        "choose": WRITERS,
        "choose_results": WRITERS,
        "chosen": WRITERS,
        "chosen_multiple": WRITERS,
    },
    "wagtailsnippetchoosers_elections_contest": {
        "choose": WRITERS,
        "choose_results": WRITERS,
        "chosen": WRITERS,
        "chosen_multiple": WRITERS,
    },
}
DECISIONS = {"override": CALLERS, "note": CALLERS, "freeze": CHIEFS_ONLY, "pin": CHIEFS_ONLY}
POSTS = {
    "accept", "approve", "ask", "decline", "end", "release", "reject", "renew", "try", "withdraw",
}  # fmt: skip


def expected(role: str) -> dict[str, str]:
    refusal = "log in" if role == "anonymous" else "refused"
    return {
        f"{namespace}:{page}": "opened" if role in opened_by else refusal
        for namespace, pages in PAGES.items()
        for page, opened_by in pages.items()
    }


@pytest.fixture
def targets(say: Say, board: Contest, source: Source, people) -> dict[str, Any]:
    """An object for each page; what is deleted has no history."""
    publish.publish([board.pk])
    say(40, scott_schmerelson=1100, dan_chang=1010)
    call = Call.objects.create(
        contest=board, kind="conceded", authority="The candidate", reason="He said so."
    )
    empty = Election.objects.create(
        name="Empty",
        election_date=date(2024, 11, 5),
        jurisdiction="Los Angeles County",
        polls_close_at=POLLS_CLOSE_AT,
    )
    sheets = Source.objects.create(
        election=board.election, provider="csv", name="Clerk", mode=Source.Mode.BY_HAND
    )
    sent = SentSheet.receive(
        source=sheets,
        body=b"race,candidate,votes\nMayor,Nikki Perez,5\n",
        file_name="mayor.csv",
        sent_by=None,
        now=POLLS_CLOSE_AT,
    )
    silent = Source.objects.create(election=empty, provider="lac_json", name="Silent")
    return {
        "elections_elections": board.election_id,
        "elections_elections:delete": Election.objects.create(
            name="Mistake",
            election_date=date(2024, 11, 5),
            jurisdiction="Los Angeles County",
            polls_close_at=POLLS_CLOSE_AT,
        ).pk,
        "elections_races": board.pk,
        "elections_recounts": RecountRule.objects.create(
            jurisdiction="Los Angeles County",
            place="Los Angeles",
            trigger="on-request",
            largest_votes=100,
            source_url="https://law.example.org/",
        ).pk,
        "elections_races:delete": Contest.objects.create(election=empty, name="Mistake").pk,
        "elections_races:link": Contest.objects.filter(status="draft").first().pk,
        "elections_sources": source.pk,
        "elections_sources:delete": silent.pk,
        "elections_sources:raw": Snapshot.objects.first().pk,
        "elections_sources:text": Snapshot.objects.first().pk,
        "elections_sources:accept": Snapshot.objects.first().pk,
        "elections_calls": call.pk,
        "elections_decisions:race": board.pk,
        "elections_decisions:decide": ("freeze", board.pk),
        "elections_decisions:end": (
            "freeze",
            Freeze.objects.create(contest=board, reason="To check.", ended_at=None).pk,
        ),
        "elections_sheets": board.pk,
        "elections_sheets:type_election": board.election_id,
        "elections_sheets:send": sheets.pk,
        "elections_sheets:read": sent.pk,
        "elections_sheets:original": sent.pk,
        "elections_mutes": Mute.objects.create(source=source, until=POLLS_CLOSE_AT).pk,
        "elections_alert_chats": AlertWebhook.objects.create(
            name="Slack #desk", address="https://hooks.example.org/secret"
        ).pk,
        "elections_links:unlink": board.identifiers.get(selection=None).pk,
        "elections_proposals": Proposal.make(
            contest=board,
            kind=CallKind.TOO_CLOSE,
            authority="Our desk",
            reason="Few votes apart.",
            made_by=people["desk"],
            grounds={},
        ).pk,
        "elections_holds": Hold.objects.get().pk,
        "elections_election_chooser": board.election_id,
        "wagtailsnippetchoosers_elections_contest": board.pk,
        "elections_phrases": Phrase.objects.create(
            text="Board", language="es", translation="Junta"
        ).pk,
        "elections_figures": board.pk,
        "elections_rehearsals": _draft(board).pk,
        "elections_untrue": 999_999,  # true again by now
    }


def _draft(race: Contest) -> RacePage:
    home = Site.objects.get(is_default_site=True).root_page
    page = RacePage(title="Mayor", slug="mayor", contest=race, live=False)
    home.add_child(instance=page)
    page.save_revision()
    return page


WITHOUT_OBJECT = {
    "index",
    "index_results",
    "list",
    "list_results",
    "add",
    "choose",
    "choose_results",
    "chosen_multiple",
    "mail",
    "health",
    "health_results",
    "rows",
    "certify",
    "holds",
}


def open_page(client: Client, namespace: str, page: str, targets: dict[str, Any]) -> HttpResponse:
    name = f"{namespace}:{page}"
    target = targets.get(name, targets.get(namespace))
    args = target if isinstance(target, tuple) else (target,)
    url = reverse(name, args=() if page in WITHOUT_OBJECT else args)
    return client.post(url) if page in POSTS else client.get(url)


def outcome(response: HttpResponse) -> str:
    if response.status_code == 302 and response.url.startswith(reverse("wagtailadmin_login")):
        return "log in"
    if response.status_code == 403:
        return "refused"
    if response.status_code == 302 and response.url == reverse("wagtailadmin_home"):
        return "refused"
    assert response.status_code in (200, 302), response.status_code
    return "opened"


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield namespace, address and name of every view, the innermost namespace alone."""
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            for namespace, below, name in addresses(pattern, address):
                yield namespace or pattern.namespace or "", below, name
        else:
            yield "", address, pattern.name


class TestPages:
    @pytest.mark.parametrize("role", ROLES)
    def test_open_for_whom_they_should(self, as_user, targets, monkeypatch, role) -> None:
        monkeypatch.setattr(
            "elections.desk.asking.refresh_source.apply_async", lambda **options: None
        )
        client = as_user(role)
        outcomes = {
            f"{namespace}:{page}": outcome(open_page(client, namespace, page, targets))
            for namespace, pages in PAGES.items()
            for page in pages
        }
        assert outcomes == expected(role)

    @pytest.mark.parametrize("role", ROLES)
    def test_of_decisions_open_by_their_kind(self, as_user, board, role) -> None:
        client = as_user(role)
        urls = {
            kind: reverse("elections_decisions:decide", args=[kind, board.pk]) for kind in KINDS
        }
        refusal = "log in" if role == "anonymous" else "refused"
        assert {kind: outcome(client.get(url)) for kind, url in urls.items()} == {
            kind: "opened" if role in opened_by else refusal
            for kind, opened_by in DECISIONS.items()
        }

    def test_are_all_in_the_table(self) -> None:
        """A new address of the desk without a row in the table fails here."""
        ours = defaultdict(set)
        for namespace, address, name in addresses(get_resolver()):
            if address.startswith(("admin/elections/", "admin/snippets/choose/elections/")):
                ours[namespace].add(name)
        assert ours == {namespace: set(pages) for namespace, pages in PAGES.items()}

    @pytest.mark.parametrize(("role", "is_open"), [("author", False), ("editor", True)])
    def test_confirm_in_bulk_only_for_keepers(self, as_user, counted, role, is_open) -> None:
        url = reverse("wagtail_bulk_action", args=["elections", "contest", "confirm"])
        as_user(role).post(f"{url}?id={Contest.objects.get(reported_title=BOARD).pk}&next=/admin/")
        assert Contest.objects.filter(status="confirmed").exists() == is_open


class TestMenu:
    @pytest.mark.parametrize(
        ("role", "is_shown"),
        [("author", False), ("viewer", True), ("editor", True), ("desk", True)],
    )
    def test_shows_the_group_to_those_who_may_enter(self, as_user, role, is_shown) -> None:
        html = as_user(role).get(reverse("wagtailadmin_home")).content.decode()
        assert (reverse("elections_holds:index") in html) == is_shown


class TestCreateRoles:
    def test_can_be_repeated(self, db: None) -> None:
        call_command("create_election_roles", verbosity=0)
        before = {g.name: g.permissions.count() for g in Group.objects.filter(name__in=RIGHTS)}
        call_command("create_election_roles", verbosity=0)
        after = {g.name: g.permissions.count() for g in Group.objects.filter(name__in=RIGHTS)}
        assert before == after == {name: len(rights) for name, rights in RIGHTS.items()}

    def test_takes_nothing_away(self, db: None) -> None:
        desk = Group.objects.create(name=DESK)
        extra = Permission.objects.get(codename="change_source")
        desk.permissions.add(extra)
        create_roles()
        assert extra in desk.permissions.all()

    def test_lets_nobody_but_the_desk_call(self, db: None) -> None:
        create_roles()
        editors = Group.objects.get(name=EDITORS)
        assert not editors.permissions.filter(codename__in=["add_call", "change_hold"]).exists()

    def test_says_which_permission_is_missing(self, db: None) -> None:
        Permission.objects.filter(codename="add_call").delete()
        with pytest.raises(LookupError, match=r"elections\.add_call"):
            create_roles()
