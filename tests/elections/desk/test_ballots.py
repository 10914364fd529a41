"""Ballots left: added, never changed, seen at once."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from elections.models import BallotsRemaining, Contest, Election, Published


def fields(election: Election, **changes: object) -> dict[str, object]:
    return {
        "election": election.pk,
        "contest": "",
        "estimate": 780000,
        "as_of": "2024-11-06 03:46",
        "next_update_at": "2024-11-06 16:30",
        "source_name": "LA County Registrar",
        "source_url": "",
        **changes,
    }


def add(client: Client, election: Election, **changes: object):
    return client.post(reverse("elections_ballots_left:add"), fields(election, **changes))


class TestAdding:
    def test_reaches_readers_of_every_race(
        self, editor: Client, board: Contest, bond, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            add(editor, board.election)
        html = [row.html for row in Published.objects.all()]
        assert len(html) == 2
        assert all("780,000" in text for text in html)

    def test_reaches_readers_of_one_race(
        self, editor: Client, board: Contest, bond, django_capture_on_commit_callbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            add(editor, board.election, contest=board.pk)
        assert Published.objects.get().pk == board.pk

    @pytest.mark.parametrize(
        ("zone", "as_of"),
        [
            ("America/New_York", "2024-11-06T08:46:00+00:00"),
            ("Pacific/Honolulu", "2024-11-06T13:46:00+00:00"),
        ],
    )
    def test_reads_times_in_the_zone_of_the_election(
        self, editor: Client, election: Election, zone: str, as_of: str
    ) -> None:
        Election.objects.update(time_zone=zone)
        add(editor, election)
        assert BallotsRemaining.objects.get().as_of.isoformat() == as_of
        text = editor.get(reverse("elections_ballots_left:index")).content.decode()
        assert "3:46" in text
        form = editor.get(reverse("elections_ballots_left:add")).context["form"]
        assert f"{zone} for “{election.name}”." in form.fields["as_of"].help_text

    def test_says_on_the_field_what_is_wrong(self, editor: Client, election) -> None:
        response = add(editor, election, next_update_at="2024-11-05 12:00")
        assert response.context["form"].errors == {
            "next_update_at": ["The next update must come after this one."]
        }

    def test_starts_with_who_said_so_last_time(self, editor: Client, election) -> None:
        add(editor, election)
        form = editor.get(reverse("elections_ballots_left:add")).context["form"]
        assert form["source_name"].value() == "LA County Registrar"


class TestRecord:
    @pytest.mark.parametrize("name", ["edit", "delete"])
    def test_has_no_way_to_change_an_estimate(self, name: str) -> None:
        with pytest.raises(NoReverseMatch):
            reverse(f"elections_ballots_left:{name}", args=[1])

    def test_lists_the_newest_first(self, editor: Client, election) -> None:
        add(editor, election)
        add(editor, election, estimate=500000, as_of="2024-11-07 03:46", next_update_at="")
        response = editor.get(reverse("elections_ballots_left:index"))
        estimates = [row.estimate for row in response.context["object_list"]]
        assert estimates == [500000, 780000]
        assert "500,000" in response.content.decode()
        assert BallotsRemaining.objects.count() == 2


class TestTwoPeople:
    def test_are_told_of_an_estimate_that_came_in_meanwhile(self, editor, board) -> None:
        url = f"{reverse('elections_ballots_left:add')}?contest={board.pk}&next=/admin/"
        form = editor.get(url).context["form"]
        assert form.instance.contest == board
        seen = form.initial["seen"]
        BallotsRemaining.objects.create(
            election=board.election,
            contest=board,
            estimate=9_000,
            as_of=board.election.polls_close_at,
            source_name="the county",
        )
        fields = {
            "election": board.election_id,
            "contest": board.pk,
            "estimate": "8000",
            "as_of": "2024-11-06 21:00",
            "source_name": "LA County",
            "next": "/admin/",
        }
        response = editor.post(url, {**fields, "seen": seen})
        text = response.content.decode()
        assert "Somebody has written down 9,000 ballots, said by the county" in text
        assert BallotsRemaining.objects.count() == 1
        again = editor.post(url, {**fields, "seen": response.context["form"].data["seen"]})
        assert again.url == "/admin/"
        assert BallotsRemaining.objects.count() == 2
