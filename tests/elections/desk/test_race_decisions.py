"""Correct a number, pause a race, go back to a count, publish a correction: read, then decide."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from elections.desk.board.flags import load_flags
from elections.models import Contest, CorrectionNote, Freeze, Override, Pin, Published
from elections.widgets import publish
from elections.widgets.facts import load_facts

from .conftest import Say
from .test_roles import outcome


@pytest.fixture
def race(board: Contest) -> Contest:
    publish.publish([board.pk])
    return board


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def address(kind: str, race: Contest) -> str:
    return reverse("elections_decisions:decide", args=[kind, race.pk])


def end_address(kind: str, row) -> str:
    return reverse("elections_decisions:end", args=[kind, row.pk])


def override_fields(race: Contest, votes: int, **changes: object) -> dict[str, object]:
    scott = race.selections.get(name="Scott Schmerelson")
    return {
        "selection": scott.pk,
        "votes": votes,
        "as_of": "2024-11-05 21:40",
        "said_by": "LA County Registrar, by phone",
        "source_url": "",
        "public_note": "",
        "until": "differs",
        "expires_at": "",
        "reason": "The feed leaves out a precinct.",
        **changes,
    }


def decide(client: Client, url: str, fields: dict[str, object]):
    """Look at what readers will see, then confirm it."""
    first = client.post(url, fields)
    if "after" not in first.context:
        return first
    return client.post(url, {**fields, "confirmed": first.context["seen"]})


def override(client: Client, race: Contest, votes: int, **changes: object):
    return decide(client, address("override", race), override_fields(race, votes, **changes))


NOTE = {"text": "We misspelled a name.", "reason": "A reader wrote."}
PAUSE = {"public_note": "We are checking.", "reason": "The feed jumps."}


def html_of(race: Contest) -> str:
    return Published.objects.get(pk=race.pk).html


class TestOverride:
    def test_first_repeats_what_readers_will_see(self, desk, race) -> None:
        url = address("override", race)
        text = desk.post(url, override_fields(race, 1250)).content.decode()
        assert "Corrected by our desk: 1,250 votes for Scott Schmerelson" in text
        assert "as of 9:40 p.m. Nov. 5" in text
        assert "Scott Schmerelson leads by 250 votes" in text
        assert not Override.objects.exists()

    def test_then_shows_it_to_readers(self, desk, race, on_commit, people) -> None:
        with on_commit():
            response = override(desk, race, 1250)
        assert response.status_code == 302
        made = Override.objects.get()
        assert (made.votes_before, made.source_votes, made.made_by) == (1200, 1200, people["desk"])
        assert "1,250" in html_of(race)
        entry = ModelLogEntry.objects.get(action="elections.override")
        assert (entry.message, entry.comment) == (
            "Corrected a number.",
            "The feed leaves out a precinct.",
        )

    def test_can_be_changed_after_the_look(self, desk, race) -> None:
        fields = override_fields(race, 1250, back="1")
        response = desk.post(address("override", race), fields)
        assert response.context["form"].data["votes"] == "1250"
        assert not Override.objects.exists()

    def test_asks_again_when_the_source_has_spoken_since(self, desk, race, say: Say) -> None:
        url, fields = address("override", race), override_fields(race, 1250)
        seen = desk.post(url, fields).context["seen"]
        say(40, scott_schmerelson=1210, dan_chang=1010)
        response = desk.post(url, {**fields, "confirmed": seen})
        assert "The race has changed since you looked." in response.content.decode()
        assert not Override.objects.exists()
        desk.post(url, {**fields, "confirmed": response.context["seen"]})
        assert Override.objects.get().source_votes == 1210

    def test_tells_the_second_of_two_people(self, desk, chief, race) -> None:
        url, fields = address("override", race), override_fields(race, 1250)
        seen = chief.post(url, fields).context["seen"]
        override(desk, race, 1240)
        response = chief.post(url, {**fields, "confirmed": seen})
        assert "corrected already" in response.content.decode()
        assert [row.votes for row in Override.objects.all()] == [1240]

    def test_that_lowers_a_number_needs_a_public_reason_or_a_chief(self, desk, chief, race) -> None:
        response = override(desk, race, 1100)
        assert "Readers would see fewer votes." in str(response.context["form"].errors)
        assert not Override.objects.exists()
        assert override(chief, race, 1100).status_code == 302
        Override.objects.get().end(at=timezone.now())
        response = override(desk, race, 1100, public_note="A precinct was counted twice.")
        assert response.status_code == 302

    def test_of_what_stands_lowered_is_measured_at_what_readers_see(self, desk, race) -> None:
        override(desk, race, 1250)
        Override.objects.get().end(at=timezone.now())
        assert override(desk, race, 1200).status_code == 302

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"votes": "-1"}, "votes"),
            ({"until": "time"}, "expires_at"),
            ({"reason": ""}, "reason"),
            ({"said_by": ""}, "said_by"),
            ({"as_of": "2999-01-01 00:00"}, "as_of"),
            ({"until": "time", "expires_at": "2024-11-05 21:50"}, "expires_at"),
        ],
    )
    def test_refuses_what_makes_no_sense_on_the_field(self, desk, race, changes, field) -> None:
        fields = {**override_fields(race, 1250), **changes}
        response = desk.post(address("override", race), fields)
        assert list(response.context["form"].errors) == [field]

    def test_is_not_laid_over_a_pinned_count(self, desk, race) -> None:
        Pin.make(contest=race, count=race.counts.get(), reason="x", public_note="Earlier.")
        response = override(desk, race, 1250)
        assert "Unpin it first." in response.content.decode()

    def test_ends_with_a_reason(self, desk, race, on_commit) -> None:
        override(desk, race, 1250)
        row = Override.objects.get()
        text = desk.post(end_address("override", row), {"reason": "Wrong."}).content.decode()
        assert "Scott Schmerelson leads by 200 votes" in text
        with on_commit():
            decide(desk, end_address("override", row), {"reason": "It was wrong."})
        row.refresh_from_db()
        assert row.end_reason == "It was wrong."
        assert "1,250" not in html_of(race)
        assert ModelLogEntry.objects.filter(action="elections.end_override").exists()

    def test_in_doubt_is_alerted_on_the_page_and_on_the_screen(self, desk, race, say: Say) -> None:
        later = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
        override(desk, race, 1250, until="time", expires_at=later)
        page = reverse("elections_decisions:race", args=[race.pk])
        assert "The source says" not in desk.get(page).content.decode()
        say(40, scott_schmerelson=1300, dan_chang=1010)
        assert "The source says 1,300 by now." in desk.get(page).content.decode()
        flags = load_flags(list(load_facts([race.pk])), timezone.now())
        (flag,) = [flag for flag in flags[race.pk] if flag.word == "Overridden"]
        assert (flag.tone, flag.url) == ("critical", page)


class TestFreeze:
    def test_is_told_and_lifted_after_a_look_at_what_changes(
        self, chief, race, say: Say, on_commit
    ) -> None:
        with on_commit():
            decide(chief, address("freeze", race), PAUSE)
        assert "Updates paused by our desk" in html_of(race)
        say(40, scott_schmerelson=1300, dan_chang=1010)
        assert "1,300" not in html_of(race)
        row = Freeze.objects.get()
        response = chief.post(end_address("freeze", row), {"reason": "Checked."})
        assert "Scott Schmerelson leads by 290 votes" in response.content.decode()
        with on_commit():
            decide(chief, end_address("freeze", row), {"reason": "Checked."})
        assert "1,300" in html_of(race)

    def test_happens_once(self, chief, race) -> None:
        decide(chief, address("freeze", race), PAUSE)
        response = decide(chief, address("freeze", race), PAUSE)
        assert "It is frozen." in response.content.decode()
        assert Freeze.objects.count() == 1

    def test_that_has_ended_is_said_to_have(self, chief, race) -> None:
        decide(chief, address("freeze", race), PAUSE)
        row = Freeze.objects.get()
        decide(chief, end_address("freeze", row), {"reason": "Checked."})
        response = chief.get(end_address("freeze", row), follow=True)
        assert "This has ended already." in response.content.decode()


class TestPin:
    def test_offers_the_earlier_counts_and_shows_the_chosen_one(
        self, chief, race, say: Say, on_commit
    ) -> None:
        say(40, scott_schmerelson=1300, dan_chang=1010)
        form = chief.get(address("pin", race)).context["form"]
        (count,) = form.fields["count"].queryset
        assert "Scott Schmerelson 1,200; Dan Chang 1,000" in form.fields[
            "count"
        ].label_from_instance(count)
        fields = {"count": count.pk, "public_note": "The county sent a test.", "reason": "x"}
        with on_commit():
            decide(chief, address("pin", race), fields)
        assert "The county sent a test." in html_of(race)
        assert "1,200" in html_of(race)

    def test_needs_a_note_to_readers(self, chief, race, say: Say) -> None:
        say(40, scott_schmerelson=1300, dan_chang=1010)
        fields = {"count": race.counts.earliest("pk").pk, "public_note": "", "reason": "x"}
        response = decide(chief, address("pin", race), fields)
        assert list(response.context["form"].errors) == ["public_note"]

    def test_refuses_a_count_that_was_never_accepted(self, chief, race, say: Say) -> None:
        say(40, scott_schmerelson=1300, dan_chang=1010)
        say(35, scott_schmerelson=1250, dan_chang=1005)
        late = race.counts.get(snapshot__verdict="stale")
        fields = {"count": late.pk, "public_note": "Earlier.", "reason": "x"}
        response = decide(chief, address("pin", race), fields)
        assert list(response.context["form"].errors) == ["count"]


class TestNote:
    def test_is_published_and_taken_back(self, desk, race, on_commit) -> None:
        with on_commit():
            decide(desk, address("note", race), NOTE)
        assert "We misspelled a name." in html_of(race)
        row = CorrectionNote.objects.get()
        with on_commit():
            decide(desk, end_address("note", row), {"reason": "The name was right."})
        assert "We misspelled a name." not in html_of(race)


class TestPage:
    def test_lists_what_stands_and_what_has_ended(self, desk, chief, race) -> None:
        decide(chief, address("freeze", race), PAUSE)
        decide(desk, address("note", race), NOTE)
        row = CorrectionNote.objects.get()
        decide(desk, end_address("note", row), {"reason": "The name was right."})
        response = desk.get(reverse("elections_decisions:race", args=[race.pk]))
        assert [line.text for line in response.context["standing"]] == ["Frozen"]
        assert [line.text for line in response.context["ended"]] == ["Correction"]
        assert "The name was right." in response.content.decode()

    def test_says_what_will_be_here(self, desk, race) -> None:
        text = desk.get(reverse("elections_decisions:race", args=[race.pk])).content.decode()
        assert "Readers see the source’s own count." in text

    def test_is_not_for_drafts(self, desk, counted) -> None:
        draft = Contest.objects.filter(status="draft").first()
        assert desk.get(reverse("elections_decisions:race", args=[draft.pk])).status_code == 404
        assert desk.get(address("note", draft)).status_code == 404

    def test_of_an_unknown_kind_is_not_found(self, desk, race) -> None:
        assert desk.get(f"/admin/elections/decisions/rumour/{race.pk}/").status_code == 404


CALLERS, CHIEFS = {"desk", "chief", "admin"}, {"chief", "admin"}
READERS = {"viewer", "editor", *CALLERS}
MAY = {"race": READERS, "override": CALLERS, "note": CALLERS, "freeze": CHIEFS, "pin": CHIEFS}


class TestRights:
    @pytest.mark.parametrize("role", ["anonymous", "author", *sorted(READERS)])
    def test_are_as_the_table_says(self, as_user, race, role) -> None:
        client = as_user(role)
        rows = {
            "override": Override.make(
                contest=race,
                selection=race.selections.first(),
                votes=1,
                source_votes=2,
                as_of=timezone.now(),
                said_by="x",
                reason="x",
            ),
            "note": CorrectionNote.make(contest=race, **NOTE),
            "freeze": Freeze.make(contest=race, **PAUSE),
            "pin": Pin.make(contest=race, count=race.counts.get(), reason="x", public_note="x"),
        }
        addresses = {"race": [reverse("elections_decisions:race", args=[race.pk])]}
        for kind, row in rows.items():
            addresses[kind] = [address(kind, race), end_address(kind, row)]
        refusal = "log in" if role == "anonymous" else "refused"
        for name, urls in addresses.items():
            expected = "opened" if role in MAY[name] else refusal
            for url in urls:
                assert outcome(client.get(url)) == expected, (name, url)
                if expected != "opened":
                    assert outcome(client.post(url)) == expected, (name, url)
