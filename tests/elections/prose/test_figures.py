import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from wagtail.models import ReferenceIndex
from wagtail.rich_text import RichText, expand_db_html

from elections.models import Contest, Published
from elections.prose.editor import FIGURE
from elections.widgets.publish import publish_stale
from newsroom.blocks.text import ParagraphBlock
from newsroom.links import expand_together
from newsroom.media import media_of
from newsroom.pages.models import StoryPage
from tests.elections.documents import at, board, document
from tests.elections.stories import make_section, make_story


def figure(contest: int, kind: str = "margin", **facts: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in facts.items())
    return f'<embed embedtype="live-figure" contest="{contest}" figure="{kind}"{more}/>'


def said(html: str) -> str:
    return strip_tags(expand_db_html(html))


class TestALiveFigure:
    def test_prints_what_readers_may_have_now(self, night):
        pk = night.contest.pk
        chang = night.contest.selections.get(name="Dan Chang").pk
        assert said(figure(pk)) == "10,858 votes (9.7 points)"
        assert said(figure(pk, "leader")) == "Scott Schmerelson"
        assert said(figure(pk, "trailing")) == "Dan Chang"
        assert said(figure(pk, f"votes:{chang}")) == "50,310 votes"
        assert said(figure(pk, f"share:{chang}")) == "45.1%"
        assert said(figure(pk, "as_of")) == "8:36 p.m. Nov. 5, 2024"

    def test_follows_the_count(self, night):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert said(figure(night.contest.pk, "margin_votes")) == "6,418 votes"

    def test_says_nobody_leads_in_a_tie(self, night):
        night.say(document(at("21:34"), board(70_000, 70_000)))
        assert said(figure(night.contest.pk, "leader")) == "nobody: it is a tie"
        assert said(figure(night.contest.pk, "margin_points")) == "not known yet"

    def test_of_a_test_election_says_so(self, night):
        night.source.election.is_test = True
        night.source.election.save()
        publish_stale()
        assert said(figure(night.contest.pk, "leader")) == "Scott Schmerelson (a test)"

    def test_can_be_frozen(self, night):
        html = figure(night.contest.pk, text="1,000 votes", frozen="true")
        assert expand_db_html(html) == "1,000 votes"

    def test_is_plain_text_once_the_race_is_certified(self, night):
        Published.objects.update(is_final=True)
        assert expand_db_html(figure(night.contest.pk)) == "10,858 votes (9.7 points)"

    @pytest.mark.parametrize("contest", ["999", "x", "", "99999999999999999999", "²"])
    def test_of_a_race_that_is_gone_prints_what_it_said_last(self, night, contest):
        html = figure(contest, text="O&#x27;Neill leads <b>")
        assert "O&#x27;Neill leads" in expand_db_html(html)

    def test_of_a_draft_prints_what_it_said_last(self, night):
        Contest.objects.update(status=Contest.Status.DRAFT)
        assert said(figure(night.contest.pk, text="1 vote")) == "1 vote"

    def test_of_an_unknown_kind_prints_what_it_said_last(self, night):
        assert said(figure(night.contest.pk, "nonsense", text="1 vote")) == "1 vote"

    def test_lets_no_markup_through(self, night):
        html = expand_db_html(figure(999, text="&lt;script&gt;"))
        assert html == "&lt;script&gt;"

    def test_keeps_the_page_asking_for_newer_ones(self, night):
        html = expand_db_html(figure(night.contest.pk))
        assert f'data-src="/results/contest/{night.contest.pk}.json"' in html
        assert 'data-version="1"' in html


class TestFiguresOfAStory:
    def test_cost_one_query_together(self, night):
        texts = [f"<p>{figure(night.contest.pk)}, {figure(999)}</p>"] * 5
        with CaptureQueriesContext(connection) as queries:
            expand_together(texts, None)
        assert len(queries) == 1

    def test_bring_their_script(self, night):
        story = StoryPage(body=[("paragraph", RichText(f"<p>{figure(night.contest.pk)}</p>"))])
        assert media_of(story.body).js == (
            "elections/live-result.js",
            "elections/live-figure.js",
        )
        assert media_of(StoryPage(body=[("paragraph", RichText("<p>x</p>"))]).body).js == ()

    def test_are_known_as_references_to_the_race(self, night):
        story = make_story(make_section())
        story.body = [("paragraph", RichText(f"<p>{figure(night.contest.pk)}</p>"))]
        story.save_revision().publish()
        references = ReferenceIndex.get_references_to(night.contest)
        assert str(story.pk) in {reference.object_id for reference in references}


class TestTheEditor:
    @pytest.fixture
    def converter(self):
        return ParagraphBlock().field.widget.converter

    def test_shows_the_figure_of_this_moment_and_gives_it_back(self, night, converter):
        html = f'<p data-block-key="a">Leads by {figure(night.contest.pk, text="old")} now.</p>'
        state = json.loads(converter.from_database_format(html))
        assert state["blocks"][0]["text"] == "Leads by 10,858 votes (9.7 points) now."
        (entity,) = state["entityMap"].values()
        assert (entity["type"], entity["mutability"]) == (FIGURE, "IMMUTABLE")
        back = converter.to_database_format(json.dumps(state))
        assert 'text="10,858 votes (9.7 points)"' in back
        assert said(back) == "Leads by 10,858 votes (9.7 points) now."

    def test_keeps_a_frozen_figure_as_it_was(self, night, converter):
        html = figure(night.contest.pk, text="3 votes", frozen="true")
        state = converter.from_database_format(f"<p>{html}</p>")
        back = converter.to_database_format(state)
        assert expand_db_html(back).endswith(">3 votes</p>")

    def test_keeps_checked_words(self, night, converter):
        html = (
            '<p data-block-key="a">by <a linktype="checked-fact" contest="7" '
            'figure="margin_points" tolerance="exact">7 points</a></p>'
        )
        assert converter.to_database_format(converter.from_database_format(html)) == html
        assert said(html) == "by 7 points"
