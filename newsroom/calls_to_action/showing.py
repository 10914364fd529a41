"""Turns a placed ask into HTML."""

import logging

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from newsroom.calls_to_action.plans import PlacedAsk

logger = logging.getLogger(__name__)

TEMPLATE = "newsroom/calls_to_action/ask.html"


def render_ask(placed: PlacedAsk, context: dict) -> SafeString | str:
    """Return the HTML of an ask. One that fails is left out and logged: the story stays."""
    try:
        return render_to_string(TEMPLATE, {**context, "placed": placed})
    except Exception:
        if settings.DEBUG:
            raise
        logger.exception("An ask could not be shown.", extra={"ask": placed.ask.pk})
        return ""
