import pytest
from wagtail.models import PageViewRestriction

from newsroom.finding.packages import place_of
from newsroom.pages.models import PackagePage, PackagePart

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(section, make_story):
    page = section.add_child(instance=PackagePage(title="The money", slug="money"))
    stories = [make_story() for _ in range(3)]
    for place, story in enumerate(stories):
        PackagePart.objects.create(package=page, story=story, sort_order=place)
    page.stories_made = stories
    return page


class TestAPackage:
    def test_lists_its_stories_in_their_order(self, package, client):
        html = client.get(package.url).content.decode()
        places = [html.index(story.title) for story in package.stories_made]
        assert places == sorted(places)
        assert "Part 2 of 3" in html

    def test_leaves_out_what_readers_cannot_open(self, package, client):
        first, second, _third = package.stories_made
        first.unpublish()
        PageViewRestriction.objects.create(page=second, restriction_type="login")
        html = client.get(package.url).content.decode()
        assert first.title not in html
        assert second.title not in html

    def test_says_what_will_be_there_while_it_is_empty(self, section, client):
        page = section.add_child(instance=PackagePage(title="Soon", slug="soon"))
        assert "as soon as they are published" in client.get(page.url).content.decode()


class TestPlaceOf:
    def test_knows_the_neighbours(self, package, django_assert_num_queries):
        first, second, third = package.stories_made
        place_of(first)
        with django_assert_num_queries(1):
            place = place_of(second)
        assert (place.number, place.count) == (2, 3)
        assert (place.before.pk, place.after.pk) == (first.pk, third.pk)

    def test_has_none_beyond_the_ends(self, package):
        first, _second, third = package.stories_made
        assert place_of(first).before is None
        assert place_of(third).after is None

    def test_counts_only_what_readers_can_open(self, package):
        first, second, third = package.stories_made
        PageViewRestriction.objects.create(page=second, restriction_type="login")
        place = place_of(third)
        assert (place.number, place.count, place.before.pk) == (2, 2, first.pk)

    def test_is_none_for_one_story_alone(self, package):
        first, second, third = package.stories_made
        second.unpublish(), third.unpublish()
        assert place_of(first) is None

    def test_is_none_while_the_package_is_a_draft(self, package):
        package.unpublish()
        assert place_of(package.stories_made[0]) is None


class TestAStoryOfAPackage:
    def test_says_which_part_it_is(self, package, client):
        second = package.stories_made[1]
        html = client.get(second.url).content.decode()
        assert "Part 2 of 3" in html
        assert 'rel="prev"' in html
        assert 'rel="next"' in html

    def test_does_not_list_the_others_again(self, package, make_story, client):
        make_story(), make_story()
        html = client.get(package.stories_made[0].url).content.decode()
        further = html.split("More to read")[1]
        assert all(story.title not in further for story in package.stories_made)
