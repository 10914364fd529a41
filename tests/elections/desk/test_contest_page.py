"""From a number that readers see to the bytes of the county, in two clicks."""

import re
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from elections.models import (
    Call,
    Contest,
    ContestCount,
    CurrentCount,
    Published,
    Snapshot,
    Source,
)
from elections.widgets import publish

from .conftest import POLLS_CLOSE_AT, Say, document


def page(client: Client, contest: Contest) -> str:
    return client.get(reverse("elections_races:inspect", args=[contest.pk])).content.decode()


class TestWhatReadersSee:
    def test_leads_to_the_bytes_that_it_was_built_from(
        self, desk: Client, board: Contest, say: Say
    ) -> None:
        publish.publish([board.pk])
        votes = {"scott_schmerelson": 1500, "dan_chang": 1100}
        say(40, **votes)
        text = page(desk, board)
        assert "LA County Registrar, release of 11/05/2024 8:40 p.m. PST, document" in text
        raw, *_record = re.findall(r'href="([^"]+/raw/)"', text)
        assert desk.get(raw).content == document(40, board=votes)

    def test_names_version_call_and_public_data(self, desk: Client, board: Contest) -> None:
        call = Call.make(
            contest=board,
            kind="conceded",
            selections=[board.selections.get(name="Dan Chang")],
            authority="The candidate",
            reason="He said so.",
        )
        publish.publish([board.pk])
        Published.objects.update(version=17)
        text = page(desk, board)
        assert "<dd>17</dd>" in text
        url = reverse("elections_calls:inspect", args=[call.pk])
        assert f'<a href="{url}">Conceded: Dan Chang</a>' in text
        assert f'href="{reverse("elections:payload", args=[board.pk])}"' in text

    def test_says_that_a_draft_is_not_published(self, desk: Client, counted) -> None:
        assert "Nothing is published yet." in page(desk, Contest.objects.first())


class TestSeveralSources:
    def say(self, board: Contest, minutes: int, votes: tuple[int, int], **facts: object) -> Source:
        source, _created = Source.objects.get_or_create(
            election=board.election, name="Secretary of State", provider="ca_sos",
            address="https://api.sos.ca.gov/", precedence=5, defaults=facts,
        )  # fmt: skip
        said_at = POLLS_CLOSE_AT + timedelta(minutes=minutes)
        snapshot = Snapshot.objects.create(
            source=source, sha256=str(minutes), compressed=b"", size=0, first_seen_at=said_at,
            counted_at=said_at, verdict="accepted",
        )  # fmt: skip
        keys = [str(selection.pk) for selection in board.selections.order_by("order")]
        count = ContestCount.objects.create(
            contest=board,
            snapshot=snapshot,
            counted_at=said_at,
            votes=dict(zip(keys, votes, strict=True)),
        )
        CurrentCount.point([CurrentCount(contest=board, source=source, count=count, as_of=said_at)])
        return source

    def test_stand_side_by_side_with_their_times(self, desk: Client, board: Contest) -> None:
        self.say(board, 50, (1300, 1100))
        text = page(desk, board)
        assert "What each source says" in text
        assert "11/05/2024 8:30 p.m. PST" in text
        assert "11/05/2024 8:50 p.m. PST" in text
        assert "1,300" in text
        assert "Two sources disagree" not in text

    def test_that_contradict_each_other_are_marked(self, desk: Client, board: Contest) -> None:
        self.say(board, 31, (1300, 1000))
        text = page(desk, board)
        assert "Two sources disagree" in text
        assert text.count("<strong>Disagree</strong>") == 1

    def test_of_other_voters_are_not_compared(self, desk: Client, board: Contest) -> None:
        self.say(board, 31, (1300, 1000), coverage="Orange County")
        text = page(desk, board)
        assert "count different voters" in text
        assert "Two sources disagree" not in text

    def test_are_no_table_where_there_is_one(self, desk: Client, board: Contest) -> None:
        assert "What each source says" not in page(desk, board)
