import json

import pytest
from django.urls import reverse

from elections.feeds import nist_erd
from elections.feeds.contract import FeedError
from elections.models import Contest, Hold, Selection
from elections.widgets.publish import publish_stale
from tests.elections.documents import at, board, contest, document, measure
from tests.elections.feeds.nist_rules import find_faults


def release(clock: str, schmerelson: int, *more: dict) -> bytes:
    council = contest("CITY OF BELL Council", {"A": 5, "B": 4}, VoteFor="Vote for no more than two")
    return document(at(clock), board(schmerelson, 83_256), measure(55, 45), council, *more)


@pytest.fixture
def address(night) -> str:
    night.say(release("21:34", 89_674))
    Contest.objects.update(status=Contest.Status.CONFIRMED)
    publish_stale()
    return reverse("elections:election_nist", args=[night.source.election_id])


def votes_of(body: bytes) -> dict[str, dict[str, int]]:
    return {
        race.key: {one.key: one.votes for one in race.selections}
        for race in nist_erd.parse(body).contests
    }


def published_votes() -> dict[str, dict[str, int]]:
    return {
        str(race.pk): {
            (one["name"] if one["name"] in {"Yes", "No"} else str(one["id"])): one["votes"]
            for one in json.loads(race.published.payload)["selections"]
        }
        for race in Contest.objects.select_related("published")
    }


class TestTheStandardForm:
    def test_keeps_the_standards_rules(self, client, address):
        assert find_faults(client.get(address).json()) == []

    def test_read_back_is_the_same_count(self, client, address, night):
        body = client.get(address).content
        assert votes_of(body) == published_votes()
        report = nist_erd.parse(body)
        assert report.counted_at == at("21:34")
        assert report.election_date == night.source.election.election_date
        assert {race.votes_allowed for race in report.contests} == {1, 2}

    def test_says_what_readers_see_and_not_what_is_held(self, client, address, night):
        before = votes_of(client.get(address).content)
        night.say(release("21:45", 89_000))
        assert Hold.objects.open().exists()
        assert votes_of(client.get(address).content) == before

    def test_leaves_drafts_out(self, client, address, night):
        night.say(release("21:45", 89_674, contest("NEW RACE", {"C": 1})))
        assert Contest.objects.count() == 4
        assert len(votes_of(client.get(address).content)) == 3

    def test_keeps_a_candidates_number_when_the_name_is_corrected(self, client, address):
        before = votes_of(client.get(address).content)
        Selection.objects.filter(name="Dan Chang").update(name="Daniel Chang")
        Contest.objects.get(selections__name="Daniel Chang").save()
        publish_stale()
        after = client.get(address).content
        assert b"Daniel Chang" in after
        assert votes_of(after) == before

    def test_never_says_that_the_count_is_complete(self, client, address, night):
        assert client.get(address).json()["Status"] == "unofficial-partial"
        night.source.election.certified_at = at("20:00")
        night.source.election.save()
        assert client.get(address).json()["Status"] == "certified"

    def test_numbers_each_publication(self, client, address, night):
        first = client.get(address).json()["SequenceEnd"]
        night.say(release("21:45", 90_000))
        assert client.get(address).json()["SequenceEnd"] > first

    def test_of_a_test_says_so(self, client, address, night):
        night.source.election.is_test = True
        night.source.election.save()
        with pytest.raises(FeedError):
            nist_erd.parse(client.get(address).content)


class TestTheAddress:
    def test_is_public_and_cacheable_for_everyone(self, client, address):
        response = client.get(address)
        assert "public" in response["Cache-Control"]
        assert not response.cookies

    def test_does_not_send_twice(self, client, address):
        etag = client.get(address)["ETag"]
        again = client.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")

    def test_is_not_found_while_nothing_is_published(self, client, election):
        address = reverse("elections:election_nist", args=[election.pk])
        assert client.get(address).status_code == 404
        assert client.get(address.replace(str(election.pk), "999")).status_code == 404

    def test_costs_two_queries(self, client, address, django_assert_num_queries):
        with django_assert_num_queries(2):
            client.get(address)
