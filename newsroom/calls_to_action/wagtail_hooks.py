from django.urls import URLResolver, include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from newsroom.calls_to_action.views.reports import AskNumbersView, TrialNumbersView
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


@hooks.register("register_admin_urls")
def give_numbers_their_addresses() -> list[URLResolver]:
    urls = [
        path("ask/<int:pk>/", AskNumbersView.as_view(), name="ask_numbers"),
        path("test/<int:pk>/", TrialNumbersView.as_view(), name="trial_numbers"),
    ]
    return [path("newsroom/asks/", include((urls, "newsroom_asks")))]
