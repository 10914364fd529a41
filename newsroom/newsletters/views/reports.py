import hashlib
import hmac
import logging
import time
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from newsroom.conf import newsroom_settings
from newsroom.newsletters.reports import Outcome, Report, take_report
from newsroom.newsletters.webhooks import is_longer, plain, read_json

logger = logging.getLogger(__name__)

MAX_BYTES = 1_000_000
MAX_AGE_SECONDS = 300


def signature(key: str, stamp: str, body: bytes) -> str:
    """Return what ``X-Newsroom-Signature`` must hold, for the time ``stamp`` in seconds."""
    return hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@method_decorator(csrf_exempt, name="dispatch")
class ReportsView(View):
    """Takes deliveries, bounces and complaints from a mail server or a program of the site's own.

    The body is JSON: ``{"reports": [{"id", "outcome", "address", "at", "reason"}, ...]}``, signed
    with a key of ``NEWSROOM_REPORT_KEYS`` over the time and the body. Without keys it is not there.
    """

    http_method_names = ["post"]

    @method_decorator(sensitive_variables())
    def post(self, request: HttpRequest) -> HttpResponse:
        if not newsroom_settings.REPORT_KEYS:
            raise Http404
        if is_longer(request, MAX_BYTES):
            return JsonResponse({"error": "Send fewer reports at once."}, status=413)
        if not is_signed(request):
            return JsonResponse({"error": "The signature is wrong or too old."}, status=403)
        try:
            reports = [read_report(item) for item in read_json(request.body)["reports"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            return JsonResponse({"error": "This is not what is documented."}, status=400)
        return JsonResponse({"acted_on": sum(take_report(report) for report in reports)})


def is_signed(request: HttpRequest) -> bool:
    stamp = request.headers.get("X-Newsroom-Time", "")
    given = request.headers.get("X-Newsroom-Signature", "").encode()
    if not stamp.isdecimal() or abs(time.time() - int(stamp[:12])) > MAX_AGE_SECONDS:
        return False
    expected = [
        signature(key, stamp, request.body).encode() for key in newsroom_settings.REPORT_KEYS
    ]
    return any(hmac.compare_digest(given, digest) for digest in expected)


def read_report(item: dict) -> Report:
    """:raises ValueError, KeyError, TypeError: it is not a report"""
    address = plain(item["address"])
    reason = plain(item.get("reason", ""))
    return Report(
        report_id=plain(f"site:{item['id']}"),
        outcome=Outcome(item["outcome"]),
        address=address,
        occurred_at=read_time(item["at"]),
        reason=(reason.replace(address, "…") if address else reason)[:200],
    )


def read_time(text: str) -> datetime:
    """Return an aware time that is not in the future.

    :raises ValueError: it is none, or has no zone
    """
    at = parse_datetime(text)
    if at is None or timezone.is_naive(at):
        raise ValueError("A time with its zone is needed.")
    try:
        return min(at.astimezone(UTC), timezone.now())
    except OverflowError as error:
        raise ValueError("This is before all time.") from error
