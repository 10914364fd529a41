"""Ready-made pages. A site with its own base page leaves this app out and uses the mixins."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.models import Page

from newsroom.base_page import link_to_base_page
from newsroom.models import (
    BylineMixin,
    HomeMixin,
    LiveCoverageMixin,
    LiveEntryMixin,
    PackageMixin,
    PackagePartMixin,
    SectionMixin,
    StoryMixin,
    SubjectLinkMixin,
    TopicLinkMixin,
)


class HomePage(HomeMixin, Page):
    page_ptr = link_to_base_page("newsroom_home_page")

    story_model = "newsroom_pages.StoryPage"
    section_model = "newsroom_pages.SectionPage"

    # Any kind of page may stand below, so that other apps can bring theirs.
    parent_page_types = ["wagtailcore.Page"]
    template = "newsroom/home_page.html"
    page_description = _("The front page of the site.")

    content_panels = [*Page.content_panels, *HomeMixin.content_panels]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")


class SectionPage(SectionMixin, Page):
    page_ptr = link_to_base_page("newsroom_section_page")

    story_model = "newsroom_pages.StoryPage"

    parent_page_types = ["newsroom_pages.HomePage", "newsroom_pages.SectionPage"]
    template = "newsroom/section_page.html"
    page_description = _("A part of the site with stories of its own, such as Education.")

    content_panels = [*Page.content_panels, *SectionMixin.content_panels]
    search_fields = [*Page.search_fields, *SectionMixin.search_fields]
    api_fields = [*SectionMixin.api_fields]

    class Meta:
        verbose_name = _("section page")
        verbose_name_plural = _("section pages")


class StoryPage(StoryMixin, Page):
    page_ptr = link_to_base_page("newsroom_story_page")

    parent_page_types = ["newsroom_pages.HomePage", "newsroom_pages.SectionPage"]
    subpage_types: list[str] = []
    template = "newsroom/story_page.html"
    page_description = _("A story, with a body made of blocks.")

    content_panels = [*Page.content_panels, *StoryMixin.content_panels]
    search_fields = [*Page.search_fields, *StoryMixin.search_fields]
    api_fields = [
        *StoryMixin.api_fields,
        APIField("bylines"),
        APIField("topic_links"),
        APIField("subject_links"),
    ]

    class Meta:
        verbose_name = _("story page")
        verbose_name_plural = _("story pages")


class StoryByline(BylineMixin):
    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="bylines")

    api_fields = [APIField("author")]

    class Meta(BylineMixin.Meta):
        abstract = False
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "author"],
                name="newsroom_pages_author_once_per_story",
                violation_error_message=_("This author is in the byline already."),
            )
        ]


class StoryTopic(TopicLinkMixin):
    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="topic_links")

    api_fields = [APIField("topic")]

    class Meta(TopicLinkMixin.Meta):
        abstract = False
        verbose_name = _("topic of a story")
        verbose_name_plural = _("topics of stories")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "topic"],
                name="newsroom_pages_topic_once_per_story",
                violation_error_message=_("The story has this topic already."),
            )
        ]


class StorySubjectLink(SubjectLinkMixin):
    page = ParentalKey(StoryPage, on_delete=models.CASCADE, related_name="subject_links")

    api_fields = [APIField("subject"), APIField("role")]

    class Meta(SubjectLinkMixin.Meta):
        abstract = False
        verbose_name = _("subject of a story")
        verbose_name_plural = _("subjects of stories")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "subject"],
                name="newsroom_pages_subject_once_per_story",
                violation_error_message=_("The story is linked to this one already."),
            )
        ]


class LiveCoveragePage(LiveCoverageMixin, StoryPage):
    """A story with entries; it stands wherever stories are listed."""

    storypage_ptr = models.OneToOneField(
        StoryPage,
        on_delete=models.CASCADE,
        parent_link=True,
        primary_key=True,
        serialize=False,
        related_name="newsroom_live_coverage_page",
    )

    template = "newsroom/live_coverage_page.html"
    page_description = _("A story that grows while it is read: short entries, the newest first.")

    content_panels = [*StoryPage.content_panels, FieldPanel("ended_at")]

    class Meta:
        verbose_name = _("live coverage")
        verbose_name_plural = _("live coverages")


class LiveEntry(LiveEntryMixin):
    coverage = models.ForeignKey(
        LiveCoveragePage,
        verbose_name=_("live coverage"),
        on_delete=models.CASCADE,
        related_name="entries",
    )

    class Meta(LiveEntryMixin.Meta):
        abstract = False
        verbose_name = _("live entry")
        verbose_name_plural = _("live entries")
        indexes = [
            models.Index(
                fields=["coverage", "is_public", "-is_pinned", "-posted_at"],
                name="newsroom_pages_entry_order",
            ),
            models.Index(fields=["coverage", "change"], name="newsroom_pages_entry_change"),
        ]


class PackagePage(PackageMixin, Page):
    page_ptr = link_to_base_page("newsroom_package_page")

    story_model = "newsroom_pages.StoryPage"

    parent_page_types = ["newsroom_pages.HomePage", "newsroom_pages.SectionPage"]
    subpage_types: list[str] = []
    template = "newsroom/package_page.html"
    page_description = _("Stories that belong together, in an order.")

    content_panels = [*Page.content_panels, *PackageMixin.content_panels]
    search_fields = [*Page.search_fields, *PackageMixin.search_fields]

    class Meta:
        verbose_name = _("package")
        verbose_name_plural = _("packages")


class PackagePart(PackagePartMixin):
    package = ParentalKey(PackagePage, on_delete=models.CASCADE, related_name="parts")
    story = models.ForeignKey(
        StoryPage,
        verbose_name=_("story"),
        on_delete=models.CASCADE,
        related_name="package_parts",
    )

    class Meta(PackagePartMixin.Meta):
        abstract = False
        verbose_name = _("story of a package")
        verbose_name_plural = _("stories of packages")
        constraints = [
            models.UniqueConstraint(
                fields=["package", "story"],
                name="newsroom_pages_story_once_per_package",
                violation_error_message=_("This story is in the package already."),
            )
        ]
