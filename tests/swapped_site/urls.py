from django.apps import apps
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("newsletters/", include("newsroom.newsletters.urls")),
    path("asks/", include("newsroom.calls_to_action.urls")),
    *([path("", include("elections.urls"))] if apps.is_installed("elections") else []),
    path("", include(wagtail_urls)),
]
