from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ElectionPagesConfig(AppConfig):
    name = "elections.pages"
    label = "elections_pages"
    verbose_name = _("Election pages")
    default_auto_field = "django.db.models.BigAutoField"
