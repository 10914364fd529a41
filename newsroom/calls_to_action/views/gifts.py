from __future__ import annotations

import time
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from newsroom.caching import PRIVATE
from newsroom.calls_to_action.gifts import LONGEST, REFERENCE, claim, is_signed, note_gift
from newsroom.conf import newsroom_settings
from newsroom.newsletters.webhooks import is_longer, read_json

MAX_BYTES = 10_000
MAX_AGE_SECONDS = 300


@method_decorator(csrf_exempt, name="dispatch")
class ThanksView(View):
    """Thanks a donor. Looking at it marks nobody; a form does, where the gift is signed for.

    The script sends it, since the mark stays in the browser: without scripts, and where readers
    ask not to be remembered, there is nothing to mark.
    """

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(token=request.GET.get("return", "")[:LONGEST])

    def post(self, request: HttpRequest) -> HttpResponse:
        if not claim(request.POST.get("return", "")[:LONGEST]):
            return self.show()
        until = timezone.now() + timedelta(days=newsroom_settings.DONOR_DAYS)
        return self.show(donor_until=int(until.timestamp() * 1000))

    def show(self, **context: object) -> HttpResponse:
        response = render(self.request, "newsroom/calls_to_action/thanks.html", context)
        response["Cache-Control"] = PRIVATE
        response["Referrer-Policy"] = "same-origin"
        return response


@method_decorator(csrf_exempt, name="dispatch")
class GiftsView(View):
    """Takes a donation page's word that somebody gave: ``{"reference": "...", "place": "..."}``.

    Signed with a key of ``NEWSROOM_DONATION_KEYS`` over the time and the body: the header
    ``X-Newsroom-Signature`` for ``<X-Newsroom-Time>.<body>``. Without keys it is not there.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if not newsroom_settings.DONATION_KEYS:
            raise Http404
        if is_longer(request, MAX_BYTES):
            return JsonResponse({"error": "One gift is shorter than this."}, status=413)
        stamp = request.headers.get("X-Newsroom-Time", "")
        text = request.body.decode(errors="replace")
        signature = request.headers.get("X-Newsroom-Signature", "")
        is_fresh = stamp.isdecimal() and abs(time.time() - int(stamp[:12])) <= MAX_AGE_SECONDS
        if not is_fresh or not is_signed(f"{stamp}.{text}", signature):
            return JsonResponse({"error": "The signature is wrong or too old."}, status=403)
        try:
            facts = read_json(text)
            reference, place = str(facts["reference"]), str(facts.get("place", ""))
        except (ValueError, KeyError, TypeError, AttributeError):
            return JsonResponse({"error": "This is not what is documented."}, status=400)
        if not REFERENCE.fullmatch(reference):
            return JsonResponse({"error": "The reference is not usable."}, status=400)
        return JsonResponse({"is_new": note_gift(reference, place, timezone.now())})
