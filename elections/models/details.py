"""What the county said of a count besides its total: by place, by kind of vote, by round."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import msgspec
from django.db import models
from django.utils.translation import gettext_lazy as _

from elections.counting.details import Details
from elections.models.contests import Contest
from elections.models.counts import ContestCount, CurrentCount
from elections.models.sources import Source


class CountDetailsQuerySet(models.QuerySet):
    def standing(self) -> CountDetailsQuerySet:
        """Only what belongs to the count that stands, from the release that it is as of.

        What was said of an earlier count, or before the latest release, is history.
        """
        current = CurrentCount.objects.filter(
            contest=models.OuterRef("contest"),
            source=models.OuterRef("source"),
            count=models.OuterRef("count"),
            as_of=models.OuterRef("as_of"),
        )
        return self.filter(models.Exists(current))


class CountDetails(models.Model):
    """The parts of the latest count of one contest from one source.

    One row, written with the count and replaced by the next release; those of earlier releases
    can be read again from the documents. ``as_of`` is the release that said so. ``content`` is a
    ``Details`` whose selections are our ids as text. A row without parts says that the document
    was looked at, and has none.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="details")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="details")
    count = models.ForeignKey(ContestCount, on_delete=models.CASCADE, related_name="details")
    as_of = models.DateTimeField(_("as of"))
    content = models.JSONField()

    objects = CountDetailsQuerySet.as_manager()

    class Meta:
        verbose_name = _("details of a count")
        verbose_name_plural = _("details of counts")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="elections_details_per_source", fields=["contest", "source"]
            )
        ]

    def __str__(self) -> str:
        return f"details of count {self.count_id}"

    @cached_property
    def details(self) -> Details:
        return msgspec.convert(self.content, Details)

    @property
    def totals(self) -> dict[int, int]:
        """Selection id to votes of the whole."""
        pairs = zip(self.details.selections, self.details.totals, strict=True)
        return {int(selection): votes for selection, votes in pairs}

    @staticmethod
    def pack(details: Details, selections: Mapping[str, int]) -> dict[str, object]:
        """Return ``content``: ``selections`` maps the provider's key to our id."""
        ids = tuple(str(selections[key]) for key in details.selections)
        return msgspec.to_builtins(msgspec.structs.replace(details, selections=ids))
