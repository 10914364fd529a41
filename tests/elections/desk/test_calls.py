"""Calls are made and taken back; readers see it at once, and nothing is edited."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.models import ModelLogEntry

from elections.desk.seen import seen_now
from elections.models import Call, Contest, Published


def call_fields(contest: Contest, kind: str, *names: str, **changes: str) -> dict[str, object]:
    chosen = contest.selections.filter(name__in=names)
    return {
        "kind": kind,
        "selections": [selection.pk for selection in chosen],
        "authority": "The Valley Ledger",
        "reason": "The lead is larger than the ballots left.",
        "source_url": "",
        "seen": str(seen_now(contest.pk)),
        **changes,
    }


def make(client: Client, contest: Contest, kind: str, *names: str, **changes: str):
    url = f"{reverse('elections_calls:add')}?contest={contest.pk}"
    return client.post(url, call_fields(contest, kind, *names, **changes))


def publish_call(client: Client, contest: Contest, kind: str, *names: str) -> None:
    assert make(client, contest, kind, *names, confirmed="1").status_code == 302


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


class TestMaking:
    def test_asks_for_the_race_first(self, desk: Client, board: Contest) -> None:
        text = desk.get(reverse("elections_calls:add")).content.decode()
        assert "Choose the race" in text

    def test_offers_only_the_people_of_the_race(self, desk: Client, board, bond) -> None:
        url = f"{reverse('elections_calls:add')}?contest={board.pk}"
        form = desk.get(url).context["form"]
        names = [selection.name for selection in form.fields["selections"].queryset]
        assert names == ["Scott Schmerelson", "Dan Chang"]

    def test_repeats_what_readers_will_see_before_anything_is_stored(
        self, desk: Client, board: Contest
    ) -> None:
        response = make(desk, board, "apparent-winner", "Scott Schmerelson")
        text = response.content.decode()
        assert "Scott Schmerelson is the apparent winner, ahead by 200 votes" in text
        assert not Call.objects.exists()
        assert not ModelLogEntry.objects.filter(action="elections.call").exists()

    def test_publishes_at_once(self, desk: Client, board: Contest, on_commit, people) -> None:
        with on_commit():
            publish_call(desk, board, "apparent-winner", "Scott Schmerelson")
        assert "Apparent winner" in Published.objects.get(pk=board.pk).html
        call = Call.objects.get()
        assert call.made_by == people["desk"]
        assert [s.name for s in call.selections.all()] == ["Scott Schmerelson"]
        entry = ModelLogEntry.objects.get(action="elections.call")
        assert (entry.object_id, entry.user) == (str(board.pk), people["desk"])
        assert entry.message == "Called: Apparent winner, Scott Schmerelson."

    def test_promises_nothing_that_publishing_has_not_kept(
        self, desk: Client, board: Contest, on_commit, monkeypatch, caplog
    ) -> None:
        def broken(contest_ids: list[int]) -> None:
            raise OSError("The disk is full.")

        monkeypatch.setattr("elections.widgets.publish.publish", broken)
        with on_commit():
            publish_call(desk, board, "conceded", "Dan Chang")
        text = desk.get(reverse("elections_calls:index")).content.decode()
        assert "Called: Conceded: Dan Chang. Readers see it within a minute." in text
        assert "The disk is full." in caplog.text

    def test_can_be_changed_after_the_last_look(self, desk: Client, board: Contest) -> None:
        response = make(desk, board, "winner", "Dan Chang", back="1")
        assert response.context["form"].data["kind"] == "winner"
        assert not Call.objects.exists()

    @pytest.mark.parametrize(
        ("kind", "names", "field", "reason"),
        [
            ("winner", [], "selections", "Say who."),
            ("winner", ["Scott Schmerelson", "Dan Chang"], "selections", "fewer seats"),
            ("passed", [], "kind", "not one of the available choices"),
            ("retracted", [], "kind", "not one of the available choices"),
            ("", [], "kind", "required"),
        ],
    )
    def test_refuses_what_makes_no_sense_on_the_field(
        self, desk, board, kind, names, field, reason
    ) -> None:
        response = make(desk, board, kind, *names, confirmed="1")
        errors = response.context["form"].errors
        assert list(errors) == [field]
        assert reason in errors[field][0]
        assert not Call.objects.exists()

    def test_refuses_somebody_who_stands_elsewhere(self, desk: Client, board, bond) -> None:
        stranger = bond.selections.first().pk
        url = f"{reverse('elections_calls:add')}?contest={board.pk}"
        fields = {**call_fields(board, "winner"), "selections": [stranger], "confirmed": "1"}
        errors = desk.post(url, fields).context["form"].errors
        assert list(errors) == ["selections"]
        assert not Call.objects.exists()

    def test_asks_for_authority_and_reason(self, desk: Client, board: Contest) -> None:
        changes = {"authority": "", "reason": ""}
        response = make(desk, board, "winner", "Dan Chang", confirmed="1", **changes)
        assert set(response.context["form"].errors) == {"authority", "reason"}

    def test_is_not_for_drafts(self, desk: Client, counted) -> None:
        draft = Contest.objects.first()
        response = desk.get(f"{reverse('elections_calls:add')}?contest={draft.pk}")
        assert "Choose a confirmed race." in response.content.decode()

    def test_lets_a_measure_pass(self, desk: Client, bond: Contest, on_commit) -> None:
        with on_commit():
            publish_call(desk, bond, "passed")
        assert "Passed" in Published.objects.get(pk=bond.pk).html


class TestTakingBack:
    def take_back(self, client: Client, call: Call, **changes: str):
        url = reverse("elections_calls:take_back", args=[call.pk])
        fields = {"authority": "The Valley Ledger", "reason": "New ballots.", "source_url": ""}
        seen = str(seen_now(call.contest_id))
        return client.post(url, {**fields, "seen": seen, **changes})

    def test_shows_what_readers_will_see(self, desk: Client, board: Contest) -> None:
        publish_call(desk, board, "winner", "Scott Schmerelson")
        url = reverse("elections_calls:take_back", args=[Call.objects.get().pk])
        text = desk.get(url).content.decode()
        assert "Scott Schmerelson leads by 200 votes" in text
        assert Call.objects.count() == 1

    def test_leaves_both_calls_on_record_and_readers_without_it(
        self, desk: Client, board: Contest, on_commit
    ) -> None:
        publish_call(desk, board, "winner", "Scott Schmerelson")
        call = Call.objects.get()
        with on_commit():
            self.take_back(desk, call)
        assert call.retractions.get().kind == Call.Kind.RETRACTED
        html = Published.objects.get(pk=board.pk).html
        assert "Winner" not in html
        assert "leads by" in html
        entry = ModelLogEntry.objects.get(action="elections.take_back")
        assert entry.message == "Took back the call “Winner: Scott Schmerelson”."

    def test_happens_once(self, desk: Client, board: Contest) -> None:
        publish_call(desk, board, "winner", "Scott Schmerelson")
        call = Call.objects.get()
        self.take_back(desk, call)
        response = self.take_back(desk, call)
        assert "taken back already" in response.content.decode()
        assert Call.objects.count() == 2

    def test_asks_for_a_reason(self, desk: Client, board: Contest) -> None:
        publish_call(desk, board, "winner", "Scott Schmerelson")
        response = self.take_back(desk, Call.objects.get(), reason="")
        assert list(response.context["form"].errors) == ["reason"]
        assert Call.objects.count() == 1


class TestTwoPeople:
    def test_are_told_what_the_other_called(self, desk: Client, board: Contest) -> None:
        before = str(seen_now(board.pk))
        publish_call(desk, board, "apparent-winner", "Scott Schmerelson")
        response = make(desk, board, "winner", "Dan Chang", seen=before, confirmed="1")
        assert Call.objects.count() == 1
        text = response.content.decode()
        assert "desk made the call “Apparent winner: Scott Schmerelson”." in text
        assert response.context["form"].data["reason"] in text
        again = make(
            desk, board, "winner", "Dan Chang", seen=str(response.context["seen"]), confirmed="1"
        )
        assert again.status_code == 302
        assert Call.objects.count() == 2

    def test_are_told_of_a_count_that_came_in_meanwhile(self, desk, board, say) -> None:
        before = str(seen_now(board.pk))
        say(40, scott_schmerelson=1300, dan_chang=1400)
        response = make(desk, board, "winner", "Scott Schmerelson", seen=before, confirmed="1")
        assert "The count has moved: Dan Chang leads by 100 votes" in response.content.decode()
        assert not Call.objects.exists()

    def test_are_told_of_a_hold_that_opened_and_who_decided_it(self, desk, board, say) -> None:
        before = str(seen_now(board.pk))
        say(40, scott_schmerelson=1100, dan_chang=1010)
        response = make(desk, board, "winner", "Scott Schmerelson", seen=before, confirmed="1")
        assert "a newer count is held for review." in response.content.decode()
        assert not Call.objects.exists()

    def test_are_told_also_when_what_they_typed_is_refused(self, desk, board) -> None:
        before = str(seen_now(board.pk))
        publish_call(desk, board, "conceded", "Dan Chang")
        response = make(desk, board, "winner", seen=before)
        assert list(response.context["form"].errors) == ["selections"]
        assert "Conceded: Dan Chang" in response.context["news"][0]

    @pytest.mark.parametrize("mark", ["", "x", "1-2", "9" * 60])
    def test_are_asked_again_where_nobody_knows_what_they_saw(self, desk, board, mark) -> None:
        response = make(desk, board, "conceded", "Dan Chang", seen=mark, confirmed="1")
        assert "Read this once more." in response.content.decode()
        assert not Call.objects.exists()

    def test_do_not_take_back_what_they_have_not_seen_replaced(self, desk, board) -> None:
        publish_call(desk, board, "apparent-winner", "Scott Schmerelson")
        before = str(seen_now(board.pk))
        publish_call(desk, board, "winner", "Scott Schmerelson")
        response = TestTakingBack().take_back(desk, Call.objects.first(), seen=before)
        assert "“Winner: Scott Schmerelson”" in response.content.decode()
        assert Call.objects.count() == 2

    def test_go_back_to_where_they_came_from(self, desk, board) -> None:
        there = reverse("elections_desk:index")
        fields = {"next": there, "confirmed": "1"}
        assert make(desk, board, "conceded", "Dan Chang", **fields).url == there
        fields["next"] = "https://elsewhere.example/"
        response = make(desk, board, "conceded", "Scott Schmerelson", **fields)
        assert response.url == reverse("elections_calls:index")


class TestRecord:
    @pytest.mark.parametrize("name", ["edit", "delete", "copy"])
    def test_has_no_way_to_change_a_call(self, name: str) -> None:
        with pytest.raises(NoReverseMatch):
            reverse(f"elections_calls:{name}", args=[1])

    def test_lists_calls_with_names_and_state(self, desk: Client, board: Contest) -> None:
        publish_call(desk, board, "conceded", "Dan Chang")
        text = desk.get(reverse("elections_calls:index")).content.decode()
        assert "Conceded: Dan Chang" in text
        assert len(
            desk.get(reverse("elections_calls:index"), {"q": "lausd"}).context["object_list"]
        )
        found = desk.get(reverse("elections_calls:index"), {"kind": "winner"})
        assert not found.context["object_list"]

    def test_says_how_to_make_the_first_one(self, desk: Client, db: None) -> None:
        text = desk.get(reverse("elections_calls:index")).content.decode()
        assert "Calls will be listed here" in text

    def test_is_readable_by_editors_who_may_not_call(
        self, desk: Client, editor: Client, board: Contest
    ) -> None:
        publish_call(desk, board, "winner", "Scott Schmerelson")
        call = Call.objects.get()
        url = reverse("elections_calls:inspect", args=[call.pk])
        take_back = reverse("elections_calls:take_back", args=[call.pk])
        assert take_back in desk.get(url).content.decode()
        text = editor.get(url).content.decode()
        assert "The lead is larger than the ballots left." in text
        assert take_back not in text
