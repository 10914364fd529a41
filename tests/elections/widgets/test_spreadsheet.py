import csv

from django.urls import reverse

from elections.counting.calls import CallKind
from elections.models import Call, Selection
from tests.elections.documents import at, board, document


def read(client, night) -> list[list[str]]:
    response = client.get(reverse("elections:race_csv", args=[night.contest.pk]))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert f"race-{night.contest.pk}-history.csv" in response["Content-Disposition"]
    return list(csv.reader(response.content.decode().splitlines()))


class TestRaceCsv:
    def test_has_a_line_for_each_release_oldest_first(self, client, night):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        header, first, second = read(client, night)
        assert header == [
            "at", "kind", "what", "total_votes", "new_votes", "source", "document_sha256",
            "votes: Scott Schmerelson", "votes: Dan Chang",
        ]  # fmt: skip
        assert first[:2] == ["2024-11-05T20:36:00-08:00", "count"]
        assert first[3:6] == ["111478", "", "LA County Registrar"]
        assert second[3:5] == ["172930", "61452"]
        assert second[6] == night.published.count.snapshot.sha256
        assert second[7:] == ["89674", "83256"]

    def test_documents_its_header(self):
        from elections.widgets import spreadsheet

        for name in spreadsheet.HEADER:
            assert f"\n{name} " in spreadsheet.__doc__

    def test_is_as_wide_where_there_are_no_votes(self, client, night):
        Call.make(
            contest=night.contest, kind=CallKind.TOO_CLOSE, authority="desk", reason="Close.",
            made_at=at("22:00"),
        )  # fmt: skip
        header, *lines = read(client, night)
        assert {len(line) for line in lines} == {len(header)}

    def test_runs_nothing_in_a_spreadsheet_program(self, client, night):
        Selection.objects.filter(name="Dan Chang").update(name='=HYPERLINK("x")')
        night.source.name = "@county"
        night.source.save()
        header, line = read(client, night)
        assert header[-1].startswith("votes: ")
        assert line[5] == "'@county"
        assert not any(cell.startswith(("=", "+", "@")) for cell in [*header, *line])

    def test_keeps_letters_of_other_languages(self, client, night):
        Selection.objects.filter(name="Dan Chang").update(name="Íñigo Peña")
        assert read(client, night)[0][-1] == "votes: Íñigo Peña"
