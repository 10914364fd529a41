"""Serving a story: what it shows of its subjects is fetched together while it is rendered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from wagtail.models import AbstractPage

from newsroom.models import StoryMixin
from newsroom.subjects import get_subjects


def serve_together(serve: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap the whole of Wagtail's serving. It comes first, so that all others have had their say.

    A template response is rendered here: outside, each block would ask for itself.
    """

    def serve_page(
        page: AbstractPage, request: HttpRequest, args: Any, kwargs: Any
    ) -> HttpResponse:
        if not isinstance(page, StoryMixin):
            return serve(page, request, args, kwargs)
        with get_subjects().gather(page):
            response = serve(page, request, args, kwargs)
            is_open = isinstance(response, SimpleTemplateResponse) and not response.is_rendered
            return response.render() if is_open else response

    return serve_page
