from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from newsroom.subjects import get_subjects


class Role(models.TextChoices):
    """What a story is to its subject, in the order in which a subject's page lists them."""

    LIVE = "live", _("Live coverage")
    RESULT = "result", _("Result")
    ANALYSIS = "analysis", _("Analysis")
    PREVIEW = "preview", _("Preview")
    EXPLAINER = "explainer", _("Explainer")
    NONE = "none", _("Not about it: leave it out")


class SubjectPanel(FieldPanel):
    """Chooses a subject with the control that the slot gives."""

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options.setdefault("widgets", {})[self.field_name] = get_subjects().get_widget()
        return options


class SubjectsPanel(InlinePanel):
    """The subjects of a story. Where the slot is empty it is neither shown nor asked for."""

    def get_form_options(self) -> dict[str, Any]:
        return {} if get_subjects().is_empty else super().get_form_options()

    class BoundPanel(InlinePanel.BoundPanel):
        def __init__(self, **kwargs: Any):
            if get_subjects().is_empty:
                super(InlinePanel.BoundPanel, self).__init__(**kwargs)
            else:
                super().__init__(**kwargs)
                self.heading = get_subjects().get_heading()

        def is_shown(self) -> bool:
            return not get_subjects().is_empty and super().is_shown()


class SubjectLinkMixin(Orderable):
    """One subject of one story, as its editor says. The concrete class adds ``page``, a
    ``ParentalKey`` named ``subject_links`` from the story, and a constraint that names a subject
    once per story.
    """

    subject = models.CharField(_("subject"), max_length=64)
    role = models.CharField(
        _("what the story is"),
        max_length=16,
        choices=Role.choices,
        default=Role.ANALYSIS,
        help_text=_(
            "What the text shows in a result is linked by itself. Choose “Not about it” to leave "
            "such a one out."
        ),
    )

    panels = [SubjectPanel("subject"), FieldPanel("role")]

    class Meta(Orderable.Meta):
        abstract = True


class StorySubject(models.Model):
    """Which live story is about what: the editor's word, and what its text shows.

    The machine writes these rows when a story is published. The page is a plain number, as in
    ``EmbedUse``.
    """

    page_id = models.PositiveBigIntegerField()
    subject = models.CharField(max_length=64)
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page_id", "subject"], name="newsroom_story_subject_once"
            )
        ]
        indexes = [models.Index(fields=["subject", "role"], name="newsroom_story_subject_role")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"page {self.page_id} about {self.subject}"
