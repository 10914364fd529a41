from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ElectionsConfig(AppConfig):
    name = "elections"
    label = "elections"
    verbose_name = _("Elections")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import page_published, page_unpublished

        from elections import tasks

        page_published.connect(tasks.note_published, dispatch_uid="elections-stories")
        page_unpublished.connect(tasks.note_gone, dispatch_uid="elections-stories")
