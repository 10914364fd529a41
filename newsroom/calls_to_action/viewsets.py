from django.utils.translation import gettext_lazy as _
from wagtail.snippets.views.snippets import SnippetViewSet

from newsroom.calls_to_action.models import CallToAction


class CallToActionViewSet(SnippetViewSet):
    model = CallToAction
    icon = "pick"
    menu_label = _("Calls to action")
    list_display = ["heading", "kind", "newsletter"]
    list_filter = ["kind", "newsletter"]

    def get_queryset(self, request: object) -> object:
        return CallToAction.objects.select_related("newsletter")
