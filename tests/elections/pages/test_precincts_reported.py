"""That every precinct has reported is never told as if every vote were counted.

On 9 November 2022 “100 % of precincts” of California meant half of the final vote.
"""

import html
import re

import pytest
from django.urls import reverse
from PIL import ImageDraw

from elections.models import CountDetails, Published
from elections.widgets.publish import publish
from tests.elections.documents import at
from tests.elections.widgets.races import say_left

from .test_breakdown import PLACES, night, read, sheet  # noqa: F401  (fixtures)

COUNTED = re.compile(
    r"100(?:\.0)?\s?(?:%|per\s?cent) (?:of )?(?:the )?"
    r"(?:precincts?|places?|votes?|ballots?|reporting|reported|counted|in)\b|"
    r"\b(?:all|every)\b (?:\d+ )?(?:of )?(?:the )?(?:precincts?|places?|votes?|ballots?) "
    r"(?:have|has|had|are|is|were|was|in|reported|reporting|counted)\b|"
    r"\bfully (?:counted|reported)|\bcount(?:ing)? is (?:complete|over|done|final)|"
    r"\bfinal (?:votes?|results?|numbers?|tally)",
    re.I,
)
CAREFUL = re.compile(r"\d+ of \d+ precincts have reported (?:at least )?some votes")

SURFACES = {
    "widget": "elections:fragment",
    "data of the widget": "elections:payload",
    "embed": "elections:embed",
    "API": "elections:api_contest",
    "API by place": "elections:api_details",
    "Atom": "elections:race_atom",
    "JSON feed": "elections:race_feed",
    "CSV of its history": "elections:race_csv",
    "CSV by place": "elections:race_places",
}


@pytest.fixture
def all_reported(read) -> Published:  # noqa: F811
    """A race of which every precinct has reported, with ballots left."""
    read(sheet(PLACES))
    row = CountDetails.objects.get()
    row.content |= {"units_reported": 4, "units_total": 4}
    row.content["units"][0][3:] = [9, 9]
    row.save()
    contest = row.contest
    say_left(contest.election, 500, contest)
    publish([contest.pk], now=at("23:30"))
    return Published.objects.get()


def words(body: str) -> str:
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", html.unescape(body), flags=re.S)
    return " ".join(bare.split())


def claims(text: str) -> list[str]:
    """Return what reads as if all were counted."""
    said = words(text)
    return [said[max(0, m.start() - 40) : m.end() + 40] for m in COUNTED.finditer(said)]


class TestClaims:
    @pytest.mark.parametrize(
        "text",
        [
            "100 % of precincts reporting",
            "100% reported",
            "All precincts have reported.",
            "All 4 precincts are in",
            "Every vote is counted.",
            "The count is complete: final votes",
        ],
    )
    def test_would_be_found(self, text):
        assert claims(text)


class TestSurfaces:
    @pytest.mark.parametrize("name", SURFACES.values(), ids=SURFACES)
    def test_never_say_that_all_is_counted(self, client, all_reported, name):
        answer = client.get(reverse(name, args=[all_reported.pk]))
        assert answer.status_code == 200
        assert claims(answer.content.decode()) == []

    def test_of_the_page_say_that_it_is_some_votes(self, read, all_reported):  # noqa: F811
        page = words(read())
        assert "4 of 4 precincts have reported at least some votes. That does not say" in page
        assert "9 of 9 precincts have reported some votes" in page
        assert len(CAREFUL.findall(page)) == len(re.findall(r"\d+ of \d+ precincts", page))
        assert claims(page) == []

    def test_of_the_picture_say_nothing_of_it(self, client, all_reported, monkeypatch):
        drawn: list[str] = []
        write = ImageDraw.ImageDraw.text

        def text(self, xy, text, *args, **kwargs):
            drawn.append(str(text))
            return write(self, xy, text, *args, **kwargs)

        monkeypatch.setattr(ImageDraw.ImageDraw, "text", text)
        answer = client.get(reverse("elections:card", args=[all_reported.pk]))
        assert answer.status_code == 200
        assert drawn
        assert claims(" ".join(drawn)) == []
