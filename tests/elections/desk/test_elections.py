"""The form of an election."""

import pytest
from django.test import Client
from django.urls import reverse

from elections.models import Contest, Election, Published


def fields(**changes: str) -> dict[str, str]:
    return {
        "name": "General election 2024",
        "jurisdiction": "Los Angeles County",
        "election_date": "2024-11-05",
        "time_zone": "America/Los_Angeles",
        "polls_close_at": "2024-11-05 20:00",
        "certified_at": "",
        "release_sightings": "3",
        "release_minutes": "10",
        **changes,
    }


class TestForm:
    def test_makes_an_election(self, editor: Client, db: None) -> None:
        editor.post(reverse("elections_elections:add"), fields())
        assert Election.objects.get().polls_close_at.isoformat() == "2024-11-06T04:00:00+00:00"

    @pytest.mark.parametrize(
        ("zone", "closed_at"),
        [
            ("America/New_York", "2024-11-06T02:00:00+00:00"),
            ("Pacific/Honolulu", "2024-11-06T07:00:00+00:00"),
        ],
    )
    def test_reads_and_shows_times_in_the_zone_of_the_election(
        self, editor: Client, db: None, zone: str, closed_at: str
    ) -> None:
        times = {"polls_close_at": "2024-11-05 21:00", "certified_at": "2024-12-03 09:30"}
        editor.post(reverse("elections_elections:add"), fields(time_zone=zone, **times))
        election = Election.objects.get()
        assert election.polls_close_at.isoformat() == closed_at
        edit = editor.get(reverse("elections_elections:edit", args=[election.pk]))
        for name, value in times.items():
            assert f'value="{value}"' in str(edit.context["form"][name])
        assert f"In the time zone written above, now {zone}." in edit.content.decode()
        inspect = editor.get(reverse("elections_elections:inspect", args=[election.pk]))
        assert "11/05/2024 9 p.m." in inspect.content.decode()

    def test_follows_a_change_of_the_zone(self, editor: Client, election: Election) -> None:
        url = reverse("elections_elections:edit", args=[election.pk])
        editor.post(url, fields(time_zone="America/New_York"))
        election.refresh_from_db()
        assert election.polls_close_at.isoformat() == "2024-11-06T01:00:00+00:00"

    def test_shows_what_was_typed_beside_an_unknown_zone(self, editor: Client, db: None) -> None:
        response = editor.post(reverse("elections_elections:add"), fields(time_zone="LA"))
        assert 'value="2024-11-05 20:00"' in str(response.context["form"]["polls_close_at"])

    def test_refuses_an_unknown_time_zone_on_the_field(self, editor: Client, db: None) -> None:
        response = editor.post(reverse("elections_elections:add"), fields(time_zone="LA"))
        assert "is not a time zone" in response.context["form"].errors["time_zone"][0]

    def test_refuses_polls_that_close_on_another_day_on_the_field(
        self, editor: Client, db: None
    ) -> None:
        changes = fields(polls_close_at="2024-12-05 20:00")
        response = editor.post(reverse("elections_elections:add"), changes)
        assert list(response.context["form"].errors) == ["polls_close_at"]

    def test_publishes_a_banner_at_once(
        self, editor: Client, board: Contest, django_capture_on_commit_callbacks
    ) -> None:
        url = reverse("elections_elections:edit", args=[board.election_id])
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(url, fields(is_test="on"))
        assert "This is a test." in Published.objects.get(pk=board.pk).html


class TestMakingATestElectionReal:
    @pytest.fixture
    def rehearsal(self, board: Contest) -> Election:
        Election.objects.update(is_test=True)
        return Election.objects.get()

    def test_is_refused_once_there_are_counts(self, editor: Client, rehearsal: Election) -> None:
        url = reverse("elections_elections:edit", args=[rehearsal.pk])
        response = editor.post(url, fields())
        assert "would take them for real" in response.context["form"].errors["is_test"][0]
        rehearsal.refresh_from_db()
        assert rehearsal.is_test

    def test_is_done_for_who_says_that_they_are_real(
        self, editor: Client, rehearsal: Election
    ) -> None:
        url = reverse("elections_elections:edit", args=[rehearsal.pk])
        editor.post(url, fields(are_real="on"))
        rehearsal.refresh_from_db()
        assert not rehearsal.is_test

    def test_needs_no_word_before_the_first_count(self, editor: Client, election: Election) -> None:
        Election.objects.update(is_test=True)
        editor.post(reverse("elections_elections:edit", args=[election.pk]), fields())
        election.refresh_from_db()
        assert not election.is_test


class TestDeleting:
    def test_is_refused_while_there_are_races(self, as_user, board: Contest) -> None:
        as_user("admin").post(reverse("elections_elections:delete", args=[board.election_id]))
        assert Election.objects.exists()


class TestList:
    def test_says_how_to_add_the_first_one(self, editor: Client, db: None) -> None:
        text = editor.get(reverse("elections_elections:index")).content.decode()
        assert "Elections will be listed here." in text

    def test_counts_races_and_drafts(self, editor: Client, board: Contest) -> None:
        (row,) = editor.get(reverse("elections_elections:index")).context["object_list"]
        assert (row.race_count, row.draft_count) == (3, 2)
