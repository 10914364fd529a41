from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from newsroom.calls_to_action.viewsets import (
    DonationPageViewSet,
    PlacementViewSet,
    QuietTimeViewSet,
    TrialViewSet,
)


class AsksGroup(SnippetViewSetGroup):
    """Where asks stand, when they are silent, and how they are tried."""

    menu_label = _("Asks")
    menu_name = "asks"
    menu_icon = "pick"
    menu_order = 260
    items = (PlacementViewSet, QuietTimeViewSet, TrialViewSet, DonationPageViewSet)


register_snippet(AsksGroup)
