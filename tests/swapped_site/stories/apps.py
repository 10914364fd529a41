from django.apps import AppConfig


class HouseStoriesConfig(AppConfig):
    name = "tests.swapped_site.stories"
    label = "house_stories"
    default_auto_field = "django.db.models.BigAutoField"
