from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    label = "newsroom"
    verbose_name = _("Newsroom")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from newsroom import checks as newsroom_checks
        from newsroom.chrome import connect_signals

        checks.register(newsroom_checks.check_story_blocks)
        checks.register(newsroom_checks.check_required_apps)
        checks.register(newsroom_checks.check_page_cache)
        connect_signals()
