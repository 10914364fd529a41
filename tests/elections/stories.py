"""Stories with live results and links to other stories of the site."""

from collections.abc import Sequence
from itertools import count

from wagtail.models import Page, Site
from wagtail.rich_text import RichText

from elections.models import Contest
from newsroom.models import Author
from newsroom.pages.models import HomePage, SectionPage, StoryByline, StoryPage

PARAGRAPH = (
    "The registrar of voters counts what came in the mail first, and releases the next figures "
    "on Tuesday at about four. Until then nobody can say who will sit on the board. "
)
numbers = count(1)


def make_section() -> SectionPage:
    """Make a front page for the site, and a section below it."""
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="The Valley Ledger", slug="ledger"))
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    return home.add_child(instance=SectionPage(title="Education", slug="education"))


def make_story(
    section: SectionPage, *, contests: Sequence[Contest] = (), links: Sequence[Page] = ()
) -> StoryPage:
    """Publish a story in which results stand between paragraphs, each with one link."""
    number = next(numbers)
    body: list[tuple[str, object]] = [
        ("paragraph", RichText(f'<p>{PARAGRAPH}<a linktype="page" id="{page.pk}">More</a>.</p>'))
        for page in links
    ] or [("paragraph", RichText(f"<p>{PARAGRAPH}</p>"))]
    for place, contest in enumerate(contests):
        body.insert(2 * place + 1, ("live_result", {"contest": contest, "size": "story"}))
    story = StoryPage(
        title=f"Story {number}", slug=f"story-{number}", dek="What we know so far.", live=False
    )
    section.add_child(instance=story)
    author, _ = Author.objects.get_or_create(name="Ana Reyes", slug="ana-reyes")
    StoryByline.objects.create(page=story, author=author)
    story = StoryPage.objects.get(pk=story.pk)
    story.body = body
    story.save_revision().publish()
    return StoryPage.objects.get(pk=story.pk)
