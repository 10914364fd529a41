"""The page tree of the demonstration: home, sections, the election with its races, stories."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.utils import timezone
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Site

from newsroom.models import Author, EmbedRecord, Topic
from newsroom.pages.models import (
    HomePage,
    LiveCoveragePage,
    LiveEntry,
    PackagePage,
    PackagePart,
    SectionPage,
    StoryByline,
    StoryPage,
    StorySubjectLink,
    StoryTopic,
)
from newsroom.project.demo import statewide
from newsroom.project.demo.pictures import CREDIT, PICTURES
from newsroom.project.demo.races import RACES
from newsroom.project.demo.stories import STORIES, Shelf, Story, night_2024, race_2020
from newsroom.project.demo.stories.pieces import text

SITE_NAME = "The Valley Ledger"
SECTIONS = {
    "education": (
        "Education",
        "Schools, colleges, and the people who run them and pay for them.",
    ),
    "elections": (
        "Elections",
        "Who stands, who pays, who counts. Results as the county releases them.",
    ),
}
TOPICS = {
    "school-boards": ("School boards", "Who runs the schools, and who wants to."),
    "money-in-races": ("Money in races", "Who pays for campaigns, for whom and against whom."),
    "how-votes-are-counted": ("How votes are counted", "What a count says, and what it cannot."),
}
PACKAGE = (
    "How to read a school board race",
    "Who pays, what an early count is worth, and how one race went.",
    (
        "field-guide-to-expensive-races",
        "early-results-and-what-they-mean",
        "schmerelson-apparent-winner-koziatek-concedes",
    ),
)
LEAD = "follow-the-count-lausd-district-3"


@dataclass
class Shelves:
    """What stories are made with, filled as the pages come into being."""

    authors: Mapping[str, Author]
    images: Mapping[str, AbstractImage]
    asks: Mapping[str, int]
    contests: Mapping[str, Any]
    pages: dict[str, Page] = field(default_factory=dict)

    def shelf(self) -> Shelf:
        return Shelf(
            pages={slug: page.pk for slug, page in self.pages.items()},
            asks=self.asks,
            races={key: contest.pk for key, contest in self.contests.items()},
        )


def make_home() -> HomePage:
    """Put a home page where the site's root is, unless one stands there."""
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page.specific
    if isinstance(welcome, HomePage):
        return welcome
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title=SITE_NAME, slug="front-page"))
    site.root_page = home
    site.site_name = SITE_NAME
    site.save()
    if type(welcome) is Page and not welcome.get_children().exists():
        welcome.delete()
    return home


def stand_at(port: int) -> None:
    """Let the addresses that pages say of themselves lead to this port of this machine."""
    site = Site.objects.get(is_default_site=True)
    if site.hostname == "localhost" and site.port != port:
        site.port = port
        site.save()


def make_pages(home: HomePage, shelves: Shelves) -> None:
    sections = {
        slug: add(home, SectionPage(title=title, slug=slug, introduction=introduction))
        for slug, (title, introduction) in SECTIONS.items()
    }
    make_race_pages(sections["elections"], shelves)
    make_topics()
    note_lost_chart()
    for story in STORIES:
        page = make_story(sections[story.section], story, shelves)
        shelves.pages[story.slug] = page
    make_live_coverage(sections["elections"], shelves)
    make_package(sections["elections"], shelves)
    if home.lead_story_id is None:
        home.lead_story = shelves.pages[LEAD].page_ptr
        home.save_revision().publish()


def make_race_pages(section: SectionPage, shelves: Shelves) -> None:
    """Make the page of the election, and under it one for each race that we follow."""
    election = next(iter(shelves.contests.values())).election
    election_page = add(
        section,
        apps.get_model("elections_pages.ElectionPage")(
            title="November 2024 results",
            show_in_menus=True,
            slug="november-2024-results",
            election=election,
            introduction="The races that we follow, as the county counts them.",
        ),
    )
    shelves.pages[election_page.slug] = election_page
    race_page = apps.get_model("elections_pages.RacePage")
    for key, race in RACES.items():
        contest = shelves.contests[key]
        page = race_page(title=race.name, slug=race.slug, dek=race.dek, contest=contest)
        shelves.pages[race.slug] = add(election_page, page)


def make_statewide_page(contest: Any) -> None:
    """Make the page of the race that is told county by county, beside those of 2024."""
    section = SectionPage.objects.get(slug="elections")
    page = apps.get_model("elections_pages.RacePage")(
        title=statewide.RACE, slug=statewide.SLUG, dek=statewide.DEK, contest=contest
    )
    add(section, page)


def make_topics() -> None:
    for slug, (name, description) in TOPICS.items():
        Topic.objects.get_or_create(slug=slug, defaults={"name": name, "description": description})


def note_lost_chart() -> None:
    """Write down that the chart of 2020 is gone, as the nightly look would have found."""
    record = EmbedRecord.for_url(race_2020.LOST_CHART)
    record.title = "Where the money against Schmerelson went"
    record.failing_since = record.dead_since = race_2020.LOST_SINCE
    record.checked_at = timezone.now()
    record.message = "The server says that there is no such page (404)."
    record.save()


def make_story(section: SectionPage, story: Story, shelves: Shelves) -> StoryPage:
    page = StoryPage(
        title=story.headline,
        slug=story.slug,
        dek=story.dek,
        first_published_at=story.published_at,
        body=json.dumps(story.body(shelves.shelf())),
    )
    page.bylines = [
        StoryByline(author=shelves.authors[slug], sort_order=place)
        for place, slug in enumerate(story.authors)
    ]
    page.subject_links = [
        StorySubjectLink(subject=str(shelves.contests[key].pk), role=role, sort_order=place)
        for place, (key, role) in enumerate(story.races)
    ]
    page.topic_links = [
        StoryTopic(topic=Topic.objects.get(slug=slug), sort_order=place)
        for place, slug in enumerate(story.topics)
    ]
    if story.picture:
        page.lead_image = shelves.images[story.picture]
        page.lead_image_alt = PICTURES[story.picture].alternative
        page.lead_image_caption = story.picture_caption
        page.lead_image_credit = CREDIT
    return add(section, page)


def make_live_coverage(section: SectionPage, shelves: Shelves) -> None:
    """Make the coverage of the night, open, so that whoever tries it can post an entry."""
    shelf, night = shelves.shelf(), night_2024
    result = shelf.result("lausd-3", size="line")
    page = LiveCoveragePage(
        title=night.HEADLINE,
        slug=night.SLUG,
        dek=night.DEK,
        first_published_at=night.PUBLISHED_AT,
        body=json.dumps([text(night.INTRODUCTION, _first_margin(shelf)), result]),
    )
    page.bylines = [
        StoryByline(author=shelves.authors[slug], sort_order=place)
        for place, slug in enumerate(night.AUTHORS)
    ]
    race = str(shelves.contests["lausd-3"].pk)
    page.subject_links = [StorySubjectLink(subject=race, role="live")]
    page = add(section, page)
    for entry in night.ENTRIES:
        LiveEntry.objects.create(
            coverage=page,
            posted_at=entry.posted_at,
            author=shelves.authors[entry.author],
            title=entry.title,
            text=entry.text,
            is_key=entry.is_key,
            is_pinned=entry.is_pinned,
        )
    shelves.pages[page.slug] = page


def _first_margin(shelf: Shelf) -> str:
    """A sentence that says when it was true, and stands in the queue once the count goes on."""
    margin = shelf.fact("lausd-3", "margin_points", "9.7 points")
    return f"At 8:36 p.m. the margin in District 3 was {margin}."


def make_package(section: SectionPage, shelves: Shelves) -> None:
    title, introduction, slugs = PACKAGE
    page = PackagePage(title=title, slug="how-to-read-a-race", introduction=introduction)
    page.parts = [
        PackagePart(story=shelves.pages[slug], sort_order=place) for place, slug in enumerate(slugs)
    ]
    shelves.pages[page.slug] = add(section, page)


def add(parent: Page, page: Any) -> Any:
    """Add the page as a draft and publish it, so that its history begins like any other's."""
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page
