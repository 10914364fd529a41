from django.apps import AppConfig, apps
from django.core import checks
from django.utils.translation import gettext_lazy as _


class NewslettersConfig(AppConfig):
    name = "newsroom.newsletters"
    label = "newsroom_newsletters"
    verbose_name = _("Newsletters")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from newsroom.newsletters import checks as newsletter_checks

        checks.register(newsletter_checks.check_settings)
        checks.register(newsletter_checks.check_keys, checks.Tags.security, deploy=True)
        if apps.is_installed("anymail"):
            from newsroom.newsletters.anymail_reports import connect

            connect()
