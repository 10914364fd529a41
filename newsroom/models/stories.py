import hashlib
import json
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
)
from wagtail.api import APIField
from wagtail.images import get_image_model_string
from wagtail.models import AbstractPage, PageViewRestriction
from wagtail.search import index

from newsroom.bodies import blocks_of, fetch_renditions, images_in
from newsroom.caching import CacheablePageMixin
from newsroom.calls_to_action.panels import AskNumbersPanel
from newsroom.calls_to_action.previews import ReaderPreviewMixin
from newsroom.fields import StoryField
from newsroom.models.authors import Author
from newsroom.models.onward import OnwardPanel
from newsroom.models.routing import ancestors_at_hand
from newsroom.models.sections import SectionMixin
from newsroom.models.subjects import SubjectsPanel
from newsroom.models.topics import Topic
from newsroom.previews import PreviewModesMixin
from newsroom.publishing import DoorMixin

# A change this soon after publication is a last touch, not an update.
LAST_TOUCH = timedelta(minutes=5)


class StoryMixin(
    PreviewModesMixin, ReaderPreviewMixin, DoorMixin, CacheablePageMixin, models.Model
):
    """A story. The page's title is the headline, its parent is the section.

    Put it before the base page: ``class StoryPage(StoryMixin, Page)``. Bylines come from a class
    built on ``BylineMixin``, topics from one built on ``TopicLinkMixin``, subjects from one
    built on ``SubjectLinkMixin``.
    """

    # Which rules for asks hold on its pages.
    ask_place = "story"
    # Comes in the query for the story itself.
    fetched_along = ("lead_image",)

    dek = models.TextField(
        _("dek"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences under the headline. Also used in lists and search."),
    )
    lead_image = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("lead image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lead_image_alt = models.CharField(
        _("description of the image"),
        max_length=300,
        blank=True,
        help_text=_("What the image shows, for readers who cannot see it."),
    )
    lead_image_caption = models.CharField(_("caption"), max_length=300, blank=True)
    lead_image_credit = models.CharField(
        _("credit"),
        max_length=160,
        blank=True,
        help_text=_("Who made the picture, and for whom."),
    )
    body = StoryField(blank=True)
    lists_further_stories = models.BooleanField(
        _("list further stories at the end"),
        default=True,
        help_text=_("They are chosen by race, then by topic, then by section."),
    )
    due_at = models.DateTimeField(
        _("promised for"),
        null=True,
        blank=True,
        help_text=_("When the desk expects it. Shown on the admin’s first page, not to readers."),
    )
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    content_updated_at = models.DateTimeField(
        _("text updated at"), null=True, blank=True, editable=False
    )

    search_kind = ("story", _("Story"))

    content_panels = [
        FieldPanel("dek"),
        MultiFieldPanel(
            ["lead_image", "lead_image_alt", "lead_image_caption", "lead_image_credit"],
            heading=_("Lead image"),
        ),
        InlinePanel("bylines", heading=_("Bylines"), label=_("Author")),
        MultipleChooserPanel(
            "topic_links", chooser_field_name="topic", heading=_("Topics"), label=_("Topic")
        ),
        SubjectsPanel("subject_links", heading=_("Subjects"), label=_("Subject")),
        FieldPanel("body"),
        MultiFieldPanel(["lists_further_stories", "due_at"], heading=_("For the desk")),
        OnwardPanel(heading=_("What it leads on to, and why")),
        AskNumbersPanel(heading=_("What its asks brought in")),
    ]
    search_fields = [
        index.SearchField("dek"),
        index.SearchField("body"),
    ]
    api_fields = [
        APIField("dek"),
        APIField("lead_image"),
        APIField("lead_image_alt"),
        APIField("lead_image_caption"),
        APIField("lead_image_credit"),
        APIField("published_at"),
        APIField("updated_at"),
        APIField("body"),
    ]

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if self.live and kwargs.get("update_fields") is None:
            self._note_change(now=timezone.now())
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.lead_image_id and not self.lead_image_alt.strip():
            raise ValidationError(
                {"lead_image_alt": _("Describe the image for readers who cannot see it.")}
            )

    @property
    def published_at(self) -> datetime | None:
        """When readers first got it; None for a draft."""
        return self.first_published_at

    @property
    def updated_at(self) -> datetime | None:
        """When its words or figures last changed for readers; None if they never did.

        Publishing again without a change, and a last touch within five minutes, are no update.
        """
        if self.published_at is None or self.content_updated_at is None:
            return None
        is_update = self.content_updated_at - self.published_at > LAST_TOUCH
        return self.content_updated_at if is_update else None

    def get_authors(self) -> list[Author]:
        """Return the authors in the order of the byline, in one query."""
        bylines = self.bylines.select_related("author").order_by("sort_order", "pk")
        return [byline.author for byline in bylines]

    def get_topics(self) -> list[Topic]:
        """Return what the story is about, in the editor's order, in one query."""
        links = self.topic_links.select_related("topic").order_by("sort_order", "pk")
        return [link.topic for link in links]

    def get_section(self) -> AbstractPage | None:
        """Return the page above as Wagtail's base page, if it is a section."""
        parent = self.get_parent()
        is_section = parent is not None and issubclass(
            parent.specific_class or object, SectionMixin
        )
        return parent if is_section else None

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict:
        context = super().get_context(request, *args, **kwargs)
        context["section"] = self.get_section()
        context["authors"] = self.get_authors()
        context["topics"] = self.get_topics()
        context["published_at"] = self.published_at
        context["updated_at"] = self.updated_at
        self.fetch_renditions()
        return context

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Return what restricts the page, in one query where its route has found those above it."""
        pages = ancestors_at_hand(self)
        if pages is None or any(page.alias_of_id for page in pages):
            return super().get_view_restrictions()
        ids = [page.pk for page in pages]
        root = self.path[: self.steplen]
        return PageViewRestriction.objects.filter(Q(page__in=ids) | Q(page__path=root))

    def fetch_renditions(self) -> None:
        """Fetch what the templates need of all the story's pictures, in one query."""
        images = images_in(blocks_of(self.body))
        if self.lead_image:
            images.append(self.lead_image)
        fetch_renditions(images)

    def _note_change(self, *, now: datetime) -> None:
        content_hash = self._hash_content()
        if self.content_hash and content_hash != self.content_hash:
            self.content_updated_at = now
        self.content_hash = content_hash

    def _hash_content(self) -> str:
        """Identify what readers read: headline, dek, and the body without its block ids."""
        blocks = self._meta.get_field("body").get_prep_value(self.body)
        body = [[block["type"], block["value"]] for block in blocks]
        text = json.dumps([self.title, self.dek, body], sort_keys=True, default=str)
        return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()

    def with_content_json(self, content: dict) -> AbstractPage:
        """Build the page of a revision. What readers have now is not for a revision to say."""
        page = super().with_content_json(content)
        page.content_hash = self.content_hash
        page.content_updated_at = self.content_updated_at
        return page
