"""Amounts of money as an editor writes them: ``10, 25, 50``."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

AMOUNT = re.compile(r"[1-9][0-9]{0,5}(\.[0-9]{2})?")
MOST = 6


def read_amounts(text: str) -> tuple[str, ...]:
    """Return the amounts in a text, as they are sent. What is none of them is left out."""
    parts = [part.strip() for part in (text or "").split(",")]
    return tuple(part for part in parts if AMOUNT.fullmatch(part))


def validate_amounts(text: str) -> None:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > MOST or any(not AMOUNT.fullmatch(part) for part in parts):
        raise ValidationError(_("Write up to six amounts with commas between: 10, 25, 50."))


class AmountsField(models.CharField):
    def __init__(self, *args: object, **kwargs: object):
        kwargs.setdefault("max_length", 80)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("validators", [validate_amounts])
        kwargs.setdefault("help_text", _("For example: 10, 25, 50."))
        super().__init__(*args, **kwargs)
