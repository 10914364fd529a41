"""What readers got."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from elections.models.calls import Call
from elections.models.contests import Contest
from elections.models.counts import ContestCount


@dataclass(frozen=True)
class Edition:
    """A published result in one language. ``language`` is "" for the site's own."""

    language: str
    html: str
    payload: str


class Published(models.Model):
    """The result of one contest as readers see it; the files are copies of this row.

    ``version`` only ever rises. ``checked_at`` says up to when changes of the
    facts are in it. ``written_version`` is the version whose files are known to
    be in place, 0 before the first. ``translations`` has the html and the payload
    in each further language: one version, from the same facts.
    """

    contest = models.OneToOneField(
        Contest, on_delete=models.CASCADE, primary_key=True, related_name="published"
    )
    version = models.PositiveIntegerField(_("version"))
    html = models.TextField()
    payload = models.TextField()
    translations = models.JSONField(default=dict)
    etag = models.CharField(max_length=64)
    is_final = models.BooleanField(default=False)
    count = models.ForeignKey(ContestCount, on_delete=models.PROTECT, null=True, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published at"))
    checked_at = models.DateTimeField(_("checked at"))
    written_version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("published result")
        verbose_name_plural = _("published results")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"version {self.version} of contest {self.pk}"

    def edition(self, language: str | None) -> Edition:
        """Return the result in a language, or in the site's own where it is not published in it."""
        said = None if language == settings.LANGUAGE_CODE else self.translations.get(language)
        if said is None:
            return Edition("", self.html, self.payload)
        return Edition(language, said["html"], said["payload"])

    @property
    def editions(self) -> list[Edition]:
        """The result in every language that it is published in, the site's own first."""
        return [self.edition(language) for language in (None, *self.translations)]
