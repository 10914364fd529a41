"""What all pages behind a mailed link have in common."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from newsroom.caching import PRIVATE


@method_decorator(csrf_exempt, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
@method_decorator(sensitive_variables(), name="dispatch")
class LinkView(View):
    """A page for one person. Its address is the secret, so no cookie and no token is needed.

    No cache keeps it, no search engine lists it, and no other site learns its address.
    """

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = PRIVATE
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "same-origin"
        return response

    def show(self, name: str, *, status: int = 200, **context: object) -> HttpResponse:
        return render(self.request, f"newsroom/newsletters/{name}.html", context, status=status)

    def say_it_is_over(self) -> HttpResponse:
        """The one answer to a link that is forged, used, expired or for something else."""
        return self.show("link_over", status=410)
