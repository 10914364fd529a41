from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "tests.swapped_site.house"
    label = "house"
    default_auto_field = "django.db.models.BigAutoField"
