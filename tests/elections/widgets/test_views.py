import json

import pytest
from django.urls import reverse

from tests.elections.documents import at, board, document


@pytest.fixture(params=["elections:fragment", "elections:payload", "elections:api_contest"])
def address(request, night) -> str:
    return reverse(request.param, args=[night.contest.pk])


class TestPublishedResult:
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

    def test_is_sent_again_once_it_changed(self, client, address, night):
        etag = client.get(address)["ETag"]
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 200

    def test_of_nothing_is_not_found(self, client, address, night):
        assert client.get(address.replace(str(night.contest.pk), "999")).status_code == 404

    def test_cannot_be_written(self, client, address):
        assert client.post(address).status_code == 405


class TestBytes:
    def test_are_the_same_from_row_and_file(self, client, night, results_folder):
        for name, kind in (("fragment", "html"), ("payload", "json")):
            body = client.get(reverse(f"elections:{name}", args=[night.contest.pk])).content
            file = results_folder / "contest" / f"{night.contest.pk}.{kind}"
            assert body == file.read_bytes()

    def test_of_a_race_are_fewer_than_a_kilobyte_compressed(self, night):
        import gzip

        assert len(gzip.compress(night.published.payload.encode())) < 1024


class TestManifest:
    @pytest.fixture(params=["elections:manifest", "elections:api_manifest"])
    def address(self, request, night) -> str:
        return reverse(request.param, args=[night.source.election.pk])

    def test_names_versions(self, client, address, night):
        content = client.get(address).json()
        assert content["versions"] == {str(night.contest.pk): 1}

    def test_is_not_sent_twice(self, client, address):
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304

    def test_of_no_election_is_not_found(self, client, address, night):
        missing = address.replace(f"/{night.source.election.pk}/", "/999/")
        assert client.get(missing).status_code == 404


class TestHistory:
    def test_has_each_release_with_the_hash_of_its_document(self, client, night):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        night.say(document(at("20:56"), board(70_000, 60_000)))
        content = client.get(reverse("elections:api_history", args=[night.contest.pk])).json()
        releases = content["releases"]
        assert [sum(release["votes"].values()) for release in releases] == [
            111_478,
            130_000,
            172_930,
        ]
        assert [release["was_late"] for release in releases] == [False, True, False]
        assert releases[-1]["sha256"] == night.published.count.snapshot.sha256

    def test_is_not_sent_twice(self, client, night):
        address = reverse("elections:api_history", args=[night.contest.pk])
        etag = client.get(address)["ETag"]
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304


class TestSchema:
    def test_describes_every_endpoint(self, client):
        response = client.get(
            reverse("elections:api_schema"), headers={"Accept": "application/json"}
        )
        paths = json.loads(response.content)["paths"]
        assert sorted(paths) == [
            "/api/results/contests/{contest_id}/",
            "/api/results/contests/{contest_id}/details/",
            "/api/results/contests/{contest_id}/history/",
            "/api/results/elections/{election_id}/",
        ]

    def test_has_the_fields_that_are_sent(self, client, night):
        response = client.get(
            reverse("elections:api_schema"), headers={"Accept": "application/json"}
        )
        described = json.loads(response.content)["components"]["schemas"]["Contest"]["properties"]
        sent = client.get(reverse("elections:api_contest", args=[night.contest.pk])).json()
        assert set(described) == set(sent)
