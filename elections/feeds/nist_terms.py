"""The words of NIST SP 1500-100 for what we tell apart, in both directions."""

from __future__ import annotations

import re
from typing import Final

from elections.counting.thresholds import Comparator, Threshold

TYPE: Final = "ElectionResults."
RECALL: Final = "recall"
SOURCE_KEY: Final = "source-key"
"""Our ``OtherType`` of an identifier that is the key of a contest or a selection."""

GROUP: Final = "group"
"""Our ``OtherType`` of an identifier that is the heading a contest stands under."""

_LABEL = re.compile(r"(?P<comparator>[a-z-]+) (?P<over>\d{1,9})/(?P<under>\d{1,9})", re.ASCII)


def label_threshold(threshold: Threshold) -> str:
    """``at-least 55/100``: exact, for machines."""
    return f"{threshold.comparator.value} {threshold.numerator}/{threshold.denominator}"


def describe_threshold(threshold: Threshold) -> str:
    """``At least 55/100 of the votes cast``: the same for people."""
    words = label_threshold(threshold).replace("-", " ")
    return f"{words[:1].upper()}{words[1:]} of the votes cast"


def read_threshold(label: str) -> Threshold | None:
    """Return the threshold that ``label_threshold`` wrote; None for anybody else's words."""
    found = _LABEL.fullmatch(label)
    if found is None or found["comparator"] not in set(Comparator):
        return None
    over, under = int(found["over"]), int(found["under"])
    if not 0 < over <= under:
        return None
    return Threshold(over, under, Comparator(found["comparator"]))
