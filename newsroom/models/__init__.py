"""What stories are made of. Abstract mixins, authors, topics, and what is remembered of embeds.

A site with its own base page uses the mixins and leaves ``newsroom.pages`` out.
"""

from newsroom.models.authors import Author
from newsroom.models.bylines import BylineMixin
from newsroom.models.embeds import EmbedRecord, EmbedUse
from newsroom.models.homes import HomeMixin
from newsroom.models.links import StoryLink
from newsroom.models.live import LiveCoverageMixin, LiveEntryMixin
from newsroom.models.packages import PackageMixin, PackagePartMixin
from newsroom.models.sections import SectionMixin
from newsroom.models.stories import StoryMixin
from newsroom.models.subjects import Role, StorySubject, SubjectLinkMixin
from newsroom.models.topics import Topic, TopicLinkMixin

__all__ = [
    "Author",
    "BylineMixin",
    "EmbedRecord",
    "EmbedUse",
    "HomeMixin",
    "LiveCoverageMixin",
    "LiveEntryMixin",
    "PackageMixin",
    "PackagePartMixin",
    "Role",
    "SectionMixin",
    "StoryLink",
    "StoryMixin",
    "StorySubject",
    "SubjectLinkMixin",
    "Topic",
    "TopicLinkMixin",
]
