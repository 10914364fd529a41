from django.db import models
from wagtail.models import AbstractPage


class HousePage(AbstractPage):
    """The base page of a site that does not use Wagtail's.

    Alone in its app, because its first migration runs before Wagtail's.
    """

    desk = models.CharField(max_length=40, blank=True)
