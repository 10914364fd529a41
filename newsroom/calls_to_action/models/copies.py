"""Words that stand for an ask's own: in a phase of a race, in another language, in a test."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from newsroom.calls_to_action.phases import get_phase_choices
from newsroom.languages import own_language, site_languages


class CopyFields(models.Model):
    """Words that stand for an ask's own where they are not empty."""

    heading = models.CharField(_("heading"), max_length=120, blank=True)
    text = models.TextField(_("text"), max_length=500, blank=True)
    button_label = models.CharField(_("words on the button"), max_length=60, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if not (self.heading or self.text or self.button_label):
            raise ValidationError(
                {"heading": _("Write at least one thing that is different from the ask.")}
            )


def offer_phases() -> list[tuple[str, object]]:
    return [("", _("In every phase")), *get_phase_choices()]


def offer_languages() -> list[tuple[str, object]]:
    further = [pair for pair in site_languages().items() if pair[0] != own_language()]
    return [("", _("The site’s own")), *further]


class PhaseCopy(CopyFields, Orderable):
    """The words of an ask in one phase of the race that a page is about, or in one language."""

    call_to_action = ParentalKey(
        "newsroom_calls_to_action.CallToAction",
        on_delete=models.CASCADE,
        related_name="phase_copies",
    )
    phase = models.CharField(_("phase"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=15, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    panels = [
        FieldRowPanel(
            [
                FieldPanel("phase", widget=forms.Select(choices=offer_phases)),
                FieldPanel("language", widget=forms.Select(choices=offer_languages)),
            ]
        ),
        FieldPanel("heading"),
        FieldPanel("text"),
        FieldPanel("button_label"),
        FieldPanel("note"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("words for a phase or a language")
        verbose_name_plural = _("words for phases and languages")
        constraints = [
            models.UniqueConstraint(
                fields=["call_to_action", "phase", "language"],
                name="newsroom_calls_to_action_phase_language_once",
                violation_error_message=_("This phase has its words in this language already."),
            )
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.phase, self.language)))

    def clean(self) -> None:
        super().clean()
        if not (self.phase or self.language):
            raise ValidationError({"phase": _("Choose a phase, a language, or both.")})
        if self.language and not self.phase and not (self.heading and self.button_label):
            raise ValidationError(
                {
                    "heading": _(
                        "In another language, write the heading and the words on the button."
                    )
                }
            )
        self._check_offered("phase", offer_phases())
        self._check_offered("language", offer_languages())

    def _check_offered(self, name: str, choices: list[tuple[str, object]]) -> None:
        known = [word for word, _label in choices if word]
        value = getattr(self, name)
        if value and known and value not in known:
            raise ValidationError(
                {name: _("Choose one of these: %(known)s.") % {"known": ", ".join(known)}}
            )
