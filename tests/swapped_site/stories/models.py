from django.db import models
from modelcluster.fields import ParentalKey

from newsroom.models import (
    BylineMixin,
    HomeMixin,
    SectionMixin,
    StoryMixin,
    SubjectLinkMixin,
    TopicLinkMixin,
)
from tests.swapped_site.house.models import HousePage


class HouseHome(HomeMixin, HousePage):
    story_model = "house_stories.HouseStory"
    section_model = "house_stories.HouseSection"
    template = "newsroom/home_page.html"
    content_panels = [*HousePage.content_panels, *HomeMixin.content_panels]


class HouseSection(SectionMixin, HousePage):
    story_model = "house_stories.HouseStory"
    template = "newsroom/section_page.html"
    content_panels = [*HousePage.content_panels, *SectionMixin.content_panels]
    search_fields = [*HousePage.search_fields, *SectionMixin.search_fields]


class HouseStory(StoryMixin, HousePage):
    template = "newsroom/story_page.html"
    content_panels = [*HousePage.content_panels, *StoryMixin.content_panels]
    search_fields = [*HousePage.search_fields, *StoryMixin.search_fields]


class HouseByline(BylineMixin):
    page = ParentalKey(HouseStory, on_delete=models.CASCADE, related_name="bylines")


class HouseTopicLink(TopicLinkMixin):
    page = ParentalKey(HouseStory, on_delete=models.CASCADE, related_name="topic_links")


class HouseSubjectLink(SubjectLinkMixin):
    page = ParentalKey(HouseStory, on_delete=models.CASCADE, related_name="subject_links")
