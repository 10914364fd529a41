"""The ready-made pages. A site with its own base page leaves this app out and uses the mixins."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from elections.models import Contest, Election
from elections.pages.mixins import ElectionPageMixin, RacePageMixin
from newsroom.base_page import link_to_base_page


class RacePage(RacePageMixin, Page):
    """One race: its result, how the count went, and what is at stake."""

    page_ptr = link_to_base_page("elections_race_page")
    contest = models.OneToOneField(
        Contest,
        on_delete=models.PROTECT,
        related_name="race_page",
        verbose_name=RacePageMixin.contest_label,
        help_text=RacePageMixin.contest_help,
    )

    template = "elections/race_page.html"
    page_description = _("One race: its result, how the count went, and what is at stake.")
    search_fields = [*Page.search_fields, *RacePageMixin.search_fields]

    class Meta:
        verbose_name = RacePageMixin.page_label


class ElectionPage(ElectionPageMixin, Page):
    """One election: all its races."""

    page_ptr = link_to_base_page("elections_election_page")
    election = models.OneToOneField(
        Election,
        on_delete=models.PROTECT,
        related_name="election_page",
        verbose_name=ElectionPageMixin.election_label,
    )

    template = "elections/election_page.html"
    page_description = _("All races of one election.")
    search_fields = [*Page.search_fields, *ElectionPageMixin.search_fields]

    class Meta:
        verbose_name = ElectionPageMixin.page_label
