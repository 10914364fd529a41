"""From a number that readers see to the bytes of the county, in two clicks."""

import re

from django.test import Client
from django.urls import reverse

from elections.models import Call, Contest, Published
from elections.widgets import publish

from .conftest import Say, document


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
