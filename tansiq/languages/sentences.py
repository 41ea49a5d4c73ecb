"""One sentence that travels as a message id with its fields, and is said where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from tansiq.languages.messages import Messages, join


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence: ``text`` is a message id with ``{fields}``, said in the reader's language where it is shown.

    A field that ends in ``_ms`` is an instant (UTC ms); a list is joined as the language lists things; a mapping holds
    a name by language; a sentence stands inside another as a part of it.
    """

    text: str
    fields: dict[str, Any] = {}


def say_sentence(given: Sentence, lang: str, *, plain: bool = False) -> str:
    """Say a sentence as text; *plain* for a terminal or a log: no marks of direction stand in it.

    Raises:
        Malformed: ``languages.unknown``.
    """
    messages = Messages.load(lang)
    return messages.gettext(given.text, plain=plain,
                            **{name: _field(messages, name, value, plain) for name, value in given.fields.items()})


def _field(messages: Messages, name: str, value: object, plain: bool) -> object:
    if isinstance(value, Sentence):
        return _Whole(say_sentence(value, messages.lang, plain=plain))
    if name.endswith("_ms") and isinstance(value, int):
        return f"{datetime.fromtimestamp(value / 1000, UTC):%Y-%m-%d %H:%MZ}"
    if isinstance(value, Mapping):
        return _Whole(named(value, messages.lang))
    if isinstance(value, list | tuple):
        parts = [str(_field(messages, "", one, plain)) for one in value]
        return _Whole(join(parts, messages.lang, plain=plain))
    return value


def named(names: Mapping[str, str], lang: str) -> str:
    """The name in a language; English, or any, where there is none."""
    return names.get(lang) or names.get("en") or next(iter(names.values()), "")


class _Whole:
    """Words that are in the reader's language already: they take no marks of direction of their own."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text

    def __format__(self, spec: str) -> str:
        return format(self._text, spec)
