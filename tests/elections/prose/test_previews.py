import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.rich_text import RichText

from elections.models import Call, ContestCount, Published
from elections.pages.models import RacePage
from elections.widgets.pretending import Phase, pretend
from newsroom.pages.models import StoryPage
from tests.elections.documents import at, document, measure
from tests.elections.stories import make_section, make_story


@pytest.fixture
def story(night) -> StoryPage:
    story = make_story(make_section(), contests=[night.contest])
    figure = f'<embed embedtype="live-figure" contest="{night.contest.pk}" figure="leader"/>'
    story.body.insert(0, ("paragraph", RichText(f"<p>In front: {figure}.</p>")))
    return story


def look(page, mode: str) -> str:
    response = page.make_preview_request(preview_mode=mode)
    assert "private" in response["Cache-Control"]
    return response.content.decode()


class TestAStory:
    def test_is_offered_in_each_phase(self, story):
        assert set(Phase.values) < {name for name, _ in story.preview_modes}
        assert story.default_preview_mode == ""

    def test_shows_what_is_there_now_by_default(self, story):
        html = look(story, "")
        assert "61,168" in html
        assert "In front: <live-figure" in html

    @pytest.mark.parametrize(
        ("phase", "label", "leader"),
        [
            (Phase.BEFORE, "No votes yet", "nobody yet"),
            (Phase.COUNTING, "Counting", "Scott Schmerelson"),
            (Phase.CALLED, "Called", "Scott Schmerelson"),
            (Phase.CERTIFIED, "Certified", "Scott Schmerelson"),
        ],
    )
    def test_says_in_a_phase_what_that_allows(self, story, phase, label, leader):
        html = look(story, phase)
        assert f"<b>{label}</b></caption>" in html
        assert f"In front: {leader}." in html
        assert ("has won" in html) == (phase is Phase.CALLED)
        assert "61,168" not in html

    def test_plays_the_phase_for_a_kind_of_reader_too(self, story):
        assert "61,168" in look(story, "reader:subscriber:")
        html = look(story, "reader:subscriber:certified")
        assert "<b>Certified</b></caption>" in html
        assert "61,168" not in html

    def test_in_a_phase_does_not_ask_for_the_real_count(self, story):
        html = look(story, Phase.COUNTING)
        assert "data-final" in html
        assert "<live-figure" not in html

    def test_in_a_phase_stores_nothing(self, story):
        before = [list(model.objects.values()) for model in (Published, Call, ContestCount)]
        with CaptureQueriesContext(connection) as queries:
            look(story, Phase.CERTIFIED)
        after = [list(model.objects.values()) for model in (Published, Call, ContestCount)]
        assert before == after
        written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE"))]
        assert [sql for sql in written if "elections_" in sql] == []

    def test_leaves_readers_what_they_have(self, story, client):
        look(story, Phase.CALLED)
        story.save_revision().publish()
        assert "61,168" in client.get(story.url).content.decode()

    def test_without_a_provider_has_no_phases(self, story, settings):
        settings.NEWSROOM_PREVIEW_PROVIDER = ""
        assert not set(Phase.values) & {name for name, _ in story.preview_modes}
        assert "61,168" in look(story, "")


class TestARacePage:
    def test_is_shown_in_a_phase_without_what_really_happened(self, night):
        page = RacePage(title="District 3", slug="d3", contest=night.contest)
        make_section().add_child(instance=page)
        html = look(page, Phase.CALLED)
        assert "<b>Called</b></caption>" in html
        assert "61,168" not in html


class TestPretend:
    def test_lets_a_measure_pass_by_its_own_threshold(self, night):
        night.say(document(at("21:00"), measure(600, 500)), seen="21:01")
        contest = night.source.election.contests.get(reported_title__contains="MEASURE")
        contest.status = contest.Status.CONFIRMED
        contest.save()
        row = pretend([contest.pk], Phase.CALLED)[contest.pk]
        assert "Passed" in row.html
        assert "59.0%" in row.html

    def test_leaves_drafts_out(self, night):
        night.source.election.contests.update(status="draft")
        assert pretend([night.contest.pk], Phase.CALLED) == {}
