"""The desk's place in the admin: one menu, most used first."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from elections.desk.alerts.listing import AlertViewSet
from elections.desk.alerts.mutes import MuteViewSet
from elections.desk.alerts.webhooks import WebhookViewSet
from elections.desk.ballots import BallotsRemainingViewSet
from elections.desk.calls import CallViewSet
from elections.desk.contests import ContestViewSet
from elections.desk.elections import ElectionViewSet
from elections.desk.holds import HoldViewSet
from elections.desk.identifiers import IdentifierViewSet
from elections.desk.phrases import PhraseViewSet
from elections.desk.proposals import ProposalViewSet
from elections.desk.recounts import RecountRuleViewSet
from elections.desk.sources import SourceViewSet


class ElectionsGroup(SnippetViewSetGroup):
    items = (
        ElectionViewSet,
        ContestViewSet,
        SourceViewSet,
        BallotsRemainingViewSet,
        CallViewSet,
        ProposalViewSet,
        HoldViewSet,
        AlertViewSet,
        MuteViewSet,
        WebhookViewSet,
        RecountRuleViewSet,
        PhraseViewSet,
        IdentifierViewSet,
    )
    menu_label = _("Elections")
    menu_name = "elections"
    menu_icon = "order"
    menu_order = 150
