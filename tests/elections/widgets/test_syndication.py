import datetime
import json
import xml.etree.ElementTree as ET

import pytest
from django.urls import reverse

from elections.counting.calls import CallKind
from elections.models import Call, Election, Published
from tests.elections.documents import at, board, document

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(params=["race_atom", "race_feed", "race_csv", "election_atom", "election_feed"])
def address(request, night) -> str:
    owner = night.contest if request.param.startswith("race") else night.source.election
    return reverse(f"elections:{request.param}", args=[owner.pk])


class TestEveryFormat:
    def test_is_public_and_cacheable_for_everyone(self, client, address):
        response = client.get(address)
        assert response.status_code == 200
        assert "public" in response["Cache-Control"]
        assert "Cookie" not in response.get("Vary", "")
        assert not response.cookies

    def test_is_not_sent_twice(self, client, address):
        etag = client.get(address)["ETag"]
        again = client.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")

    def test_is_sent_again_once_something_happened(self, client, address, night):
        etag = client.get(address)["ETag"]
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 200

    def test_is_not_sent_twice_while_nothing_has_happened(self, client, address, night):
        Published.objects.update(count=None)
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304

    def test_of_nothing_published_is_not_found(self, client, address):
        Published.objects.all().delete()
        assert client.get(address).status_code == 404

    def test_cannot_be_written(self, client, address):
        assert client.post(address).status_code == 405


@pytest.fixture
def two_releases(night):
    night.say(document(at("21:34"), board(89_674, 83_256)))
    return night


class TestAtom:
    def read(self, client, night) -> ET.Element:
        address = reverse("elections:race_atom", args=[night.contest.pk])
        response = client.get(address)
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        return ET.fromstring(response.content)

    def test_has_an_entry_for_each_release_newest_first(self, client, two_releases):
        feed = self.read(client, two_releases)
        assert [entry.findtext(f"{ATOM}published") for entry in feed.iter(f"{ATOM}entry")] == [
            "2024-11-05T21:34:00-08:00",
            "2024-11-05T20:36:00-08:00",
        ] or [
            datetime.datetime.fromisoformat(entry.findtext(f"{ATOM}published"))
            for entry in feed.iter(f"{ATOM}entry")
        ] == [at("21:34"), at("20:36")]

    def test_keeps_the_ids_of_its_entries(self, client, two_releases):
        before = [e.findtext(f"{ATOM}id") for e in self.read(client, two_releases).iter()]
        two_releases.say(document(at("22:00"), board(90_000, 84_000)))
        after = [e.findtext(f"{ATOM}id") for e in self.read(client, two_releases).iter()]
        assert {key for key in before if key} < {key for key in after if key}

    def test_names_itself(self, client, two_releases):
        feed = self.read(client, two_releases)
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        path = reverse("elections:race_atom", args=[two_releases.contest.pk])
        assert links["self"] == f"http://testserver{path}"
        assert feed.findtext(f"{ATOM}id").startswith("tag:testserver,2024-11-05:")

    def test_is_dated_by_its_newest_change(self, client, two_releases):
        said = Call.make(
            contest=two_releases.contest, kind=CallKind.TOO_CLOSE, authority="desk",
            reason="Close.", made_at=at("21:40"),
        )  # fmt: skip
        Call.make(
            contest=two_releases.contest, kind=CallKind.RETRACTED, retracts=said,
            authority="desk", reason="Clear.", made_at=at("22:30"),
        )  # fmt: skip
        updated = self.read(client, two_releases).findtext(f"{ATOM}updated")
        assert datetime.datetime.fromisoformat(updated) == at("22:30")


class TestJsonFeed:
    def test_is_a_json_feed(self, client, two_releases):
        address = reverse("elections:race_feed", args=[two_releases.contest.pk])
        response = client.get(address)
        content = json.loads(response.content)
        assert response["Content-Type"] == "application/feed+json; charset=utf-8"
        assert content["version"] == "https://jsonfeed.org/version/1.1"
        assert content["feed_url"] == f"http://testserver{address}"
        assert content["items"][0]["content_text"].startswith("61,452 more votes were counted.")
        assert len({item["id"] for item in content["items"]}) == 2

    def test_of_an_election_names_the_race(self, client, two_releases):
        address = reverse("elections:election_feed", args=[two_releases.source.election.pk])
        title = json.loads(client.get(address).content)["items"][0]["title"]
        assert title == f"{two_releases.contest.name}: 61,452 more votes were counted."

    def test_of_a_rehearsal_says_so_in_every_title(self, client, two_releases):
        Election.objects.update(is_test=True)
        address = reverse("elections:election_feed", args=[two_releases.source.election.pk])
        content = json.loads(client.get(address).content)
        titles = [content["title"], *(item["title"] for item in content["items"])]
        assert all(title.startswith("Test, not real votes: ") for title in titles)
