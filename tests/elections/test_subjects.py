import pytest

from elections.models import Contest, Election
from elections.subjects import Races
from newsroom.linking import roles_of
from newsroom.models import StorySubject
from tests.elections.documents import at
from tests.elections.stories import make_section, make_story

pytestmark = pytest.mark.django_db


class TestRaces:
    def test_are_found_with_the_word_for_how_they_stand(self, night):
        key = str(night.contest.pk)
        found = Races().find([key])[key]
        assert found.title == night.contest.name
        assert found.state == "Counting"
        assert found.date == night.contest.election.election_date

    def test_are_found_by_what_is_written_down(self, night, django_assert_num_queries):
        key = str(night.contest.pk)
        StorySubject.objects.create(page_id=1, subject=key, role="live")
        StorySubject.objects.create(page_id=1, subject="of another app", role="live")
        written = StorySubject.objects.filter(page_id=1).values("subject")
        with django_assert_num_queries(1):
            assert list(Races().find(written)) == [key]

    def test_are_not_found_while_they_are_drafts(self, night):
        Contest.objects.update(status=Contest.Status.DRAFT)
        assert Races().find([str(night.contest.pk), "none"]) == {}

    def test_are_near_if_they_are_of_one_election(self, night, election):
        other = Contest.objects.create(election=election, name="Measure")
        far = Election.objects.create(
            name="Primary 2026",
            election_date="2026-06-02",
            jurisdiction="Los Angeles County",
            polls_close_at=at("20:00"),
        )
        Contest.objects.create(election=far, name="Mayor")
        near = set(Races().neighbours([str(night.contest.pk)]))
        assert str(other.pk) in near
        assert len(near) == election.contests.count()

    def test_of_a_rehearsal_are_listed_nowhere(self, night):
        assert list(Races().unlisted()) == []
        Election.objects.update(is_test=True)
        assert str(night.contest.pk) in Races().unlisted()

    def test_are_swapped_wherever_a_block_names_them(self):
        item = {"type": "races", "value": {"items": [{"contest": 3}, {"contest": 4}], "size": 3}}
        assert Races().swap(item, {"3": "9"})["value"] == {
            "items": [{"contest": 9}, {"contest": 4}],
            "size": 3,
        }

    def test_are_found_and_swapped_in_a_block_of_several(self):
        races = [{"type": "item", "value": pk, "id": str(pk)} for pk in (3, 4)]
        item = {"type": "races", "value": {"heading": "", "races": races, "size": "line"}}
        assert Races().in_body([item]) == ["3", "4"]
        swapped = Races().swap(item, {"3": "9"})
        assert Races().in_body([swapped]) == ["9", "4"]

    def test_are_swapped_in_the_figures_of_a_text(self):
        text = '<p>By <embed contest="3" embedtype="live-figure" figure="margin"/>, 3 to 4</p>'
        item = {"type": "paragraph", "value": text}
        assert Races().swap(item, {"3": "9"})["value"] == text.replace('"3"', '"9"')


class TestAStoryWithAResult:
    def test_is_linked_to_its_race_by_itself(self, night):
        story = make_story(make_section(), contests=[night.contest])
        assert roles_of(story) == {str(night.contest.pk): "result"}

    def test_says_so_and_how_the_race_stands(self, night, client):
        story = make_story(make_section(), contests=[night.contest])
        html = client.get(story.url).content.decode()
        assert "About this race" in html
        assert night.contest.name in html.rpartition("About this race")[2]
