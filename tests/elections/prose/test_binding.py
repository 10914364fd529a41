import pytest
from wagtail.rich_text import RichText

from elections.prose.binding import bind, loose_numbers
from elections.prose.checking import check_page_by_id, check_stories
from elections.prose.reading import facts_of
from newsroom.pages.models import StoryPage
from tests.elections.documents import at, board, document
from tests.elections.stories import make_section, make_story


@pytest.fixture
def write(night):
    """Make a story about the board race, 61,168 votes to 50,310, with these paragraphs first."""
    section = make_section()

    def write(*paragraphs: str, race: bool = True) -> StoryPage:
        story = make_story(section, contests=[night.contest] if race else [])
        for html in reversed(paragraphs):
            story.body.insert(0, ("paragraph", RichText(f"<p>{html}</p>")))
        return story

    return write


def kinds(story: StoryPage) -> list[tuple[str, str | None]]:
    return [
        (number.words, number.best and number.best.measure.kind) for number in loose_numbers(story)
    ]


class TestLooseNumbers:
    def test_come_with_what_they_are_true_of(self, night, write):
        chang = night.contest.selections.get(name="Dan Chang").pk
        story = write("He leads by 9.7 points.", "Chang has <b>50,310 votes</b>, 1.2 to 1.")
        assert kinds(story) == [
            ("9.7 points", "margin_points"),
            ("50,310 votes", f"votes:{chang}"),
            ("1.2 to 1", "ratio"),
        ]

    def test_that_no_race_bears_out_are_offered_with_nothing_chosen(self, write):
        (number,) = loose_numbers(write("He leads by 7 points."))
        assert number.best is None
        assert number.choices[0].measure.kind == "margin_points"

    def test_are_those_that_the_words_before_them_speak_of(self, night, write):
        night.say(document(at("21:34"), board(200_000, 100_000)))
        chang = night.contest.selections.get(name="Dan Chang").pk
        assert kinds(write("He leads by 100,000 votes.", "Chang got 100,000 votes.")) == [
            ("100,000 votes", "margin_votes"),
            ("100,000 votes", f"votes:{chang}"),
        ]

    def test_leave_out_what_is_bound_linked_or_quoted(self, night, write):
        bound = f'<a linktype="checked-fact" contest="{night.contest.pk}" figure="ratio">6 to 1</a>'
        linked = '<a href="https://example.com/">7 points</a>'
        assert loose_numbers(write(f"{bound}, {linked}, “by 9.7 points,” he said.")) == []

    def test_of_a_story_about_no_race_are_none(self, write):
        assert loose_numbers(write("By 9.7 points.", race=False)) == []


class TestBind:
    def choices(self, story: StoryPage) -> dict[str, str]:
        return {number.place.key: number.best.key for number in loose_numbers(story)}

    def test_changes_no_word(self, write):
        story = write("By 9.7 points &amp; <i>10,858 votes</i>, 9.7 points.")
        before = story.body[0].value.source
        assert bind(story, self.choices(story)) == 3
        html = str(story.body[0].value)
        assert "By <a>9.7 points</a> &amp; <i><a>10,858 votes</a></i>, <a>9.7 points</a>." in html
        assert [fact.words for fact in facts_of(story)] == [
            "9.7 points",
            "10,858 votes",
            "9.7 points",
        ]
        assert loose_numbers(story) == []
        assert before != story.body[0].value.source

    def test_takes_only_what_was_offered(self, write):
        story = write("By 9.7 points.")
        (key,) = self.choices(story)
        assert bind(story, {key: "999|margin_points", "x:1:2": "1|ratio"}) == 0
        assert list(facts_of(story)) == []

    def test_lets_a_release_make_them_untrue(self, night, write):
        story = write("By 9.7 points.")
        bind(story, self.choices(story))
        story.save_revision().publish()
        check_page_by_id(story.pk)
        night.say(document(at("21:34"), board(89_674, 83_256)))
        check_stories()
        (finding,) = night.contest.story_findings.all()
        assert (finding.said, finding.now) == ("9.7 points", "3.7 points")
