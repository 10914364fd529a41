"""A sheet is uploaded or pasted, looked at, and taken in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from elections.desk.sheet_forms import PASTED
from elections.models import Contest, ContestCount, CurrentCount, Fetch, SentSheet, Snapshot, Source
from tests.elections.feeds.test_tables import workbook

PASTE = "Contest\tChoice\tTotal votes\nMayor\tNikki Perez\t1,204\nMayor\tAna Lopez\t987\n"


@pytest.fixture
def sheets(election) -> Source:
    """A source that nobody asks: a clerk's office that sends sheets."""
    return Source.objects.create(
        election=election, name="City Clerk", provider="csv", mode=Source.Mode.BY_HAND
    )


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def send(client: Client, source: Source, **data: object):
    return client.post(reverse("elections_sheets:send", args=[source.pk]), data, follow=True)


def fields(**changes: str) -> dict[str, str]:
    columns = {"race": "0", "candidate": "1", "votes": "2"}
    return {"counted_at": "2024-11-05 21:30", **columns, **changes}


def look(client: Client, **changes: str):
    sheet = SentSheet.objects.latest("pk")
    return client.post(reverse("elections_sheets:read", args=[sheet.pk]), fields(**changes))


def take(client: Client, **changes: str):
    confirmed = look(client, **changes).context["form"].fingerprint
    sheet = SentSheet.objects.latest("pk")
    url = reverse("elections_sheets:read", args=[sheet.pk])
    return client.post(url, {**fields(**changes), "confirmed": confirmed}, follow=True)


class TestSending:
    def test_shows_the_columns_with_a_guess_for_each(self, desk: Client, sheets) -> None:
        response = send(desk, sheets, pasted=PASTE)
        form = response.context["form"]
        assert {name: form.initial.get(name, form.fields[name].initial) for name in fields()} == {
            "counted_at": "",
            "race": "0",
            "candidate": "1",
            "votes": "2",
        }
        assert "Nikki Perez" in text_of(response)
        assert SentSheet.objects.get().body == PASTE.encode()

    def test_gives_a_refused_paste_back(self, desk: Client, sheets) -> None:
        text = text_of(send(desk, sheets, pasted="only words, nothing below"))
        assert "There are no rows below the names of the columns. Nothing was taken." in text
        assert "only words, nothing below" in text
        assert not SentSheet.objects.exists()

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            ({}, "Choose a file, or paste the cells."),
            (
                {"pasted": PASTE, "file": SimpleUploadedFile("a.csv", PASTE.encode())},
                "Send a file or a paste, not both.",
            ),
            (
                {"file": SimpleUploadedFile("a.csv", b"x" * (8 * 2**20 + 1))},
                "The file is larger than 8 MB.",
            ),
            ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04nonsense")}, "damaged"),
            ({"file": SimpleUploadedFile("a.csv", b"")}, "The submitted file is empty."),
        ],
        ids=["nothing", "both", "large", "damaged", "empty"],
    )
    def test_says_what_is_wrong(self, desk: Client, sheets, data, reason) -> None:
        assert reason in text_of(send(desk, sheets, **data))
        assert not SentSheet.objects.exists()

    def test_throws_away_what_was_only_looked_at(self, desk: Client, sheets) -> None:
        send(desk, sheets, pasted=PASTE)
        SentSheet.objects.update(sent_at=timezone.now() - timedelta(days=2))
        send(desk, sheets, pasted=PASTE)
        assert SentSheet.objects.count() == 1

    def test_is_for_sources_of_sheets(self, desk: Client, source) -> None:
        url = reverse("elections_sheets:send", args=[source.pk])
        assert desk.get(url).status_code == 404


class TestLooking:
    def test_stores_no_count(self, desk: Client, sheets) -> None:
        send(desk, sheets, pasted=PASTE)
        text = text_of(look(desk))
        assert "1,204" in text
        assert "New: it will come in as a draft." in text
        assert "Nothing is stored yet." in text
        assert not Snapshot.objects.exists()
        assert not Contest.objects.exists()

    def test_names_each_wrong_row_and_takes_nothing(self, desk: Client, sheets) -> None:
        send(desk, sheets, pasted=PASTE + "Mayor\tBo\t-5\nMayor\tCy\t=A1\n")
        response = look(desk)
        text = text_of(response)
        assert "“-5” is not a whole number of votes." in text
        assert "would be a formula in a spreadsheet" in text
        assert "Take in these counts" not in text
        confirmed = response.context["form"].fingerprint
        look(desk, confirmed=confirmed)
        assert not Snapshot.objects.exists()

    def test_asks_for_the_columns_that_it_needs(self, desk: Client, sheets) -> None:
        send(desk, sheets, pasted=PASTE)
        assert "Choose the column that says this." in text_of(look(desk, votes=""))
        assert "This column was chosen twice." in text_of(look(desk, party="2"))

    def test_warns_of_votes_from_before_the_polls_close(self, desk: Client, sheets) -> None:
        send(desk, sheets, pasted=PASTE)
        text = text_of(look(desk, counted_at="2024-11-05 19:00"))
        assert "from before the polls closed" in text


class TestTaking:
    def test_brings_counts_that_are_traced_to_the_sheet(self, desk, people, sheets) -> None:
        send(desk, sheets, file=SimpleUploadedFile("mayor.tsv", PASTE.encode()))
        text = text_of(take(desk))
        assert "The counts were taken in." in text
        contest = Contest.objects.get(name="Mayor")
        assert sorted(CurrentCount.objects.get(contest=contest).count.tally.values()) == [987, 1204]
        sheet, fetch = SentSheet.objects.get(), Fetch.objects.get()
        assert (fetch.sent_by, fetch.snapshot) == (people["desk"], sheet.snapshot)
        remarks = sheet.snapshot.body.decode().splitlines()[:5]
        assert remarks == [
            "# counted_at: 2024-11-05T21:30:00-08:00",
            "# sheet: mayor.tsv",
            f"# sheet_sha256: {sheet.sha256}",
            "# columns: race = Contest, candidate = Choice, votes = Total votes",
            "# sent_by: desk",
        ]
        assert "mayor.tsv" in text
        original = desk.get(reverse("elections_sheets:original", args=[sheet.pk]))
        assert original.content == PASTE.encode()
        assert original["Content-Disposition"] == 'attachment; filename="mayor.tsv"'
        entry = ModelLogEntry.objects.get(action="elections.send")
        assert entry.data["document"] == sheet.snapshot.sha256

    def test_reads_a_workbook(self, desk: Client, sheets) -> None:
        body = workbook(["race", "candidate", "votes"], ["Mayor", "Nikki Perez", 1204])
        send(desk, sheets, file=SimpleUploadedFile("mayor.xlsx", body))
        take(desk)
        assert list(CurrentCount.objects.get().count.tally.values()) == [1204]
        assert SentSheet.objects.get().body == body

    def test_asks_again_when_a_column_changed_after_the_look(self, desk, sheets) -> None:
        send(desk, sheets, pasted=PASTE)
        confirmed = look(desk).context["form"].fingerprint
        look(desk, confirmed=confirmed, counted_at="2024-11-05 22:30")
        assert not Snapshot.objects.exists()

    def test_happens_once(self, desk: Client, sheets) -> None:
        send(desk, sheets, pasted=PASTE)
        take(desk)
        sheet = SentSheet.objects.get()
        url = reverse("elections_sheets:read", args=[sheet.pk])
        for response in (desk.get(url, follow=True), desk.post(url, fields(), follow=True)):
            assert "This sheet has been taken in already." in text_of(response)
        assert Fetch.objects.count() == 1

    def test_holds_what_takes_votes_away(self, desk: Client, sheets) -> None:
        send(desk, sheets, pasted=PASTE)
        take(desk)
        send(desk, sheets, pasted=PASTE.replace("1,204", "204"))
        take(desk, counted_at="2024-11-05 22:30")
        contest = Contest.objects.get()
        assert contest.holds.open().exists()
        assert ContestCount.objects.count() == 1

    def test_wants_a_word_for_races_that_are_missing(self, desk: Client, sheets) -> None:
        more = "".join(f"Clerk {n}\tBo\t{n}\n" for n in range(5))
        send(desk, sheets, pasted=PASTE + more)
        take(desk)
        send(desk, sheets, pasted=PASTE.replace("987", "999"))
        later = {"counted_at": "2024-11-05 22:30"}
        assert "It is right that races are missing" in text_of(take(desk, **later))
        assert Fetch.objects.count() == 1
        take(desk, **later, races_missing="1")
        assert Fetch.objects.first().outcome == Fetch.Outcome.ACCEPTED

    def test_keeps_a_count_from_before_the_polls_close_from_everybody(self, desk, sheets) -> None:
        send(desk, sheets, pasted=PASTE)
        text = text_of(take(desk, counted_at="2024-11-05 19:00"))
        assert "Before the polls closed" in text
        assert not CurrentCount.objects.exists()

    def test_goes_beside_an_address(self, desk: Client, election) -> None:
        source = Source.objects.create(
            election=election, name="County", provider="csv", address="https://example.org/a.csv"
        )
        send(desk, source, pasted=PASTE)
        take(desk)
        assert CurrentCount.objects.get().source == source

    def test_leads_to_the_source_page(self, as_user, sheets) -> None:
        page = reverse("elections_sources:inspect", args=[sheets.pk])
        address = reverse("elections_sheets:send", args=[sheets.pk])
        assert address in text_of(as_user("desk").get(page))
        assert address not in text_of(as_user("viewer").get(page))

    def test_calls_a_paste_a_paste(self, desk: Client, sheets) -> None:
        assert "What you pasted" in text_of(send(desk, sheets, pasted=PASTE))
        assert SentSheet.objects.get().file_name == PASTED
