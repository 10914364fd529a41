"""What a source that calls races says about one: its own statement, and not the desk's."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from elections.models.calls import Call
from elections.models.contests import Contest
from elections.models.counts import Snapshot
from elections.models.one_of import OneOf
from elections.models.sources import Source


class ReportedCallQuerySet(models.QuerySet):
    def latest(self, contest_ids: Collection[int]) -> ReportedCallQuerySet:
        """Return what each source says now of each of these races, in the order of sources."""
        rows = self.filter(contest__in=OneOf(contest_ids)).values("contest", "source").order_by()
        newest = rows.annotate(newest=Max("pk")).values("newest")
        return self.filter(pk__in=newest).order_by("source", "pk")


class ReportedCall(models.Model):
    """A statement of a source, kept whenever it changes. Readers never see it by itself.

    ``kind`` is the call that the desk would make of it, and ``selections`` the ids of whom; an
    empty ``kind`` says that the source calls nobody, or has taken its call back. ``called_at``
    is the source's own time, None where it gives none.
    """

    contest = models.ForeignKey(
        Contest, on_delete=models.CASCADE, related_name="reported_calls", verbose_name=_("race")
    )
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="reported_calls")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(_("authority"), max_length=200)
    status = models.CharField(_("in the source's words"), max_length=255, blank=True)
    kind = models.CharField(_("call"), max_length=20, choices=Call.Kind.choices, blank=True)
    selections = models.JSONField(_("who"), default=list)
    called_at = models.DateTimeField(_("called at"), null=True)
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    objects = ReportedCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call by a source")
        verbose_name_plural = _("calls by sources")
        ordering = ["-pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["contest", "source", "-id"], name="elections_told_latest")]

    def __str__(self) -> str:
        return f"{self.authority}: {self.get_kind_display() or self.status}"

    def says_the_same(self, other: ReportedCall) -> bool:
        """Whether it is the same statement, whenever it was made."""
        fields = ("authority", "status", "kind", "selections", "called_at")
        return all(getattr(self, field) == getattr(other, field) for field in fields)
