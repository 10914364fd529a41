"""Which arm of a test a browser gets. ``asks.js`` does the same; a test compares both.

Each arm draws a number from the browser's random id, the test and the arm, and the highest wins.
Taking an arm away moves only its own readers, and bringing it back returns exactly those.
"""

from collections.abc import Sequence

_MASK = 0xFFFFFFFF


def draw(text: str) -> int:
    """Return 32 well mixed bits of an ASCII text (FNV-1a, then MurmurHash's last steps)."""
    value = 2166136261
    for character in text:
        value = ((value ^ ord(character)) * 16777619) & _MASK
    for factor, shift in ((0x85EBCA6B, 16), (0xC2B2AE35, 13)):
        value = ((value ^ value >> shift) * factor) & _MASK
    return value ^ value >> 16


def choose_arm(reader: str, trial: str, arms: Sequence[str]) -> str:
    """Return the arm for a browser's id. ``arms`` are those that are shown now."""
    return max(arms, key=lambda arm: draw(f"{reader}{trial}{arm}"))
