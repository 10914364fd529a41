"""Two addresses for whoever watches the containers: /livez and /readyz.

They answer before sessions, host checks and redirects: a health check comes from inside, over
plain HTTP, under any host name.
"""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import get_random_string

logger = logging.getLogger(__name__)


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/livez":
            response: HttpResponse = HttpResponse("alive\n", content_type="text/plain")
        elif request.path_info == "/readyz":
            response = readiness()
        else:
            return self.get_response(request)
        response["Cache-Control"] = "no-store"
        return response


def readiness() -> JsonResponse:
    """Say what works. Only the database decides: without a cache pages are slower, not wrong."""
    is_ready = database_answers()
    report = {
        "database": "ok" if is_ready else "unreachable",
        "cache": "ok" if cache_answers() else "unreachable",
    }
    return JsonResponse(report, status=200 if is_ready else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        logger.exception("The database does not answer.")
        return False
    return True


def cache_answers() -> bool:
    value = get_random_string(12)
    cache.set("newsroom.readyz", value, timeout=5)
    return cache.get("newsroom.readyz") == value
