from __future__ import annotations

import swapper
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel

from newsroom.calls_to_action.models.asks import CallToAction

swapper.set_app_prefix("wagtailcore", "wagtail")


class Placement(models.Model):
    """A rule by which an ask stands in pages where no editor put one."""

    class Where(models.TextChoices):
        PARAGRAPH = "paragraph", _("In a story, after a paragraph")
        END = "end", _("At the end of a story")
        RACE = "race", _("On the page of a race")
        ELECTION = "election", _("On the page of an election")
        BANNER = "banner", _("Above every page")

    call_to_action = models.ForeignKey(
        CallToAction,
        verbose_name=_("call to action"),
        on_delete=models.CASCADE,
        related_name="placements",
    )
    where = models.CharField(_("where"), max_length=10, choices=Where.choices)
    paragraph = models.PositiveSmallIntegerField(
        _("after which paragraph"),
        default=4,
        help_text=_(
            "Only for a place after a paragraph. A shorter story has the ask at its end; a list "
            "counts as a paragraph."
        ),
    )
    section = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        verbose_name=_("only below"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("A section, or any page. Empty: the whole site."),
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Of two rules for one place, the lower comes first.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    panels = [
        FieldPanel("call_to_action"),
        FieldRowPanel(["where", "paragraph"]),
        PageChooserPanel("section"),
        FieldRowPanel(["order", "is_active"]),
    ]

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("place of an ask")
        verbose_name_plural = _("places of asks")

    def __str__(self) -> str:
        return self.place

    @property
    def place(self) -> str:
        """Where the rule puts the ask, in words."""
        if self.where != self.Where.PARAGRAPH:
            return str(self.get_where_display())
        return _now("In a story, after paragraph %(n)s") % {"n": self.paragraph}

    @property
    def scope(self) -> str:
        """On which pages the rule holds, in words."""
        return str(self.section or _("The whole site"))

    def clean(self) -> None:
        super().clean()
        if self.where == self.Where.PARAGRAPH and not self.paragraph:
            raise ValidationError({"paragraph": _("Count from 1.")})


class QuietTime(models.Model):
    """No ask stands on a page, below a section, in stories about a topic, or on the whole site,
    until it ends.
    """

    page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        verbose_name=_("where"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("A story, or a section with all its stories."),
    )
    topic = models.ForeignKey(
        "newsroom.Topic",
        verbose_name=_("topic"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("All stories about it. Without a page and a topic: the whole site."),
    )
    until = models.DateTimeField(_("until"), help_text=_("It ends by itself."))
    reason = models.CharField(
        _("reason"), max_length=200, help_text=_("For colleagues. For example: the crash on I-5.")
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )

    panels = [
        PageChooserPanel("page"),
        FieldPanel("topic"),
        FieldRowPanel(["until", "reason"]),
    ]

    class Meta:
        ordering = ["-until", "-pk"]
        verbose_name = _("quiet time")
        verbose_name_plural = _("quiet times")

    def __str__(self) -> str:
        return self.reason

    def clean(self) -> None:
        super().clean()
        if self.page_id and self.topic_id:
            raise ValidationError({"topic": _("Choose a page or a topic, not both.")})
        if self._state.adding and self.until and self.until <= timezone.now():
            raise ValidationError({"until": _("Choose a time that is still to come.")})

    @property
    def scope(self) -> str:
        """What is silent, in words."""
        return str(self.topic or self.page or _("The whole site"))
