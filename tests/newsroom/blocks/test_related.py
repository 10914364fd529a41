import pytest
from django.contrib.auth.models import Group
from django.test import RequestFactory
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import PageViewRestriction
from wagtail.rich_text import RichText

from newsroom.blocks import RelatedStoriesBlock
from newsroom.blocks.related import readable_stories
from newsroom.bodies import render_body
from newsroom.pages.models import StoryPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def block() -> RelatedStoriesBlock:
    block = RelatedStoriesBlock()
    block.set_name("related_stories")
    return block


def box(block: RelatedStoriesBlock, *items: dict):
    empty = {"page": None, "url": "", "headline": ""}
    return block.to_python({"heading": "", "items": [{**empty, **item} for item in items]})


def titles(value, page=None) -> list[str]:
    request = RequestFactory().get("/")
    return [story.title for story in readable_stories(value, request=request, current_page=page)]


def errors_of(block: RelatedStoriesBlock, *items: dict) -> dict:
    with pytest.raises(StructBlockValidationError) as caught:
        block.clean(box(block, *items))
    return caught.value.block_errors["items"].block_errors


class TestReadableStories:
    def test_are_those_chosen_in_order(self, block, make_story):
        first, second = make_story(), make_story()
        outside = {"url": "https://example.com/a", "headline": "Elsewhere"}
        value = box(block, {"page": second.pk}, outside, {"page": first.pk})
        assert titles(value) == [second.title, "Elsewhere", first.title]

    def test_may_have_a_headline_of_their_own(self, block, make_story):
        value = box(block, {"page": make_story().pk, "headline": "Another way to say it"})
        assert titles(value) == ["Another way to say it"]

    def test_leave_out_what_is_not_published(self, block, make_story):
        story = make_story()
        story.unpublish()
        assert titles(box(block, {"page": story.pk})) == []

    def test_leave_out_what_is_not_public(self, block, make_story, section):
        story = make_story()
        PageViewRestriction.objects.create(page=section, restriction_type="login")
        assert titles(box(block, {"page": story.pk})) == []

    def test_leave_out_what_is_not_public_while_still_a_form(self, block, make_story):
        story = make_story()
        PageViewRestriction.objects.create(page=story, restriction_type="login")
        value = block.normalize({"heading": "", "items": [{"page": story}]})
        assert titles(value) == []

    def test_leave_out_what_was_deleted(self, block, make_story):
        story = make_story()
        value = {"page": story.pk}
        story.delete()
        assert titles(box(block, value)) == []

    def test_leave_out_the_story_itself(self, block, make_story):
        story = make_story()
        assert titles(box(block, {"page": story.pk}), page=story) == []


class TestBoxes:
    @pytest.fixture
    def read(self, make_story, client):
        def read(*pieces: tuple) -> str:
            return client.get(make_story(list(pieces)).url).content.decode()

        return read

    def test_show_dek_image_and_date_of_each_item(self, read, make_story, make_image):
        chosen = make_story(title="The other count")
        item = {"page": chosen, "dek": "Why to read it, too.", "image": make_image()}
        outside = {"url": "https://example.com/a", "headline": "Elsewhere", "dek": "A map."}
        html = read(("related_stories", {"heading": "", "items": [item, outside]}))
        box = html[html.index('class="related-stories"') :].partition("</section>")[0]
        assert "<h2>Related stories</h2>" in box
        assert f'<a href="{chosen.url}">The other count</a>' in box
        assert "Why to read it, too." in box
        assert '<time datetime="' in box
        assert box.count("<picture>") == 1
        assert "A map." in box
        assert "On another site" in box

    def test_of_one_item_are_a_link(self, read, make_story):
        html = read(("related_stories", {"items": [{"page": make_story(), "dek": "A dek."}]}))
        assert 'class="related-stories"' not in html
        assert 'class="related-link"' in html
        assert "A dek." in html

    def test_leave_out_what_the_text_links_to(self, read, make_story):
        linked, *others = make_story(), make_story(), make_story()
        text = RichText(
            f'<p><a linktype="page" id="{linked.pk}">Before</a>, '
            '<a href="https://www.example.com/a/">there</a></p>'
        )
        items = [{"page": page} for page in (linked, *others)]
        items.append({"url": "https://example.com/a", "headline": "Elsewhere"})
        html = read(("related_stories", {"items": items}), ("paragraph", text))
        box = html[html.index('class="related-stories"') :].partition("</section>")[0]
        assert linked.url not in box
        assert "Elsewhere" not in box
        assert all(other.url in box for other in others)

    def test_show_no_story_twice(self, read, make_story):
        chosen = make_story(title="The other count")
        link = ("related_link", {"page": chosen})
        html = read(link, link, ("related_stories", {"items": [{"page": chosen}]}))
        assert html.count("The other count</a>") == 1

    def test_with_nothing_to_show_are_not_there(self, make_story, client):
        draft = make_story()
        draft.unpublish()
        story = make_story([("related_stories", {"heading": "More", "items": [{"page": draft}]})])
        assert "related-stories" not in client.get(story.url).content.decode()

    def test_cost_one_query_for_all_pages_of_a_body(
        self, make_story, django_assert_num_queries, home
    ):
        others = [make_story() for _ in range(4)]
        boxes = [
            ("related_stories", {"heading": "", "items": [{"page": page} for page in pair]})
            for pair in (others[:2], others[2:])
        ]
        story = StoryPage.objects.get(pk=make_story(boxes).pk)
        request = RequestFactory().get("/")
        story.get_url(request)
        with django_assert_num_queries(1):
            html = render_body(story.body, {"request": request, "page": story})
        assert all(page.url in html for page in others)

    def test_keep_a_page_that_is_not_public_for_its_return(self, block, make_story):
        story = make_story()
        story.unpublish()
        value = box(block, {"page": story.pk})
        assert block.get_prep_value(value)["items"][0]["value"]["page"] == story.pk


class TestClean:
    def test_refuses_the_same_page_twice_on_its_field(self, block, make_story):
        story = make_story()
        errors = errors_of(block, {"page": story.pk}, {"page": story.pk})
        assert list(errors) == [1]
        assert "already" in str(errors[1].block_errors["page"].message)

    def test_refuses_the_same_address_twice_whatever_its_spelling(self, block):
        errors = errors_of(
            block,
            {"url": "https://www.example.com/a/", "headline": "A"},
            {"url": "http://example.com/a", "headline": "A again"},
        )
        assert list(errors[1].block_errors) == ["url"]

    def test_refuses_an_item_without_a_story(self, block):
        assert list(errors_of(block, {})[0].block_errors) == ["page"]

    def test_refuses_a_page_and_an_address_together(self, block, make_story):
        item = {"page": make_story().pk, "url": "https://example.com/", "headline": "Both"}
        assert list(errors_of(block, item)[0].block_errors) == ["url"]

    def test_wants_a_headline_for_an_outside_address(self, block):
        assert list(errors_of(block, {"url": "https://example.com/"})[0].block_errors) == [
            "headline"
        ]

    def test_refuses_an_address_that_is_not_of_the_web(self, block):
        item = {"url": "ftp://example.com/a", "headline": "A"}
        assert list(errors_of(block, item)[0].block_errors) == ["url"]

    def test_lets_a_draft_be_incomplete(self, block):
        block.defer_required_validation()
        block.clean(box(block, {}))


def test_group_restrictions_count_too(block, make_story):
    story = make_story()
    restriction = PageViewRestriction.objects.create(page=story, restriction_type="groups")
    restriction.groups.add(Group.objects.create(name="Staff"))
    assert titles(box(block, {"page": story.pk})) == []
