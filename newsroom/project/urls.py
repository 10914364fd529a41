from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from newsroom.project.api import api

media = (
    [re_path(r"^media/(?P<path>.+)$", serve, {"document_root": settings.MEDIA_ROOT})]
    if settings.SERVE_MEDIA
    else []
)

# Where a mail provider reports deliveries, bounces and complaints.
provider = (
    [path("anymail/", include("anymail.urls"))] if "anymail" in settings.INSTALLED_APPS else []
)

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("asks/", include("newsroom.calls_to_action.urls")),
    path("api/v2/", api.urls),
    *provider,
    *media,
    *i18n_patterns(
        path("newsletters/", include("newsroom.newsletters.urls")),
        path("", include("newsroom.urls")),
        path("", include("elections.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
