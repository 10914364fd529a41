from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectConfig(AppConfig):
    name = "newsroom.project"
    label = "newsroom_project"
    verbose_name = _("Example site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from newsroom.project import checks  # noqa: F401
