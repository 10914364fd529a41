from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsroomPagesConfig(AppConfig):
    name = "newsroom.pages"
    label = "newsroom_pages"
    verbose_name = _("Newsroom pages")
    default_auto_field = "django.db.models.BigAutoField"
