"""Who or what can be chosen in a contest, named as we print it. Editors own these rows.

The machine adds one when a feed names it, and never changes a row afterwards.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from elections.models.contests import Contest


class SelectionQuerySet(models.QuerySet):
    def pooled_in(self, contest: Contest) -> frozenset[int]:
        """Return the ids of a race's lines that count several people together."""
        pooled = self.filter(contest=contest, status=Selection.Status.WRITE_IN_POOL)
        return frozenset(pooled.order_by().values_list("pk", flat=True))

    def yes_of(self, contest: Contest) -> int | None:
        """Return the id of a question's yes; None where it has none."""
        answers = self.filter(contest=contest, answer=Selection.Answer.YES)
        return answers.order_by().values_list("pk", flat=True).first()


class Selection(models.Model):
    """A candidate, or a measure's yes or no."""

    class Incumbent(models.TextChoices):
        UNKNOWN = "unknown", _("Unknown")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    class Status(models.TextChoices):
        ON_BALLOT = "on-ballot", _("On the ballot")
        WRITE_IN = "write-in", _("Write-in")
        WRITE_IN_POOL = "write-ins", _("Write-ins, counted together")
        WITHDRAWN = "withdrawn", _("Withdrew")

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")

    contest = models.ForeignKey(
        Contest, on_delete=models.CASCADE, related_name="selections", verbose_name=_("race")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As readers see it."))
    party = models.CharField(
        _("party"), max_length=100, blank=True, help_text=_("Empty in nonpartisan races.")
    )
    answer = models.CharField(
        _("answer"),
        max_length=3,
        blank=True,
        choices=Answer.choices,
        help_text=_("For measures, retention and recall: which answer this is."),
    )
    incumbent = models.CharField(
        _("incumbent"), max_length=8, choices=Incumbent.choices, default=Incumbent.UNKNOWN
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.ON_BALLOT
    )
    reported_name = models.CharField(
        _("name in the feed"), max_length=255, blank=True, editable=False
    )
    is_new = models.BooleanField(
        _("new in the feed"),
        default=False,
        editable=False,
        help_text=_("A feed named it, and nobody has checked the name yet."),
    )
    order = models.PositiveIntegerField(_("order on the ballot"), default=0)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SelectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidate or answer")
        verbose_name_plural = _("candidates and answers")
        ordering = ["contest", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="elections_selection_answer",
                fields=["contest", "answer"],
                condition=~models.Q(answer=""),
                violation_error_message=_("This race has that answer already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
