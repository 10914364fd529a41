"""A race's page by place, by kind of vote and round by round."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.models import Contest, CountDetails, Published, Selection
from elections.pages.models import RacePage
from elections.widgets.publish import publish_stale
from tests.elections.conftest import Night
from tests.elections.documents import at

PLACES = [("Precinct 2", 30, 10), ("Precinct 10", 5, 25), ("Precinct 9", 7, 7), ("Empty", 0, 0)]


def sheet(places, clock: str = "21:34") -> bytes:
    lines = [f"{name},Council,A,{a}\n{name},Council,B,{b}" for name, a, b in places]
    head = f"# counted_at: {at(clock).isoformat()}\nprecinct,race,candidate,votes"
    return "\n".join([head, *lines]).encode()


def add_page(election_page, night) -> RacePage:
    contest = Contest.objects.get()
    page = RacePage(title="Council", slug="council", contest=contest)
    election_page.add_child(instance=page)
    page.save_revision().publish()
    return page


@pytest.fixture
def night(source) -> Night:
    source.provider = "csv"
    source.address = "https://results.example.org/sheet.csv"
    source.save()
    night = Night(source)
    night.say(sheet([("Precinct 2", 1, 0), ("Precinct 9", 0, 0)], "20:36"))
    Contest.objects.update(status="confirmed")
    publish_stale()
    return night


@pytest.fixture
def read(client, night, election_page):
    """Say what the source sends, and read the race's page, with a query."""
    page = add_page(election_page, night)

    def get(body: bytes | None = None, query: str = "") -> str:
        if body is not None:
            night.say(body)
        return " ".join(client.get(f"{page.url}{query}").content.decode().split())

    return get


def order_of(page: str, *names: str) -> list[str]:
    table = page.partition('id="breakdown"')[2]
    return sorted(names, key=lambda name: table.index(f'<th scope="row">{name}'))


NAMES = [name for name, *_votes in PLACES]


class TestBreakdown:
    def test_says_who_has_most_votes_in_words(self, read):
        page = read(sheet(PLACES))
        assert '<td class="breakdown-ahead">A <small>by 50.0 points</small></td>' in page
        assert '<td class="breakdown-ahead">B <small>by 66.7 points</small></td>' in page
        assert '<td class="breakdown-ahead">Tied</td>' in page
        assert '<td class="breakdown-ahead">No votes yet</td>' in page

    def test_has_a_caption_and_scopes(self, read):
        table = read(sheet(PLACES)).partition('id="breakdown"')[2].partition("</table>")[0]
        assert "Sorted by “All votes”, highest first." in table
        assert table.count('scope="row"') == 4
        assert table.count('scope="col"') == 5

    def test_is_as_of_the_same_time_as_the_result(self, read):
        page = read(sheet(PLACES))
        assert page.count("As of <time") == 2
        assert page.count(">9:34 p.m. Nov. 5, 2024</time>.") == 2

    def test_says_that_it_adds_up(self, read):
        assert "Together they add up to the result above." in read(sheet(PLACES))

    @pytest.mark.parametrize(
        ("gap", "sentence"),
        [
            (5, "They do not add up to the result above: 5 votes of it are in none of them."),
            (-1, "They do not add up to the result above: they have 1 vote more for somebody."),
        ],
    )
    def test_never_shows_a_sum_that_is_none_without_saying_so(self, read, gap, sentence):
        read(sheet(PLACES))
        row = CountDetails.objects.get()
        row.content["units"][0][1][0] -= gap
        row.save()
        page = read()
        assert sentence in page
        assert "The source does not say why." in page
        assert "Together they add up" not in page

    def test_says_how_many_have_reported_and_that_this_is_no_count(self, read):
        read(sheet(PLACES))
        row = CountDetails.objects.get()
        row.content |= {"units_reported": 4, "units_total": 4}
        row.save()
        assert (
            "4 of 4 precincts have reported at least some votes. "
            "That does not say how many votes are counted." in read()
        )

    def test_says_of_a_place_that_its_precincts_have_reported_some_votes(self, read):
        read(sheet(PLACES))
        row = CountDetails.objects.get()
        row.content["units"][0][3:] = [9, 9]
        row.save()
        assert "<small>9 of 9 precincts have reported some votes</small>" in read()

    def test_is_left_out_while_readers_see_another_count(self, read):
        read(sheet(PLACES))
        Published.objects.update(count=None)
        assert 'id="breakdown"' not in read()

    def test_is_left_out_where_the_result_has_other_votes(self, read):
        read(sheet(PLACES))
        published = Published.objects.get()
        published.payload = published.payload.replace('"votes":42', '"votes":43')
        published.save()
        assert 'id="breakdown"' not in read()

    def test_says_why_there_are_no_places(self, read):
        read(sheet(PLACES))
        row = CountDetails.objects.get()
        row.content |= {"units": [], "problem": "too-many"}
        row.save()
        assert "The source counts more places than a page can show." in read()

    def test_escapes_what_a_feed_calls_a_place(self, read):
        page = read(sheet([("<b>1</b>", 1, 0), ("2", 4, 4)]))
        assert "&lt;b&gt;1&lt;/b&gt;" in page

    def test_costs_one_query(self, client, read):
        read(sheet(PLACES))
        with CaptureQueriesContext(connection) as queries:
            read()
        asked = [one["sql"] for one in queries if 'FROM "elections_countdetails"' in one["sql"]]
        assert len(asked) == 1


class TestSorting:
    def test_is_largest_first_by_itself(self, read):
        page = read(sheet(PLACES))
        assert order_of(page, *NAMES) == ["Precinct 2", "Precinct 10", "Precinct 9", "Empty"]
        assert page.count('aria-sort="descending"') == 1

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("?by=place&order=up", ["Empty", "Precinct 2", "Precinct 9", "Precinct 10"]),
            ("?by=place&order=down", ["Precinct 10", "Precinct 9", "Precinct 2", "Empty"]),
            ("?by=ahead&order=down", ["Precinct 10", "Precinct 2", "Precinct 9", "Empty"]),
            ("?by={B}&order=down", ["Precinct 10", "Precinct 2", "Precinct 9", "Empty"]),
        ],
    )
    def test_goes_by_any_column(self, read, query, expected):
        page = read(sheet(PLACES), query.format(B=Selection.objects.get(name="B").pk))
        assert order_of(page, *NAMES) == expected

    def test_turns_round_with_the_same_link(self, read):
        page = read(sheet(PLACES), "?by=place&order=up")
        assert '<th scope="col" aria-sort="ascending"><a href="?by=place&amp;order=down' in page

    @pytest.mark.parametrize(
        "query", ["?by=99&order=up", "?by=place", "?by=<x>&order=up", "?by=-1"]
    )
    def test_takes_nothing_that_is_no_column(self, read, query):
        page = read(sheet(PLACES), query)
        assert 'aria-sort="descending"' in page
        assert "<x>" not in page


class TestManyPlaces:
    def test_come_in_pages_that_keep_the_order(self, read):
        many = [(f"Precinct {n}", n, 1) for n in range(1, 61)]
        page = read(sheet(many), "?by=place&order=up&places=2")
        assert "Places 26 to 50 of 60." in page
        assert '<th scope="row">Precinct 26' in page
        assert '<th scope="row">Precinct 51' not in page
        assert 'href="?by=place&amp;order=up&amp;places=3#breakdown"' in page
        assert "Page 2 of 3" in page


class TestKinds:
    def test_are_a_table_of_their_own(self, read):
        body = (
            f"# counted_at: {at('21:34').isoformat()}\nvote_type,race,candidate,votes\n"
            "Mail,Council,A,9\nMail,Council,B,1\nIn person,Council,A,1\nIn person,Council,B,4"
        )
        page = read(body.encode())
        assert "By kind of vote, in the source’s words" in page
        assert '<th scope="row">Mail</th> <td class="breakdown-ahead">A' in page


class TestRounds:
    @pytest.fixture
    def page(self, read) -> str:
        body = (
            f"# counted_at: {at('21:34').isoformat()}\nround,race,candidate,votes\n"
            "1,Council,A,40\n1,Council,B,35\n1,Council,C,20\n2,Council,A,41\n2,Council,B,49"
        )
        Contest.objects.update(vote_variation="rcv")
        return read(body.encode())

    def test_say_what_each_gained(self, page):
        assert "<td>49 <small>+14</small></td>" in page

    def test_say_who_was_eliminated(self, page):
        assert "<td>20 <small><b>Eliminated</b></small></td>" in page
        assert "<td><small>Out</small></td>" in page

    def test_say_how_many_ballots_are_exhausted(self, page):
        assert '<th scope="row">Exhausted ballots</th><td>0</td><td>5</td>' in page

    def test_put_first_who_has_most_in_the_latest(self, page):
        rows = page.partition('id="rounds-title"')[2]
        assert rows.index('scope="row">B<') < rows.index('scope="row">A<')


class TestCsv:
    def test_has_every_place_and_the_total(self, client, read):
        read(sheet(PLACES))
        address = reverse("elections:race_places", args=[Contest.objects.get().pk])
        response = client.get(address)
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        head, *lines = csv.reader(io.StringIO(response.content.decode()))
        assert head[-2:] == ["votes: A", "votes: B"]
        assert [line[2] for line in lines] == [*NAMES, ""]
        assert lines[0] == [
            "2024-11-05T21:34:00-08:00", "precinct", "Precinct 2", "", "", "", "40", "30", "10",
        ]  # fmt: skip
        assert lines[-1][-3:] == ["84", "42", "42"]

    def test_runs_nothing_in_a_spreadsheet_program(self, client, read):
        read(sheet(PLACES))
        Selection.objects.filter(name="A").update(name="=1+1")
        address = reverse("elections:race_places", args=[Contest.objects.get().pk])
        assert b"votes: =1+1" in client.get(address).content

    def test_is_not_there_without_places(self, client, night):
        address = reverse("elections:race_places", args=[Contest.objects.get().pk])
        assert client.get(address).status_code == 404


class TestApi:
    def test_tells_every_place_by_selection(self, client, read):
        read(sheet(PLACES))
        contest = Contest.objects.get()
        ids = {one.name: str(one.pk) for one in contest.selections.all()}
        told = client.get(reverse("elections:api_details", args=[contest.pk])).json()
        assert told["adds_up"] is True
        assert told["units"][1] == {
            "name": "Precinct 10",
            "key": "",
            "precincts_reported": None,
            "precincts_total": None,
            "votes": {ids["A"]: 5, ids["B"]: 25},
        }

    def test_is_not_modified_for_whoever_has_it(self, client, read):
        read(sheet(PLACES))
        address = reverse("elections:api_details", args=[Contest.objects.get().pk])
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304

    def test_is_not_there_without_details(self, client, night):
        address = reverse("elections:api_details", args=[Contest.objects.get().pk])
        assert client.get(address).status_code == 404
