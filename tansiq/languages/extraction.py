"""What the code says to people: every message id, read from syntax trees and templates without running them.

In Python a message is: the sentence beside a dotted code (``Malformed("wire.size", "...")``, or such a pair in a
table); the title, hint or choice of a ``Kind``, ``Field``, ``Form`` or ``Desk``; an argument of ``N_``, ``_``, ``n_``,
``gettext``, ``ngettext``, ``say``, ``many`` or ``Sentence``; and a text in a table of a module whose name says so.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from jinja2.ext import babel_extract

_CODE = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")
_SENTENCE = re.compile(r"[A-Z{\"'].*\s.*[.?!]", re.DOTALL)
_TABLE = re.compile(r"_?[A-Z0-9_]*(?:TITLES?|SENTENCES?|STATUS|NAMES?|ROLES?|OFFICES|HINTS?|LABELS?|WORDS|SAID)")
_CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
_TRANSLATED_IN_PLACE = ("charter/labels.py",)
_MARKS = {"N_": 1, "_": 1, "gettext": 1, "n_": 2, "ngettext": 2, "say": 1, "many": 2, "Sentence": 1}
_POSITIONS = {"Kind": (4,), "Field": (1, 5), "Form": (), "Desk": (2,), "View": (1,), "Layer": (1,)}
_KEYWORDS = {"title", "hint", "choices"}

Message = str | tuple[str, str]


def extract(package: Path) -> Catalog:
    """Read all messages below *package*, each with the files that say it."""
    catalogue = Catalog(project="Tansiq", charset="utf-8", fuzzy=False)
    for path in sorted(package.rglob("*")):
        if path.as_posix().endswith(_TRANSLATED_IN_PLACE):
            continue
        place = (path.relative_to(package.parent).as_posix(), 0)
        for message in _messages_of(path):
            catalogue.add(message, locations=[place])
    return catalogue


def _messages_of(path: Path) -> Iterator[Message]:
    if path.suffix == ".py":
        yield from _in_python(ast.parse(path.read_text("utf-8"), str(path)))
    elif path.suffix == ".html" and "static" not in path.parts:
        for _, function, message, _ in babel_extract(BytesIO(path.read_bytes()), ("_", "n_"), [], {}):
            if isinstance(message, str):
                yield message
            elif message and message[0]:
                yield (str(message[0]), str(message[1])) if function == "n_" else str(message[0])


def _in_python(tree: ast.Module) -> Iterator[Message]:
    tables = dict(_tables(tree))
    for name, value in tables.items():
        whole = _TABLE.fullmatch(name) is not None
        yield from (text for text in _texts(value) if _SENTENCE.fullmatch(text) or (whole and text[:1].isupper()))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _in_call(node, tables)
        if isinstance(node, ast.Call | ast.Tuple):
            parts = node.args if isinstance(node, ast.Call) else node.elts
            if len(parts) > 1 and _is_code(parts[0]):
                yield from (text for text in _strings(parts[1]) if _SENTENCE.fullmatch(text))


def _in_call(node: ast.Call, tables: dict[str, ast.expr]) -> Iterator[Message]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in _MARKS and len(node.args) >= _MARKS[name]:
        found = [list(_strings(argument)) for argument in node.args[: _MARKS[name]]]
        if _MARKS[name] == 2 and all(found):
            yield found[0][0], found[1][0]
        elif _MARKS[name] == 1:
            yield from (text for text in found[0] if not _CODE.fullmatch(text))
    if name in _POSITIONS:
        asked = [node.args[place] for place in _POSITIONS[name] if place < len(node.args)]
        asked += [keyword.value for keyword in node.keywords if keyword.arg in _KEYWORDS]
        for part in asked:
            value = tables.get(part.id, part) if isinstance(part, ast.Name) else part
            yield from (text for text in _texts(value) if text and not _CODE.fullmatch(text) and not text.isdecimal()
                        and len(text) > 1)


def _tables(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(
            node, ast.AnnAssign) else []
        for target in targets:
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and _CONSTANT.fullmatch(target.id) and isinstance(
                    value, ast.Constant | ast.Tuple | ast.Dict | ast.List):
                yield target.id, value


def _texts(node: ast.expr) -> Iterator[str]:
    """All texts in a literal; of a dictionary its values alone."""
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value)
    elif isinstance(node, ast.Tuple | ast.List):
        for part in node.elts:
            yield from _texts(part)
    else:
        yield from _strings(node)


def _strings(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)


def _is_code(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):  # a code whose last part is filled in
        return bool(node.values) and _is_code(ast.Constant(str(getattr(node.values[0], "value", "")).rstrip(".")))
    return any(_CODE.fullmatch(text) for text in _strings(node))
