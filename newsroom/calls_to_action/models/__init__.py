"""What is asked of readers, where it stands, when it is silent, how it is tried and counted.

One owner per table: staff write asks, placements, quiet times, donation pages and trials;
``counters`` writes counts; ``gifts`` writes gifts.
"""

from newsroom.calls_to_action.models.asks import CallToAction, Variant
from newsroom.calls_to_action.models.copies import PhaseCopy
from newsroom.calls_to_action.models.counts import AskCount, CountBatch, Gift
from newsroom.calls_to_action.models.donations import DonationPage
from newsroom.calls_to_action.models.placements import Placement, QuietTime
from newsroom.calls_to_action.models.trials import Trial

__all__ = [
    "AskCount",
    "CallToAction",
    "CountBatch",
    "DonationPage",
    "Gift",
    "PhaseCopy",
    "Placement",
    "QuietTime",
    "Trial",
    "Variant",
]
