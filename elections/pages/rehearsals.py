"""A rehearsal stays among ourselves: its pages say what they are, and no search finds them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from newsroom.publishing import DoorMixin


class RehearsalMixin(DoorMixin):
    """For pages about an election; needs ``get_election``. Put it before the base page."""

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if self.get_election().is_test:
            response["X-Robots-Tag"] = "noindex"
        return response

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Leave the page of a test election out of the sitemap."""
        return [] if self.get_election().is_test else super().get_sitemap_urls(request)
