"""The link of a ready-made page to Wagtail's base page, under a name of our own."""

from django.db import models
from wagtail.models import Page


def link_to_base_page(related_name: str) -> models.OneToOneField:
    """Return the parent link for a concrete page class.

    Django would name the way back after the class alone, and `check` would fail in every site
    that has a ``HomePage`` of its own, as each one made by `wagtail start` has.
    """
    return models.OneToOneField(
        Page,
        on_delete=models.CASCADE,
        parent_link=True,
        primary_key=True,
        serialize=False,
        related_name=related_name,
    )
