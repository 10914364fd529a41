import pytest
from wagtail.models import PageViewRestriction
from wagtail.rich_text import RichText

from newsroom.finding.search import mark_words

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    return [item.page.title for item in response.context["found"]]


class TestSearch:
    def test_finds_words_of_the_title_and_of_the_text(self, make_story, client):
        make_story(title="Schmerelson leads")
        make_story([("paragraph", RichText("<p>Schmerelson spoke.</p>"))], title="On the night")
        make_story(title="Another matter")
        assert set(titles(client.get("/search/", {"q": "schmerelson"}))) == {
            "Schmerelson leads", "On the night",
        }  # fmt: skip

    def test_leaves_out_drafts_and_what_is_private(self, make_story, client):
        draft, private = make_story(title="Ballots one"), make_story(title="Ballots two")
        draft.unpublish()
        PageViewRestriction.objects.create(page=private, restriction_type="login")
        response = client.get("/search/", {"q": "ballots"})
        assert titles(response) == []
        assert "Try fewer words" in response.content.decode()

    def test_can_be_narrowed_to_stories(self, make_story, section, client):
        section.title = "Ballots"
        section.save_revision().publish()
        make_story(title="Ballots left")
        assert len(titles(client.get("/search/", {"q": "ballots"}))) == 2
        assert titles(client.get("/search/", {"q": "ballots", "kind": "story"})) == ["Ballots left"]
        assert len(titles(client.get("/search/", {"q": "ballots", "kind": "nothing"}))) == 2

    def test_marks_the_words_and_escapes_the_rest(self, make_story, client):
        make_story(title="<b>Ballots</b> & more")
        html = client.get("/search/", {"q": "ballots"}).content.decode()
        assert "&lt;b&gt;<mark>Ballots</mark>&lt;/b&gt; &amp; more" in html

    @pytest.mark.parametrize(
        "query",
        ["", "   ", "x" * 5000, "' OR 1=1 --", '"', "a AND OR NOT (", "\0", "%_*", "<script>"],
    )
    def test_bears_anything(self, home, client, query):
        response = client.get("/search/", {"q": query})
        assert response.status_code == 200
        assert "<script>" not in response.content.decode()

    def test_comes_in_pages(self, make_story, client):
        for number in range(21):
            make_story(title=f"Ballots {number}")
        first = client.get("/search/", {"q": "ballots"})
        assert len(titles(first)) == 20
        assert len(titles(client.get("/search/", {"q": "ballots", "page": "2"}))) == 1
        assert 'href="?q=ballots&amp;page=2"' in first.content.decode()

    def test_stays_with_what_was_chosen_on_every_page(self, make_story, client):
        for number in range(21):
            make_story(title=f"Ballots left {number}")
        asked = {"q": "ballots left", "kind": "story"}
        first, second = (client.get("/search/", {**asked, "page": n}) for n in (1, 2))
        assert 'href="?q=ballots+left&amp;kind=story&amp;page=2"' in first.content.decode()
        assert 'href="?q=ballots+left&amp;kind=story" rel="prev"' in second.content.decode()

    def test_costs_the_same_however_much_is_found(
        self, make_story, client, django_assert_max_num_queries
    ):
        for number in range(12):
            make_story(title=f"Ballots {number}")
        client.get("/search/", {"q": "ballots"})
        with django_assert_max_num_queries(10):
            client.get("/search/", {"q": "ballots"})

    def test_is_cacheable_and_not_for_search_engines(self, home, client):
        response = client.get("/search/", {"q": "ballots"})
        assert response["Cache-Control"].startswith("public")
        assert 'content="noindex"' in response.content.decode()


@pytest.mark.services
class TestSearchOnPostgreSQL(TestSearch):
    """The same, in the index of the database of production."""


class TestMarkWords:
    @pytest.mark.parametrize(
        ("text", "query", "marked"),
        [
            ("The count", "count", "The <mark>count</mark>"),
            ("A + B", "a + b", "A + B"),
            ("(x) & y", "(x)", "<mark>(x)</mark> &amp; y"),
        ],
    )
    def test_wraps_each_word_of_the_query(self, text, query, marked):
        assert mark_words(text, query) == marked
