from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    label = "newsroom"
    verbose_name = _("Newsroom")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import page_published, page_unpublished

        from newsroom import checks as newsroom_checks
        from newsroom import tasks
        from newsroom.chrome import connect_signals

        checks.register(newsroom_checks.check_story_blocks)
        checks.register(newsroom_checks.check_required_apps)
        checks.register(newsroom_checks.check_page_cache)
        connect_signals()
        page_published.connect(tasks.note_published, dispatch_uid="newsroom-embeds")
        page_unpublished.connect(tasks.note_gone, dispatch_uid="newsroom-embeds")
