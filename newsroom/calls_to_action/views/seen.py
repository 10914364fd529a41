from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from newsroom.calls_to_action.counters import count
from newsroom.calls_to_action.models import AskCount
from newsroom.calls_to_action.places import read_place
from newsroom.conf import newsroom_settings
from newsroom.newsletters import limits
from newsroom.newsletters.guards import is_own_origin, network_hash
from newsroom.newsletters.webhooks import is_longer

MAX_BYTES = 2048
REPORTED = {AskCount.Kind.IMPRESSION, AskCount.Kind.READER, AskCount.Kind.CLICK}
MACHINES = re.compile(r"bot|crawl|spider|slurp|preview|headlesschrome|lighthouse|curl|python", re.I)


@method_decorator(csrf_exempt, name="dispatch")
class SeenView(View):
    """Takes a browser's report that an ask was seen or followed: ``impression <place>``.

    Reads no cookie and sets none. The answer is empty and the same whether the report counts.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if is_longer(request, MAX_BYTES):
            return HttpResponse(status=413)
        kind, _, token = request.body.decode(errors="replace").partition(" ")
        place = read_place(token) if kind in REPORTED else None
        if place is not None and is_from_reader(request) and is_within_limit(request):
            count(kind, place)
        response = HttpResponse(status=204)
        response["Cache-Control"] = "no-store"
        return response


def is_from_reader(request: HttpRequest) -> bool:
    """Whether a person's browser sent it from one of our pages, as far as it says."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    is_private = request.headers.get("Sec-GPC") == "1" or request.headers.get("DNT") == "1"
    has_origin = "Origin" in request.headers and is_own_origin(request)
    agent = request.headers.get("User-Agent", "")
    is_machine = not agent or bool(MACHINES.search(agent))
    return has_origin and not (purpose or is_private or is_machine)


def is_within_limit(request: HttpRequest) -> bool:
    return limits.count(f"asks-{network_hash(request)}", 60) <= newsroom_settings.BEACON_LIMIT
