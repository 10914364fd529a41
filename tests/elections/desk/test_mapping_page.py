"""A feed's races are mapped to ours on one screen."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from elections import mapping
from elections.counting.guards import Verdict
from elections.desk import mapping_page
from elections.handed_in import take_in_typed
from elections.models import (
    Contest,
    ContestCount,
    CurrentCount,
    Election,
    Published,
    Selection,
    Source,
)

from .conftest import (
    BOARD,
    BOND,
    COUNCIL,
    POLLS_CLOSE_AT,
    Say,
    candidates,
    contest,
    document,
)


def address(source: Source) -> str:
    return reverse("elections_sources:map", args=[source.pk])


def race(election: Election, name: str, *people: str, **facts: object) -> Contest:
    contest = Contest.objects.create(election=election, name=name, **facts)
    for person in people:
        Selection.objects.create(contest=contest, name=person)
    return contest


def draft(title: str) -> Contest:
    return Contest.objects.get(reported_title=title)


def choices(client: Client, source: Source, **actions: str) -> dict[str, object]:
    """Return the form as a browser would send it untouched."""
    data: dict[str, object] = {"row": [], "rest": ""}
    for row in client.get(address(source)).context["page"]:
        pk = row.draft.pk
        data["row"].append(str(pk))
        data |= {f"do-{pk}": row.action.value, f"to-{pk}": row.target, f"seen-{pk}": row.seen}
        if row.ours:
            data[f"for-{pk}"] = str(row.proposal.contest.pk)
        data |= {f"as-{pair.selection.pk}": str(pair.ours or "") for pair in row.pairs}
    return data


@pytest.fixture
def ours(counted, election: Election) -> Contest:
    return race(election, BOARD.title(), "Scott Schmerelson", "Dan Chang")


class TestProposals:
    def groups(self, source: Source) -> dict[str, tuple[str, str | None]]:
        return {
            one.draft.reported_title: (one.group.value, one.contest and one.contest.name)
            for one in mapping.propose(source)
        }

    def test_is_sure_of_the_same_title_and_names(self, source, ours) -> None:
        assert self.groups(source) == {
            BOARD: ("sure", ours.name),
            COUNCIL: ("new", None),
            BOND: ("new", None),
        }

    def test_asks_where_a_name_is_written_otherwise(self, source, ours) -> None:
        ours.selections.filter(name="Dan Chang").update(name="Dan Chagn")
        assert self.groups(source)[BOARD] == ("check", ours.name)
        assert mapping.propose(source)[0].confidence > 0.9

    def test_asks_where_only_words_are_alike(self, source, counted, election) -> None:
        own = race(election, "Los Angeles Unified board, District 3", "Scott Schmerelson")
        assert self.groups(source)[BOARD] == ("check", own.name)

    def test_never_takes_a_sister_for_it(self, source, counted, election) -> None:
        race(election, BOARD.replace("3", "5"), "Scott Schmerelson", "Dan Chang")
        assert self.groups(source)[BOARD] == ("new", None)

    def test_knows_a_race_by_its_id_in_another_feed(self, source, counted, election) -> None:
        own = race(election, "School board in the valley", "Scott Schmerelson", "Dan Chang")
        own.identifiers.create(
            election=election, provider="clarity", reported_contest=BOARD, value=BOARD
        )
        (found,) = [one for one in mapping.propose(source) if one.contest == own]
        assert found.reason is mapping.Reason.SAME_ID

    def test_proposes_a_race_once(self, source, counted, election) -> None:
        race(election, "Measure US", contest_type="ballot-measure")
        proposed = [one.contest for one in mapping.propose(source) if one.contest]
        assert len(proposed) == len(set(proposed)) == 1

    def test_leaves_out_what_is_linked(self, source, board) -> None:
        assert BOARD not in self.groups(source)


class TestMapping:
    def test_links_what_is_sure_with_its_count_in_one_save(
        self, editor, source, ours, say: Say, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            response = editor.post(address(source), choices(editor, source), follow=True)
        assert "Saved: 1 race linked." in response.content.decode()
        assert not Contest.objects.filter(reported_title=BOARD).exists()
        assert sorted(CurrentCount.objects.get(contest=ours).count.tally.values()) == [1000, 1200]
        assert "1,200" in Published.objects.get(pk=ours.pk).html
        entry = ModelLogEntry.objects.get(action="elections.link")
        assert (entry.object_id, entry.data["reported_title"]) == (str(ours.pk), BOARD)
        say(40, scott_schmerelson=1300, dan_chang=1000)
        assert sorted(CurrentCount.objects.get(contest=ours).count.tally.values()) == [1000, 1300]
        assert ours.selections.count() == 2

    def test_changes_nothing_before_it_is_saved(self, editor, source, ours) -> None:
        before = list(Contest.objects.order_by("pk").values())
        editor.get(address(source))
        assert list(Contest.objects.order_by("pk").values()) == before

    def test_keeps_a_candidate_under_our_name(self, editor, source, ours, say: Say) -> None:
        ours.selections.filter(name="Dan Chang").update(name="Dan Chagn")
        data = choices(editor, source)
        data[f"do-{draft(BOARD).pk}"] = "link"
        editor.post(address(source), data)
        say(40, scott_schmerelson=1300, dan_chang=1004)
        assert [one.name for one in ours.selections.order_by("pk")] == [
            "Scott Schmerelson",
            "Dan Chagn",
        ]
        chang = ours.selections.get(name="Dan Chagn")
        assert CurrentCount.objects.get(contest=ours).count.tally[chang.pk] == 1004

    def test_adds_a_candidate_that_nobody_is(self, editor, source, ours) -> None:
        data = choices(editor, source)
        chang = draft(BOARD).selections.get(name="Dan Chang")
        data[f"as-{chang.pk}"] = ""
        editor.post(address(source), data)
        assert ours.selections.count() == 3

    def test_refuses_two_names_for_one_candidate(self, editor, source, ours) -> None:
        data = choices(editor, source)
        scott, chang = draft(BOARD).selections.order_by("order")
        data[f"as-{chang.pk}"] = data[f"as-{scott.pk}"]
        text = editor.post(address(source), data).content.decode()
        assert "Two names of the feed cannot be the same candidate" in text
        assert draft(BOARD).status == Contest.Status.DRAFT

    def test_confirms_what_is_new(self, editor, source, counted) -> None:
        data = choices(editor, source)
        data[f"do-{draft(COUNCIL).pk}"] = "new"
        editor.post(address(source), data)
        assert draft(COUNCIL).is_confirmed
        assert not draft(COUNCIL).selections.filter(is_new=True).exists()
        assert not draft(BOND).is_confirmed
        assert ModelLogEntry.objects.get().action == "elections.confirm"

    def test_does_the_rest_of_a_page_at_once(self, editor, source, ours) -> None:
        data = choices(editor, source)
        data["rest"] = "leave-out"
        response = editor.post(address(source), data, follow=True)
        assert "Saved: 1 race linked, 2 left out." in response.content.decode()
        assert draft(BOND).status == draft(COUNCIL).status == Contest.Status.LEFT_OUT

    def test_can_be_sent_twice(self, editor, source, ours) -> None:
        data = choices(editor, source)
        data["rest"] = "new"
        editor.post(address(source), data)
        rows = list(Contest.objects.order_by("pk").values())
        text = editor.post(address(source), data, follow=True).content.decode()
        assert "meanwhile" in text
        assert list(Contest.objects.order_by("pk").values()) == rows

    def test_links_to_a_race_that_a_person_has_typed(self, editor, source, counted, election):
        own = race(election, "A race of ours")
        data = choices(editor, source)
        pk = draft(COUNCIL).pk
        data |= {f"do-{pk}": "link", f"to-{pk}": "A race of ours"}
        editor.post(address(source), data)
        assert own.selections.count() == 3
        assert CurrentCount.objects.filter(contest=own).exists()

    def test_asks_who_is_who_in_a_race_that_was_chosen_instead(
        self, editor, source, counted, election
    ) -> None:
        own = race(election, "A race of ours", "Niki Perez", "Somebody Else")
        data = choices(editor, source)
        pk = draft(COUNCIL).pk
        data |= {f"do-{pk}": "link", f"to-{pk}": "A race of ours"}
        response = editor.post(address(source), data)
        assert "You chose another race: check who is who" in response.content.decode()
        (row,) = response.context["page"]
        assert (row.target, row.action.value) == ("A race of ours", "link")
        assert next(pair.ours for pair in row.pairs) == own.selections.first().pk
        assert draft(COUNCIL).status == Contest.Status.DRAFT

    @pytest.mark.parametrize("typed", ["", "No such race"])
    def test_says_which_race_it_does_not_know(self, editor, source, counted, typed) -> None:
        data = choices(editor, source)
        pk = draft(COUNCIL).pk
        data |= {f"do-{pk}": "link", f"to-{pk}": typed}
        response = editor.post(address(source), data)
        (row,) = response.context["page"]
        assert row.problem
        assert typed in row.problem

    def test_tells_races_of_one_name_apart(self, counted, election) -> None:
        one, other = race(election, "Mayor"), race(election, "Mayor")
        assert set(mapping_page.labels_of([one, other])) == {
            f"Mayor #{one.pk}",
            f"Mayor #{other.pk}",
        }

    def test_keeps_counts_that_were_typed(self, editor, source, ours, people) -> None:
        votes = {one.pk: 700 for one in ours.selections.all()}
        facts = {"counted_at": POLLS_CLOSE_AT, "said_by": "Clerk", "typed_by": people["desk"]}
        take_in_typed(ours, votes, now=POLLS_CLOSE_AT, **facts)
        editor.post(address(source), choices(editor, source))
        providers = CurrentCount.objects.filter(contest=ours).values_list("source__provider")
        assert sorted(name for (name,) in providers) == ["lac_json", "typed"]
        assert ContestCount.objects.filter(contest=ours).count() == 2


class TestTwoPeople:
    def test_are_told_and_not_overwritten(self, as_user, editor, source, ours) -> None:
        opened_before = choices(editor, source)
        opened_before["rest"] = "leave-out"
        admin = as_user("admin")
        data = choices(admin, source)
        data[f"do-{draft(COUNCIL).pk}"] = "new"
        admin.post(address(source), data)
        text = editor.post(address(source), opened_before, follow=True).content.decode()
        assert "Somebody else has linked this race meanwhile." in text
        assert "Somebody else has changed this race meanwhile." in text
        assert draft(COUNCIL).is_confirmed
        assert draft(BOND).status == Contest.Status.LEFT_OUT

    def test_are_told_of_a_race_that_was_renamed_meanwhile(self, editor, source, counted) -> None:
        opened_before = choices(editor, source)
        opened_before["rest"] = "new"
        renamed = draft(COUNCIL)
        renamed.name = "Council, Burbank"
        renamed.save()
        text = editor.post(address(source), opened_before, follow=True).content.decode()
        assert "Somebody else has changed this race meanwhile." in text
        assert draft(COUNCIL).status == Contest.Status.DRAFT
        assert draft(BOND).is_confirmed


class TestLeftOut:
    @pytest.fixture
    def left_out(self, editor, source, counted) -> Contest:
        data = choices(editor, source)
        data[f"do-{draft(COUNCIL).pk}"] = "leave-out"
        editor.post(address(source), data)
        return draft(COUNCIL)

    def test_is_not_drafted_again_and_not_counted(self, left_out, say: Say) -> None:
        counts = ContestCount.objects.filter(contest=left_out).count()
        more = document(40, board={"scott_schmerelson": 1300, "dan_chang": 1000}, write_in=9)
        fetch = say(40, more)
        assert fetch.snapshot.verdict == Verdict.ACCEPTED
        assert Contest.objects.count() == 3
        assert draft(COUNCIL).status == Contest.Status.LEFT_OUT
        assert ContestCount.objects.filter(contest=left_out).count() == counts

    def test_keeps_what_it_had(self, left_out) -> None:
        assert ContestCount.objects.filter(contest=left_out).exists()

    def test_opens_no_hold(self, left_out, say: Say) -> None:
        body = document(40, board={"scott_schmerelson": 1300, "dan_chang": 1000})
        fewer = contest(COUNCIL, candidates(nikki_perez=1), VoteFor="Vote for no more than two")
        content = json.loads(body)
        content["Election"]["ContestGroups"][0]["Contests"][1] = fewer
        say(40, json.dumps(content).encode())
        assert not left_out.holds.exists()

    def test_stays_out_of_the_list_and_of_confirming_all(self, editor, left_out) -> None:
        listed = editor.get(reverse("elections_races:list")).content.decode()
        assert f"/races/edit/{left_out.pk}/" not in listed
        url = reverse("wagtail_bulk_action", args=["elections", "contest", "confirm"])
        editor.post(f"{url}?id=all&next=/admin/")
        assert draft(COUNCIL).status == Contest.Status.LEFT_OUT
        assert draft(BOND).is_confirmed

    def test_can_be_followed_again(self, editor, source, left_out, say: Say) -> None:
        data = {"follow": "1", "again": [str(left_out.pk)]}
        text = editor.post(address(source), data, follow=True).content.decode()
        assert "They are drafts again." in text
        assert draft(COUNCIL).status == Contest.Status.DRAFT
        assert ModelLogEntry.objects.filter(action="elections.follow").exists()


class TestScreen:
    def test_says_what_to_do_before_the_first_document(self, editor, source) -> None:
        assert "This feed has named no races yet." in editor.get(address(source)).content.decode()

    def test_says_when_all_is_done(self, editor, source, counted) -> None:
        Contest.objects.update(status=Contest.Status.CONFIRMED)
        assert "There is nothing to do." in editor.get(address(source)).content.decode()

    def test_is_paged(self, editor, source, counted, monkeypatch) -> None:
        monkeypatch.setattr(mapping_page, "ROWS", 2)
        response = editor.get(address(source))
        assert "Page 1 of 2" in " ".join(response.content.decode().split())
        assert len(response.context["page"]) == 2

    def test_costs_no_query_for_each_race(
        self, editor, source, counted, election, django_assert_max_num_queries
    ) -> None:
        for number in range(30):
            race(election, f"Race {number}", "Somebody")
        with django_assert_max_num_queries(40):
            editor.get(address(source))
