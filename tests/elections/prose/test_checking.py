import pytest
from django.utils import timezone
from wagtail.rich_text import RichText

from elections.models import Call, Contest, Heartbeat, StoryFinding
from elections.prose.checking import check_page_by_id, check_stories, find_untrue
from elections.widgets.publish import publish_stale
from newsroom.pages.models import StoryPage, StorySubjectLink
from tests.elections.documents import at, board, document
from tests.elections.stories import make_section, make_story


def fact(contest: int, words: str, figure: str, tolerance: str = "rounded") -> str:
    return (
        f'<a linktype="checked-fact" contest="{contest}" figure="{figure}"'
        f' tolerance="{tolerance}">{words}</a>'
    )


@pytest.fixture
def write(night):
    """Publish a story about the board race with these words in it."""
    section = make_section()

    def write(html: str, *, title: str = "The count goes on", race: bool = True) -> StoryPage:
        story = make_story(section, contests=[night.contest] if race else [])
        story.title = title
        story.body.insert(0, ("paragraph", RichText(f"<p>{html}</p>")))
        story.save_revision().publish()
        check_page_by_id(story.pk)
        return StoryPage.objects.get(pk=story.pk)

    return write


def link(story: StoryPage, contest: int, *, role: str) -> None:
    """Say what the story is to a race, and publish it again."""
    story.subject_links = [StorySubjectLink(subject=str(contest), role=role)]
    story.save_revision().publish()
    check_page_by_id(story.pk)


def findings() -> list[tuple[str, str]]:
    return list(StoryFinding.objects.order_by("pk").values_list("said", "now"))


class TestACheckedFact:
    def test_that_is_true_is_no_news(self, night, write):
        pk = night.contest.pk
        write(
            f"He leads by {fact(pk, 'about 11,000 votes', 'margin_votes')}, "
            f"{fact(pk, 'nearly 10 points', 'margin_points')}; "
            f"{fact(pk, 'Schmerelson', 'leader')} is ahead with "
            f"{fact(pk, '54.9%', f'share:{night.contest.selections.first().pk}', 'exact')}, "
            f"{fact(pk, '1.2 to 1', 'ratio')}."
        )
        assert findings() == []

    def test_that_a_release_makes_untrue_is_listed_with_what_is_true(self, night, write):
        story = write(f"He leads by {fact(night.contest.pk, '10 points', 'margin_points')}.")
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert findings() == []
        assert check_stories() == 1
        assert findings() == [("10 points", "3.7 points")]
        row = StoryFinding.objects.get()
        assert row.page_id == story.pk
        assert row.block_id == story.body[0].id

    def test_that_is_true_again_is_forgotten(self, night, write):
        write(f"He leads by {fact(night.contest.pk, '10 points', 'margin_points')}.")
        night.say(document(at("21:34"), board(89_674, 83_256)))
        check_stories()
        assert findings() == [("10 points", "3.7 points")]
        night.say(document(at("21:50"), board(102_000, 84_000)))
        check_stories()
        assert findings() == []

    def test_of_another_name_than_the_leaders_is_untrue(self, night, write):
        write(f"{fact(night.contest.pk, 'Dan Chang', 'leader')} leads.")
        assert findings() == [("Dan Chang", "Scott Schmerelson")]

    def test_of_a_race_that_is_gone_says_so(self, night, write):
        write(fact(999, "7 points", "margin_points"))
        assert findings() == [("7 points", "The race is gone.")]

    def test_is_never_rewritten(self, night, write):
        story = write(f"He leads by {fact(night.contest.pk, '99 points', 'margin_points')}.")
        check_stories()
        assert "99 points" in StoryPage.objects.get(pk=story.pk).body[0].value.source


class TestAcceptance:
    @pytest.fixture
    def finding(self, night, write, admin_user) -> StoryFinding:
        write(f"He leads by {fact(night.contest.pk, '20 points', 'margin_points')}.")
        finding = StoryFinding.objects.get()
        assert finding.accept(by=admin_user, at=timezone.now(), now=finding.now)
        return finding

    def test_lasts_while_the_race_says_the_same(self, finding):
        check_page_by_id(finding.page_id)
        finding.refresh_from_db()
        assert finding.accepted_at is not None

    def test_ends_when_the_race_moves_on(self, night, finding):
        night.say(document(at("21:34"), board(89_674, 83_256)))
        check_stories()
        finding.refresh_from_db()
        assert (finding.now, finding.accepted_at) == ("3.7 points", None)

    def test_of_what_has_moved_on_since_is_refused(self, finding, admin_user):
        assert not finding.accept(by=admin_user, at=timezone.now(), now="8 points")


class TestStatusWords:
    def test_are_found_in_headline_and_text(self, night, write):
        write("Schmerelson defeated Chang.", title="Schmerelson wins")
        assert [said for said, _ in findings()] == [
            "Schmerelson wins",
            "Schmerelson defeated Chang.",
        ]
        assert findings()[0][1].endswith("Nobody may be said to have won or lost yet.")

    def test_are_right_once_the_race_is_called(self, night, write):
        write("It is late.", title="Schmerelson wins")
        winner = night.contest.selections.get(name="Scott Schmerelson")
        facts = {"authority": "The desk", "reason": "Too few ballots are left."}
        Call.make(contest=night.contest, kind="winner", selections=[winner], **facts)
        publish_stale()
        check_stories()
        assert findings() == []

    def test_are_held_against_a_race_that_is_only_named_as_a_subject(self, night, write):
        story = write("Schmerelson won.", race=False)
        assert findings() == []
        link(story, night.contest.pk, role="analysis")
        assert findings()[0][0] == "Schmerelson won."
        StoryFinding.objects.all().delete()
        night.say(document(at("21:34"), board(89_674, 83_256)))
        assert check_stories() == 1
        assert findings()[0][0] == "Schmerelson won."

    def test_are_not_held_against_a_race_that_the_story_is_not_about(self, night, write):
        story = write("Schmerelson won.")
        assert len(findings()) == 1
        link(story, night.contest.pk, role="none")
        assert findings() == []

    def test_of_a_story_without_races_are_its_own_affair(self, night, write):
        write("Schmerelson won.", race=False)
        assert findings() == []


class TestCheckStories:
    def test_looks_only_at_what_was_published_since(self, night, write):
        write("x")
        assert check_stories() == 1
        Heartbeat.objects.update(beat_at=timezone.now() + timezone.timedelta(hours=1))
        assert check_stories() == 0

    def test_forgets_a_page_that_is_taken_down(self, night, write):
        story = write("x", title="Schmerelson wins")
        assert len(findings()) == 1
        story.unpublish()
        assert findings() == []

    def test_of_a_page_that_cannot_be_read_harms_no_other(self, night, write, monkeypatch):
        write("x", title="Schmerelson wins")
        write("x", title="Chang wins")
        StoryFinding.objects.all().delete()
        real = find_untrue

        def broken(page):
            if page.title == "Schmerelson wins":
                raise ValueError(page.title)
            return real(page)

        monkeypatch.setattr("elections.prose.checking.find_untrue", broken)
        check_stories()
        assert [said for said, _ in findings()] == ["Chang wins"]
        assert Contest.objects.exists()
