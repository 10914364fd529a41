"""Brings a catalog up to date with the code, and compiles it; says what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polib

from newsroom.project.messages.readers import Catalog
from newsroom.project.messages.reading import Message

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|<[^>]+>")
HEADER = {
    "Project-Id-Version": "wagtail-newsroom-elections",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def update(catalog: Catalog, language: str, *, everything: bool = False) -> polib.POFile:
    """Write the catalog anew: what is in the code, with the translations it had."""
    path = catalog.path(language)
    before = _entries(read(path)) if path.exists() else {}
    po = polib.POFile(wrapwidth=99)
    po.metadata = {**HEADER, "Language": language}
    for message, places in catalog.messages(everything=everything).items():
        paths = dict.fromkeys(one.path for one in places)
        entry = polib.POEntry(
            msgid=message.text,
            msgid_plural=message.plural,
            msgctxt=message.context or None,
            occurrences=[(path, "") for path in paths],
            flags=["python-format"] if "%" in message.text else [],
        )
        _take_over(entry, before.get(message))
        po.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    po.save(str(path))
    return po


def _take_over(entry: polib.POEntry, before: polib.POEntry | None) -> None:
    empty = {0: "", 1: ""}
    if entry.msgid_plural:
        entry.msgstr_plural = (before and before.msgstr_plural) or empty
    else:
        entry.msgstr = before.msgstr if before else ""


def read(path: Path) -> polib.POFile:
    return polib.pofile(str(path), wrapwidth=99)


def compiled_path(path: Path) -> Path:
    return path.with_suffix(".mo")


def compile_catalog(path: Path) -> None:
    compiled_path(path).write_bytes(read(path).to_binary())


def _entries(po: polib.POFile) -> dict[Message, polib.POEntry]:
    return {
        Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or ""): entry
        for entry in po
        if not entry.obsolete
    }


def problems(catalog: Catalog, language: str) -> Iterator[str]:
    """Yield what is wrong with a catalog, one sentence for each text."""
    path = catalog.path(language)
    entries = _entries(read(path))
    for message, places in catalog.messages().items():
        entry = entries.get(message)
        if entry is None:
            yield f"{places[0].path}:{places[0].line}: “{message.text}” is not in the catalog."
        else:
            yield from _problems_of(message, entry)
    compiled = compiled_path(path)
    if not compiled.exists() or compiled.read_bytes() != read(path).to_binary():
        yield f"{compiled.name} is not what {path.name} says. Run make messages."


def _problems_of(message: Message, entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield f"“{message.text}” is marked as fuzzy."
    said = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
    if not all(said):
        yield f"“{message.text}” is not translated."
        return
    # A plural form says the larger number; what the singular leaves out may stand in it.
    allowed = set(PLACEHOLDER.findall(message.text + message.plural))
    wanted = set(PLACEHOLDER.findall(message.plural or message.text))
    if set(PLACEHOLDER.findall(said[-1])) != wanted or any(
        set(PLACEHOLDER.findall(one)) - allowed for one in said
    ):
        yield f"“{message.text}” has other placeholders in its translation."
