import pytest
from wagtail.admin.userbar import ContentCheckerItem
from wagtail.rich_text import RichText

from elections.desk.content_checks import LOOSE, MESSAGES, NUMBER, OPEN, add_checks
from newsroom.pages.models import StoryPage
from tests.elections.stories import make_section, make_story


@pytest.fixture
def story(night) -> StoryPage:
    story = make_story(make_section(), contests=[night.contest])
    fact = (
        f'<a linktype="checked-fact" contest="{night.contest.pk}" figure="margin_points"'
        ' tolerance="rounded">20 points</a>'
    )
    text = f"<p>It is late. Schmerelson was elected by {fact}.</p>"
    story.body.insert(0, ("paragraph", RichText(text)))
    return story


def taught(page: object, **facts: object) -> dict:
    """Return what a checker asks of a page, after the hook."""
    items = [ContentCheckerItem(**facts)]
    add_checks(None, items, page)
    return items[0].get_axe_configuration(None)


def remarks_of(configuration: dict, kind: str) -> list[dict]:
    checks = {check["id"]: check for check in configuration["spec"]["checks"]}
    return checks[f"{kind}-check"]["options"]["remarks"]


class TestAPreview:
    def test_brings_the_sentences_of_the_draft_that_are_wrong(self, story):
        asked = taught(story)
        assert remarks_of(asked, OPEN) == [
            {"said": "Schmerelson was elected by 20 points.", "piece": "elected"}
        ]
        assert remarks_of(asked, NUMBER) == [{"said": "20 points", "piece": "20 points"}]

    def test_brings_the_numbers_that_nothing_watches_over(self, story):
        story.body.append(("paragraph", RichText("<p>It is by 9.7 points, not 30%.</p>")))
        assert remarks_of(taught(story), LOOSE) == [
            {"said": "It is by 9.7 points", "piece": "9.7 points"}
        ]

    def test_says_what_the_race_says(self, story):
        messages = taught(story)["messages"]
        assert messages[NUMBER]["help_text"] == "“20 points”: 9.7 points"
        assert "Counting. Nobody may be said to have won" in messages[OPEN]["help_text"]

    def test_has_each_rule_run_beside_those_of_wagtail(self, story):
        run = taught(story)["options"]["runOnly"]
        assert set(MESSAGES) < set(run)
        assert set(ContentCheckerItem.axe_run_only) < set(run)

    def test_shows_the_checker_to_the_editor_alone(self, story, admin_client, client):
        story.save_revision().publish()
        preview = f"/admin/pages/{story.pk}/view_draft/"
        assert "elections/content-checks.js" in admin_client.get(preview).content.decode()
        client.logout()
        html = client.get(story.url).content.decode()
        assert "userbar" not in html
        assert "content-checks.js" not in html


class TestTheEditor:
    def test_names_the_kinds_and_asks_for_no_place(self, story):
        asked = taught(story, in_editor=True)
        assert remarks_of(asked, OPEN) == []
        assert "wait for the call" in str(asked["messages"][OPEN]["help_text"])


class TestAChecker:
    def test_of_another_page_is_as_it_was(self, story):
        taught(story)
        assert OPEN not in taught(None)["options"]["runOnly"]

    def test_that_runs_by_tags_finds_the_rules_by_theirs(self, story):
        item = ContentCheckerItem()
        item.axe_run_only = ["wcag2a", "best-practice"]
        add_checks(None, [item], story)
        asked = item.get_axe_configuration(None)
        assert asked["options"]["runOnly"] == ["wcag2a", "best-practice"]
        rules = {rule["id"]: rule for rule in asked["spec"]["rules"]}
        assert rules[OPEN]["tags"] == ["best-practice"]
