"""What editors' own texts are called in another language. Editors own these rows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class PhraseQuerySet(models.QuerySet):
    def by_language(self, languages: Collection[str]) -> dict[str, dict[str, str]]:
        """Return what is translated into each of these languages; no query without any."""
        said: dict[str, dict[str, str]] = {language: {} for language in languages}
        rows = self.filter(language__in=languages).exclude(translation="") if languages else ()
        for row in rows:
            said[row.language][row.text] = row.translation
        return said

    def changed_since(self, moment: datetime | models.OuterRef) -> PhraseQuerySet:
        return self.filter(updated_at__gte=moment)


class Phrase(models.Model):
    """A text as it stands in a race or an election, and what it is called in one language.

    By the text and not by the race: “Governor” is translated once, for every race and election.
    """

    language = models.CharField(_("language"), max_length=15)
    text = models.CharField(
        _("text"),
        max_length=600,
        help_text=_(
            "Exactly as it stands there: the name of a race, an election, a place, a group, an "
            "answer, a party, a source, or the title of a page."
        ),
    )
    translation = models.CharField(
        _("translation"),
        max_length=600,
        blank=True,
        help_text=_("Empty: readers get the text as it is, as for most names of people."),
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = PhraseQuerySet.as_manager()

    class Meta:
        verbose_name = _("translated name")
        verbose_name_plural = _("translated names")
        ordering = ["language", "text"]
        # Emptied rather than deleted: a row that is gone makes no result stale.
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                name="elections_phrase_once",
                fields=["language", "text"],
                violation_error_message=_(
                    "This text has its translation already. Change that one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text
