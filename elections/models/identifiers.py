"""What each provider calls our contests and selections."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from elections.models.contests import Contest
from elections.models.elections import Election
from elections.models.selections import Selection


class ExternalIdentifier(models.Model):
    """What a provider calls one of our contests, or one of its selections.

    ``selection`` is None for the name of the contest itself. ``value`` is the
    provider's id, or the title where it has no ids. A selection may have several: a feed that
    corrects a name without having ids gives it another.
    """

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="identifiers")
    provider = models.CharField(_("provider"), max_length=40)
    contest = models.ForeignKey(
        Contest, on_delete=models.CASCADE, related_name="identifiers", verbose_name=_("race")
    )
    selection = models.ForeignKey(
        Selection,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="identifiers",
        verbose_name=_("candidate or answer"),
    )
    reported_contest = models.CharField(
        _("race in the feed"),
        max_length=500,
        help_text=_("The provider's id or title of the race, letter by letter."),
    )
    value = models.CharField(
        _("name in the feed"),
        max_length=500,
        help_text=_("The provider's id or name of the candidate; the race's own for a race."),
    )

    class Meta:
        verbose_name = _("link to a feed")
        verbose_name_plural = _("links to feeds")
        ordering = ["election", "provider", "reported_contest", "value", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="elections_identifier_contest",
                fields=["election", "provider", "reported_contest"],
                condition=models.Q(selection__isnull=True),
            ),
            models.UniqueConstraint(
                name="elections_identifier_selection",
                fields=["election", "provider", "reported_contest", "value"],
                condition=models.Q(selection__isnull=False),
            ),
            models.UniqueConstraint(
                name="elections_identifier_one_per_contest",
                fields=["provider", "contest"],
                condition=models.Q(selection__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        super().clean()
        errors: dict[str, object] = {}
        if self.contest_id and self.election_id and self.contest.election_id != self.election_id:
            errors["contest"] = _("This race belongs to another election.")
        if self.selection_id and self.contest_id and self.selection.contest_id != self.contest_id:
            errors["selection"] = _("This candidate stands in another race.")
        duplicate = self._duplicate()
        if duplicate is not None:
            errors["value"] = _("This name in the feed belongs to “%(contest)s” already.") % {
                "contest": duplicate.contest
            }
        if errors:
            raise ValidationError(errors)

    def _duplicate(self) -> ExternalIdentifier | None:
        rows = ExternalIdentifier.objects.filter(
            election_id=self.election_id,
            provider=self.provider,
            reported_contest=self.reported_contest,
            selection__isnull=self.selection_id is None,
        ).exclude(pk=self.pk)
        if self.selection_id is not None:
            rows = rows.filter(value=self.value)
        return rows.select_related("contest").first()
