"""Drafts by the hundred: one look, one button."""

from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from elections.models import Contest, Election, Published

URL = ["elections", "contest", "confirm"]


def confirm_url(*ids: object, **query: object) -> str:
    words = [f"id={pk}" for pk in ids] + [f"{key}={value}" for key, value in query.items()]
    return f"{reverse('wagtail_bulk_action', args=URL)}?{'&'.join(words)}&next=/admin/"


def drafts() -> int:
    return Contest.objects.filter(status=Contest.Status.DRAFT).count()


class TestConfirm:
    def test_shows_our_names_beside_the_feeds(self, editor: Client, counted) -> None:
        contest = Contest.objects.first()
        text = editor.get(confirm_url(contest.pk)).content.decode()
        assert contest.name in text
        assert contest.reported_title in text
        assert drafts() == 3

    def test_confirms_and_publishes_the_selected(
        self, editor: Client, counted, django_capture_on_commit_callbacks
    ) -> None:
        one, two, _three = Contest.objects.order_by("pk")
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(confirm_url(one.pk, two.pk))
        assert drafts() == 1
        assert set(Published.objects.values_list("pk", flat=True)) == {one.pk, two.pk}
        assert not one.selections.filter(is_new=True).exists()
        assert ModelLogEntry.objects.filter(action="elections.confirm").count() == 2

    def test_confirms_all_pages_of_a_filtered_list_and_nothing_else(
        self, editor: Client, counted, election: Election
    ) -> None:
        other = Election.objects.create(
            name="Primary",
            election_date=election.election_date,
            jurisdiction="Los Angeles County",
            polls_close_at=election.polls_close_at,
        )
        Contest.objects.bulk_create(
            Contest(election=other, name=f"Race {number}", status=Contest.Status.DRAFT)
            for number in range(430)
        )
        editor.post(confirm_url("all", election=other.pk, status="draft"))
        assert Contest.objects.filter(election=other, status="confirmed").count() == 430
        assert drafts() == 3

    def test_confirms_what_a_search_found(self, editor: Client, counted) -> None:
        editor.post(confirm_url("all", q="burbank"))
        assert drafts() == 2

    def test_is_refused_without_the_right(self, desk: Client, counted) -> None:
        desk.post(confirm_url(Contest.objects.first().pk))
        assert drafts() == 3
