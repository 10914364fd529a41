from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class CallsToActionConfig(AppConfig):
    name = "newsroom.calls_to_action"
    label = "newsroom_calls_to_action"
    verbose_name = _("Calls to action")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from newsroom.calls_to_action import checks as ask_checks
        from newsroom.calls_to_action.rules import connect_signals
        from newsroom.calls_to_action.words import get_wording
        from newsroom.newsletters.wordings import use_ask_wording

        checks.register(ask_checks.check_settings)
        use_ask_wording(get_wording)
        connect_signals()
