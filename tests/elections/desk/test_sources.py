"""The form of a source refuses what the door to the network would refuse."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from elections.feeds import http
from elections.models import Contest, Election, Published, Source
from tests.elections.desk.conftest import POLLS_CLOSE_AT

PUBLIC = ["93.184.215.14"]


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses that names lead to; any other name is unknown."""
    known = {"results.lavote.gov": PUBLIC, "intranet.example.org": ["10.0.0.5"]}

    def look_up(host: str, port: int) -> list[str]:
        if host.replace(".", "").isdecimal():
            return [host]
        if host not in known:
            raise OSError("unknown name")
        return known[host]

    monkeypatch.setattr(http, "look_up", look_up)
    return known


def fields(election: Election, **changes: str) -> dict[str, str]:
    return {
        "election": str(election.pk),
        "name": "LA County Registrar",
        "provider": "lac_json",
        "address": "https://results.lavote.gov/electionresults/json",
        "public_url": "",
        "mode": Source.Mode.AUTOMATIC,
        "is_active": "on",
        "precedence": "0",
        **changes,
    }


def add(client: Client, election: Election, **changes: str):
    return client.post(reverse("elections_sources:add"), fields(election, **changes))


class TestAdding:
    def test_saves_a_public_address(self, editor: Client, election: Election) -> None:
        response = add(editor, election)
        assert response.status_code == 302
        assert Source.objects.get().address == "https://results.lavote.gov/electionresults/json"

    @pytest.mark.parametrize(
        ("address", "reason"),
        [
            ("", "Write the address of the feed."),
            ("results.lavote.gov", "This is not a web address. It must start with https://."),
            ("ftp://results.lavote.gov/x", "It must start with https://."),
            ("https://user:word@results.lavote.gov/", "without a user name"),
            ("https://10.1.2.3/results.json", "private network"),
            ("http://127.0.0.1:8000/", "private network"),
            ("https://intranet.example.org/feed", "private network"),
        ],
    )
    def test_refuses_a_wrong_address_on_the_field(
        self, editor: Client, election: Election, address: str, reason: str
    ) -> None:
        response = add(editor, election, address=address)
        form = response.context["form"]
        assert list(form.errors) == ["address"]
        assert len(form.errors["address"]) == 1
        assert reason in form.errors["address"][0]
        assert not Source.objects.exists()

    def test_refuses_a_second_source_with_the_same_address_on_the_field(
        self, editor: Client, election: Election, source: Source
    ) -> None:
        response = add(editor, election, address=source.address)
        errors = response.context["form"].errors
        assert errors == {"address": ["This election has a source with that address already."]}

    def test_saves_a_name_that_is_unknown_right_now_with_a_warning(
        self, editor: Client, election: Election
    ) -> None:
        response = editor.post(
            reverse("elections_sources:add"),
            fields(election, address="https://new.example.org/feed"),
            follow=True,
        )
        assert Source.objects.count() == 1
        assert "could not be found" in response.content.decode()

    def test_asks_no_name_for_recorded_documents(
        self, editor: Client, election: Election, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def no_network(host: str, port: int) -> list[str]:
            raise AssertionError(host)

        monkeypatch.setattr(http, "look_up", no_network)
        add(editor, election, mode=Source.Mode.REPLAY, address="https://anywhere.example/")
        assert Source.objects.count() == 1

    def test_allows_private_networks_where_the_site_does(
        self, editor: Client, election: Election, settings
    ) -> None:
        settings.ELECTIONS_ALLOW_PRIVATE_NETWORKS = True
        add(editor, election, address="http://127.0.0.1:8000/")
        assert Source.objects.count() == 1


class TestEditing:
    def test_may_keep_its_own_address(self, editor: Client, source: Source) -> None:
        url = reverse("elections_sources:edit", args=[source.pk])
        editor.post(url, fields(source.election, address=source.address, name="The county"))
        source.refresh_from_db()
        assert source.name == "The county"

    def test_brings_its_name_and_page_to_readers(
        self, editor: Client, source: Source, board: Contest, django_capture_on_commit_callbacks
    ) -> None:
        url = reverse("elections_sources:edit", args=[source.pk])
        facts = {"address": source.address, "public_url": "https://results.lavote.gov/"}
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(url, fields(source.election, name="The county", **facts))
        html = Published.objects.get(pk=board.pk).html
        assert "The county" in html
        assert 'href="https://results.lavote.gov/"' in html

    def test_to_another_election_brings_its_name_to_readers_of_the_former_one(
        self, editor: Client, source: Source, board: Contest, django_capture_on_commit_callbacks
    ) -> None:
        other = Election.objects.create(
            name="Runoff",
            election_date=date(2024, 12, 3),
            jurisdiction="Los Angeles County",
            polls_close_at=POLLS_CLOSE_AT + timedelta(days=28),
        )
        url = reverse("elections_sources:edit", args=[source.pk])
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(url, fields(other, address=source.address, name="The county"))
        source.refresh_from_db()
        assert source.election == other
        assert "The county" in Published.objects.get(pk=board.pk).html


class TestDeleting:
    def test_is_refused_once_there_is_a_document(self, as_user, source: Source, counted) -> None:
        url = reverse("elections_sources:delete", args=[source.pk])
        as_user("admin").post(url)
        assert Source.objects.filter(pk=source.pk).exists()

    def test_removes_a_source_that_never_answered(self, editor: Client, source: Source) -> None:
        editor.post(reverse("elections_sources:delete", args=[source.pk]))
        assert not Source.objects.exists()


class TestList:
    def test_says_how_to_add_the_first_one(self, editor: Client, db: None) -> None:
        text = editor.get(reverse("elections_sources:index")).content.decode()
        assert "Sources will be listed here" in text
        assert reverse("elections_sources:add") in text
