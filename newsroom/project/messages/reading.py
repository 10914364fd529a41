"""Finds the texts that are marked for translation, with Python alone.

Templates are read as Django's own ``makemessages`` reads them, modules by their syntax tree, so
neither needs the gettext programs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

SHAPES = {
    "gettext": ("text",),
    "gettext_lazy": ("text",),
    "gettext_noop": ("text",),
    "ngettext": ("text", "plural"),
    "ngettext_lazy": ("text", "plural"),
    "pgettext": ("context", "text"),
    "pgettext_lazy": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
    "npgettext_lazy": ("context", "text", "plural"),
}
IN_TEMPLATES = {name: name for name in SHAPES} | {"_": "gettext"}
CALL = re.compile(
    r"\b(n?p?gettext|_)\(((?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^()'\"])*)\)", re.DOTALL
)
FOR_EDITORS = {
    *("label", "help_text", "description", "heading", "verbose_name", "verbose_name_plural"),
    *("error_messages", "violation_error_message", "item_label", "choices", "icon"),
}


@dataclass(frozen=True, order=True)
class Message:
    """A text as it stands in the code. ``plural`` and ``context`` are "" where it has none."""

    text: str
    plural: str = ""
    context: str = ""


@dataclass(frozen=True)
class Found:
    message: Message
    path: str
    line: int


def read_template(path: Path, root: Path) -> Iterator[Found]:
    """Yield every marked text of a template."""
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for match in CALL.finditer(code):
        call = ast.parse(f"f({match[2].strip()})", mode="eval").body
        message = _message(IN_TEMPLATES[match[1]], call)
        if message is not None:
            line = code.count("\n", 0, match.start()) + 1
            yield Found(message, str(path.relative_to(root)), line)


def read_module(path: Path, root: Path, *, mixed: bool = False) -> Iterator[Found]:
    """Yield every marked text of a module.

    ``mixed``: editors have texts in it, too. Left out are then labels and help texts of their
    forms, the ``Meta`` of their blocks, and what they are told of a mistake.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    names = dict(_imported(tree))
    for node in _nodes(tree, skips_editors=mixed):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        message = _message(names.get(node.func.id, ""), node)
        if message is not None:
            yield Found(message, str(path.relative_to(root)), node.lineno)


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                yield alias.asname or alias.name, alias.name


def _nodes(node: ast.AST, *, skips_editors: bool) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (skips_editors and _is_for_editors(child)):
            yield from _nodes(child, skips_editors=skips_editors)


def _is_for_editors(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg in FOR_EDITORS
    if isinstance(node, ast.ExceptHandler):
        return True
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return node.name in {"Meta", "clean", "_fault", "_faults"}
    if isinstance(node, ast.Assign):
        targets = {target.id for target in node.targets if isinstance(target, ast.Name)}
        return bool(targets & {"content_panels", "page_description", "page_label"})
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        return name.endswith("Error")
    return False


def _message(function: str, call: ast.Call) -> Message | None:
    """Return what a call marks; None where it marks nothing, or nothing that can be read."""
    shape = SHAPES.get(function)
    if shape is None or len(call.args) < len(shape):
        return None
    texts = [one.value for one in call.args[: len(shape)] if isinstance(one, ast.Constant)]
    if len(texts) < len(shape) or not all(isinstance(text, str) for text in texts):
        return None
    return Message(**dict(zip(shape, texts, strict=True)))


def in_order(found: Iterable[Found]) -> dict[Message, list[Found]]:
    """Return each message once, with every place where it stands, in the order of the places."""
    places: dict[Message, list[Found]] = {}
    for one in sorted(found, key=lambda one: (one.path, one.line)):
        places.setdefault(one.message, []).append(one)
    return places
