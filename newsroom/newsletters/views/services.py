"""Where newsletter services tell us who left, bounced or complained there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from newsroom.newsletters.syncing.contract import (
    NewsletterService,
    NotFromServiceError,
    get_service,
)
from newsroom.newsletters.syncing.incoming import take_news
from newsroom.newsletters.views.reports import MAX_BYTES
from newsroom.newsletters.webhooks import is_longer


@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class ServiceNewsView(View):
    """A POST brings news, signed as its adapter wants. A GET says only that the address is right:
    Mailchimp asks for that before it sends anything.
    """

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        find_service(key)
        return HttpResponse("", content_type="text/plain")

    @method_decorator(sensitive_variables())
    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        service = find_service(key)
        if is_longer(request, MAX_BYTES):
            return HttpResponse(status=413)
        try:
            take_news(key, service.take_news(request))
        except NotFromServiceError:
            return HttpResponse(status=403)
        return HttpResponse("", content_type="text/plain")


def find_service(key: str) -> NewsletterService:
    """:raises Http404: there is no such service here"""
    try:
        return get_service(key)
    except LookupError as error:
        raise Http404 from error
