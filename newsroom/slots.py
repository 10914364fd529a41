"""The slot in every story through which other apps bring their blocks.

``NEWSROOM_STORY_BLOCKS`` names them as ``(key, dotted path)``. This module turns the names into
block classes and says, in sentences, what is wrong with an entry. A wrong entry never takes a
page down: readers get the story without that block, and ``manage.py check`` refuses to go on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.module_loading import import_string
from wagtail.blocks import Block

from newsroom.blocks import BUILT_IN_BLOCKS
from newsroom.conf import newsroom_settings

SETTING = "NEWSROOM_STORY_BLOCKS"


@dataclass(frozen=True)
class Slot:
    """What the setting gives: usable ``(key, class)`` pairs, and ``(sentence, hint)`` problems."""

    block_classes: tuple[tuple[str, type[Block]], ...]
    problems: tuple[tuple[str, str], ...]


def read_slot(entries: object = None) -> Slot:
    if entries is None:
        entries = newsroom_settings.STORY_BLOCKS
    if not isinstance(entries, (list, tuple)):
        problem = (f"{SETTING} is not a list.", f'Write {SETTING} = [("key", "app.blocks.Block")].')
        return Slot(block_classes=(), problems=(problem,))
    found: dict[str, type[Block]] = {}
    problems = []
    for entry in entries:
        block_class, problem = _read_entry(entry, taken=found)
        if problem:
            problems.append(problem)
        else:
            found[entry[0]] = block_class
    return Slot(block_classes=tuple(found.items()), problems=tuple(problems))


def _read_entry(entry: Sequence[str], taken: dict) -> tuple[type[Block] | None, tuple | None]:
    is_pair = isinstance(entry, (list, tuple)) and len(entry) == 2
    if not is_pair or not all(isinstance(part, str) for part in entry):
        return None, (
            f"{SETTING} has the entry {entry!r}, which is not a key and a dotted path.",
            'Write each entry as ("key", "app.blocks.Block").',
        )
    key, path = entry
    if not key.isidentifier():
        return None, (
            f"{SETTING} has the key {key!r}, which cannot name a block.",
            "Use lowercase letters, digits and underscores.",
        )
    if key in BUILT_IN_BLOCKS:
        return None, (
            f"{SETTING} has the key {key!r}, which is a block of every story already.",
            f"Choose a key other than {', '.join(BUILT_IN_BLOCKS)}.",
        )
    if key in taken:
        return None, (
            f"{SETTING} has the key {key!r} twice.",
            "Give each block a key of its own; stories already written keep the key they used.",
        )
    try:
        block_class = import_string(path)
    except ImportError as error:
        return None, (
            f"{SETTING} names {path!r} for {key!r}, which cannot be imported: {error}",
            "Correct the path, or take the entry out; stories keep what was written with it.",
        )
    if not (isinstance(block_class, type) and issubclass(block_class, Block)):
        return None, (
            f"{SETTING} names {path!r} for {key!r}, which is not a block class.",
            "Name a class that inherits from wagtail.blocks.Block.",
        )
    return block_class, None
