"""The desk's screen and its rows as they are asked for again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from elections.models import Contest, Election, Source

from .county import fill

BOARD_URL = "elections_desk:index"
ROWS_URL = "elections_desk:rows"


@pytest.fixture(autouse=True)
def replayed(source) -> None:
    Source.objects.update(mode=Source.Mode.REPLAY)


def shown(client: Client, **query: str) -> list[str]:
    screen = client.get(reverse(BOARD_URL), query).context["screen"]
    return [printed.row.name for group in screen.groups for printed in group.rows]


class TestBoard:
    def test_lists_confirmed_races_and_counts_drafts(self, desk, board) -> None:
        text = desk.get(reverse(BOARD_URL)).content.decode()
        assert "LAUSD board, District 3" in text
        assert "200 votes (9.1 points)" in text
        assert "2 drafts wait for their names to be checked." in text

    def test_stands_on_top_of_the_menu(self, desk, board) -> None:
        text = desk.get(reverse("wagtailadmin_home")).content.decode()
        assert text.index('"election-desk"') < text.index('"elections"')

    def test_offers_to_read_what_one_may_not_decide(self, editor, desk, board, say) -> None:
        say(40, scott_schmerelson=1100, dan_chang=1010)
        call_url = f"{reverse('elections_calls:add')}?contest={board.pk}"
        assert call_url in desk.get(reverse(BOARD_URL)).content.decode()
        text = editor.get(reverse(BOARD_URL)).content.decode()
        assert call_url not in text
        assert "Read hold" in text

    def test_says_how_to_begin(self, desk, db) -> None:
        assert "Races will stand here" in desk.get(reverse(BOARD_URL)).content.decode()

    @pytest.mark.parametrize("query", ["p=999", "p=x", "election=x", "state=nonsense", "q=%00"])
    def test_stands_any_query(self, desk, board, query) -> None:
        assert desk.get(f"{reverse(BOARD_URL)}?{query}").status_code == 200


class TestFilter:
    def test_starts_with_the_latest_election(self, desk, board) -> None:
        older = Election.objects.get(pk=board.election_id)
        older.pk, older.name = None, "Primary"
        older.election_date -= timedelta(days=200)
        older.save()
        Contest.objects.create(election=older, name="Assessor")
        assert shown(desk) == ["LAUSD board, District 3"]
        assert shown(desk, election="") == ["LAUSD board, District 3", "Assessor"]
        assert shown(desk, election=str(older.pk)) == ["Assessor"]

    def test_finds_by_name_of_race_or_candidate(self, desk, board, bond) -> None:
        assert shown(desk, q="chang") == ["LAUSD board, District 3"]
        assert shown(desk, q="nobody") == []

    def test_keeps_a_state_by_its_word(self, desk, board, bond, call) -> None:
        call(bond, "passed")
        assert shown(desk, state="passed") == [bond.name]
        assert shown(desk, state="counting") == ["LAUSD board, District 3"]

    def test_keeps_what_needs_somebody(self, desk, board, bond, say) -> None:
        assert shown(desk, needs="on") == []
        say(40, scott_schmerelson=1100, dan_chang=1010)
        assert shown(desk, needs="on") == ["LAUSD board, District 3"]


class TestRows:
    def test_are_not_sent_twice(self, desk, board) -> None:
        first = desk.get(reverse(ROWS_URL))
        again = desk.get(reverse(ROWS_URL), headers={"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert again["X-Desk-Clock"]

    def test_are_sent_again_when_the_count_moves(self, desk, board, say) -> None:
        etag = desk.get(reverse(ROWS_URL))["ETag"]
        say(40, scott_schmerelson=1300, dan_chang=1100)
        response = desk.get(reverse(ROWS_URL), headers={"If-None-Match": etag})
        assert response.status_code == 200
        assert "2,400" in response.content.decode()

    def test_are_of_no_shared_cache(self, desk, board) -> None:
        assert "private" in desk.get(reverse(ROWS_URL))["Cache-Control"]

    def test_differ_by_what_one_may_do(self, desk, editor, board) -> None:
        assert desk.get(reverse(ROWS_URL))["ETag"] != editor.get(reverse(ROWS_URL))["ETag"]


class TestQueries:
    def test_do_not_grow_with_the_races(
        self, desk, election, source, django_assert_max_num_queries
    ) -> None:
        fill(election, source, 11, now=timezone.now())
        desk.get(reverse(ROWS_URL))
        with django_assert_max_num_queries(30) as few:
            desk.get(reverse(ROWS_URL))
        fill(election, source, 60, now=timezone.now())
        with django_assert_max_num_queries(len(few)):
            desk.get(reverse(ROWS_URL))
        assert len(shown(desk)) == 60
