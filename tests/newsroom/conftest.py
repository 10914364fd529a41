"""A small newsroom: a front page, a section, and stories made as they are needed."""

from collections.abc import Callable
from io import BytesIO
from itertools import count

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Page, Site

from newsroom.models import Author
from newsroom.newsletters.models import Newsletter
from newsroom.pages.models import HomePage, SectionPage, StoryByline, StoryPage
from newsroom.roles import (
    EDITORS,
    NEWSLETTER_MANAGERS,
    NEWSLETTER_STAFF,
    REPORTERS,
    create_roles,
)

numbers = count(1)
GROUPS = {
    "reporter": REPORTERS,
    "editor": EDITORS,
    "staff": NEWSLETTER_STAFF,
    "manager": NEWSLETTER_MANAGERS,
}


@pytest.fixture
def home(db: None) -> HomePage:
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="The Valley Ledger", slug="front"))
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    return home


@pytest.fixture
def section(home: HomePage) -> SectionPage:
    return home.add_child(instance=SectionPage(title="Education", slug="education"))


@pytest.fixture
def make_story(section: SectionPage) -> Callable[..., StoryPage]:
    def make(body: list[tuple] | None = None, **fields: object) -> StoryPage:
        parent = fields.pop("parent", section)
        authors = fields.pop("authors", [])
        number = next(numbers)
        fields = {"title": f"Story {number}", "slug": f"story-{number}", **fields}
        story = parent.add_child(instance=StoryPage(body=body or [], live=False, **fields))
        for place, author in enumerate(authors):
            StoryByline.objects.create(page=story, author=author, sort_order=place)
        story = StoryPage.objects.get(pk=story.pk)
        story.save_revision().publish()
        return StoryPage.objects.get(pk=story.pk)

    return make


@pytest.fixture
def make_image(db: None) -> Callable[..., Image]:
    def make(title: str = "Ballots") -> Image:
        data = BytesIO()
        Picture.new("RGB", (1600, 1000), (90, 120, 140)).save(data, "JPEG")
        data.seek(0)
        return Image.objects.create(title=title, file=ImageFile(data, name=f"{title}.jpg"))

    return make


@pytest.fixture
def make_author(db: None) -> Callable[[str], Author]:
    def make(name: str) -> Author:
        return Author.objects.create(name=name, slug=name.lower().replace(" ", "-"))

    return make


@pytest.fixture
def newsletter(db: None) -> Newsletter:
    return Newsletter.objects.create(
        name="Morning",
        slug="morning",
        promise="The news of the day at six.",
        frequency="Every weekday",
    )


@pytest.fixture
def as_user(db: None) -> Callable[[str], Client]:
    """Return a browser of somebody in a role: anonymous, admin, or one of the groups."""
    create_roles()

    def log_in(role: str) -> Client:
        client = Client(SERVER_NAME="localhost")
        if role == "anonymous":
            return client
        user = get_user_model().objects.create_user(role, is_superuser=role == "admin")
        if role in GROUPS:
            user.groups.add(Group.objects.get(name=GROUPS[role]))
        client.force_login(user)
        return client

    return log_in
