from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallsToActionConfig(AppConfig):
    name = "newsroom.calls_to_action"
    label = "newsroom_calls_to_action"
    verbose_name = _("Calls to action")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from newsroom.calls_to_action.models import get_wording
        from newsroom.newsletters.wordings import use_ask_wording

        use_ask_wording(get_wording)
