from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ElectionPagesConfig(AppConfig):
    name = "elections.pages"
    label = "elections_pages"
    verbose_name = _("Election pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import (
            page_published,
            page_slug_changed,
            page_unpublished,
            post_page_move,
        )

        from elections.pages.addresses import publish_address, publish_addresses_below
        from elections.pages.models import RacePage

        for signal in (page_published, page_unpublished):
            signal.connect(publish_address, sender=RacePage)
        # The address of a race's page has the slugs of all pages above it.
        for signal in (page_slug_changed, post_page_move):
            signal.connect(publish_addresses_below)
