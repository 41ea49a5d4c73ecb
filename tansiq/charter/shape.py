"""From TOML to plain values, and from plain values to the model: each refusal names the place."""

from __future__ import annotations

import datetime
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from typing import Any, NoReturn, TypeVar

import msgspec

from tansiq.errors import Malformed
from tansiq.wire import ENTRY_OPEN_BODY_BYTES_MAX, INTEGER_MAX

P = TypeVar("P")

DEPTH_MAX = 12
WORDS_MAX = 8_000
LINE_MAX = 300

# Keys whose value is a text in every working language; the longer ones may have several lines.
LONG_TEXTS = frozenset({"text", "note", "purpose", "attribution", "disclaimers"})
TEXTS = LONG_TEXTS | {"name", "capital", "place", "title"}

_TAG = re.compile(r"[a-z]{2,3}\Z")
_AT = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?\Z", re.DOTALL)
_FIELD = re.compile(r"field `([^`]*)`")
_TOML_AT = re.compile(r"(.*) \(at (line \d+, column \d+|end of document)\)\Z", re.DOTALL)
# Controls but tab and newline (a line's closing CR is no part of it); marks that turn the direction of text;
# separators and marks that cannot be seen.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
                        "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]")  # fmt: skip


# Strings and comments of TOML; one that never ends runs to the end, so that the search stays linear.
_OPAQUE = re.compile(r'''"""(?:[^"\\]|\\.|"{1,2}(?!"))*+(?:"{3,5}|\\?\Z)|"(?:[^"\\\n]|\\.)*+"?'''
                     r"""|'''(?:[^']|'{1,2}(?!'))*+(?:'{3,5}|\Z)|'[^'\n]*+'?|\#[^\n]*+""", re.DOTALL)  # fmt: skip
_DOTTED = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{DEPTH_MAX}}}")


class _Fraction(str):
    """A TOML float as it was written; it is refused with its place."""


def refuse(code: str, sentence: str, place: str, /, **fields: object) -> NoReturn:
    """Raise ``Malformed``; *sentence* begins with ``{place}``, so that it names the place."""
    raise Malformed(code, sentence, place=place, **fields)


def read_toml(text: str) -> dict[str, Any]:
    """Read *text* as TOML with whole numbers only and no character that hides or turns.

    Raises:
        Malformed: ``charter.size``, ``charter.text``, ``charter.toml``, ``charter.number``, ``charter.depth``.
    """
    if len(text) > ENTRY_OPEN_BODY_BYTES_MAX or written_size(text) > ENTRY_OPEN_BODY_BYTES_MAX:
        refuse("charter.size", "{place}: the charter is longer than the {limit} bytes of an open entry.", "charter",
               limit=ENTRY_OPEN_BODY_BYTES_MAX)
    for number, line in enumerate(text.split("\n"), 1):
        _check_characters(line.removesuffix("\r"), f"line {number}")
    _check_dots(text)
    try:
        tree = tomllib.loads(text, parse_float=_Fraction)
    except RecursionError:
        refuse("charter.depth", "{place}: nested deeper than {limit}.", "charter", limit=DEPTH_MAX)
    except ValueError as error:
        found = _TOML_AT.match(str(error))
        why, place = found.groups() if found else (str(error), "charter")
        refuse("charter.toml", "{place}: not TOML: {why}.", place, why=why)
    for place, value in _walk(tree, "", 0):
        _check_value(place, value)
    return tree


def _check_dots(text: str) -> None:
    """Refuse long dotted keys before they are read: the reader's memory grows with the square of their parts."""
    found = _DOTTED.search(_OPAQUE.sub("x", text))
    if found:
        refuse("charter.depth", "{place}: nested deeper than {limit}.", found[0][:40], limit=DEPTH_MAX)


def written_size(text: str) -> int:
    """Bytes of *text* inside a JSON body; a lone surrogate counts as three."""
    escaped = sum(text.count(mark) for mark in '"\\\n\t\r')
    return len(text.encode("utf-8", "surrogatepass")) + escaped


def _walk(value: Any, place: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Every key and value below *value*, each with its place (``members[2].name.fa``)."""
    if depth > DEPTH_MAX:
        refuse("charter.depth", "{place}: nested deeper than {limit}.", place, limit=DEPTH_MAX)
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_characters(key, place or "charter")
            yield from _walk(inner, f"{place}.{key}" if place else key, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{place}[{index}]", depth + 1)
    else:
        yield place, value


def _check_value(place: str, value: Any) -> None:
    if isinstance(value, _Fraction):
        refuse("charter.number", "{place}: {given} is not a whole number; a charter holds no fractions.", place,
               given=value[:40])
    if isinstance(value, int) and abs(value) > INTEGER_MAX:
        refuse("charter.number", "{place}: the number is beyond 2^53-1.", place)
    if isinstance(value, str):
        _check_characters(value, place)


def _check_characters(text: str, place: str) -> None:
    found = _FORBIDDEN.search(text)
    if found:
        refuse("charter.text", "{place}: holds the character {given}, which hides or turns what people read.", place,
               given=f"U+{ord(found[0]):04X}")
    if not unicodedata.is_normalized("NFC", text):
        refuse("charter.text", "{place}: {given!r} is not in Unicode normal form NFC.", place, given=text[:40])


def convert(tree: dict[str, Any], type_: type[P]) -> P:
    """Read plain values into the model.

    Raises:
        Malformed: ``charter.key`` for a key that the spec does not name, ``charter.missing``, ``charter.value``.
    """
    try:
        return msgspec.convert(tree, type_, strict=True, builtin_types=(datetime.date,))
    except msgspec.ValidationError as error:
        _refuse_shape(str(error), tree)


def _refuse_shape(message: str, tree: dict[str, Any]) -> NoReturn:
    found = _AT.match(message)
    why, place = (found[1], found[2] or "") if found else (message, "")
    field = _FIELD.search(why)
    if field and "unknown" in why:
        refuse("charter.key", "{place}: the spec knows no key {given!r} here.", join(place, field[1][:60]),
               given=field[1][:60])
    if field:
        refuse("charter.missing", "{place}: this key is missing.", join(place, field[1]))
    refuse("charter.value", "{place}: {why}; given is {given}.", place or "charter", why=why,
           given=repr(_at(tree, place))[:60])


def join(place: str, key: str) -> str:
    """Name the place of *key* inside *place*."""
    return f"{place}.{key}" if place else key


def _at(tree: Any, place: str) -> Any:
    """The value at a place, as far as it can be followed."""
    value = tree
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", place):
        if key and isinstance(value, dict) and key in value:
            value = value[key]
        elif index and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
    return value


def check_languages(given: Any) -> tuple[str, ...]:
    """Read the working languages: one to eight tags, each once.

    Raises:
        Malformed: ``charter.language``.
    """
    if not isinstance(given, list) or not 1 <= len(given) <= 8 or len(set(map(str, given))) != len(given):
        refuse("charter.language", "{place}: names one to eight working languages, each once.", "languages")
    for index, tag in enumerate(given):
        if not isinstance(tag, str) or not _TAG.match(tag):
            refuse("charter.language", "{place}: {given!r} is no language tag such as 'ar'.", f"languages[{index}]",
                   given=str(tag)[:20])
    return tuple(given)


def check_texts(value: Any, languages: tuple[str, ...], *, place: str = "", key: str = "") -> None:
    """Hold that every text below *value* stands in every working language, in no other, and says something.

    Raises:
        Malformed: ``charter.language``, ``charter.value``, ``charter.text``.
    """
    if key in TEXTS and not isinstance(value, list):
        _check_text(value, languages, place, key)
    elif isinstance(value, dict):
        for name, inner in value.items():
            check_texts(inner, languages, place=join(place, name), key=name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            check_texts(inner, languages, place=f"{place}[{index}]", key=key if key == "disclaimers" else "")


def _check_text(value: Any, languages: tuple[str, ...], place: str, key: str) -> None:
    if not isinstance(value, dict):
        refuse("charter.language", "{place}: is one text; it must be one in each of {languages}.", place,
               languages=", ".join(languages))
    for tag in languages:
        if tag not in value:
            refuse("charter.language", "{place}: the text is missing in this working language.", join(place, tag))
    limit = WORDS_MAX if key in LONG_TEXTS else LINE_MAX
    for tag, words in value.items():
        if tag not in languages:
            refuse("charter.language", "{place}: {given!r} is none of the working languages.", join(place, tag[:60]),
                   given=tag[:60])
        if not isinstance(words, str):
            refuse("charter.value", "{place}: must be a text; given is {given}.", join(place, tag),
                   given=repr(words)[:60])
        if not words.strip():
            refuse("charter.language", "{place}: the text is empty in this working language.", join(place, tag))
        if len(words) > limit or (key not in LONG_TEXTS and "\n" in words):
            refuse("charter.text", "{place}: at most {limit} characters, and one line where it is a name.",
                   join(place, tag), limit=limit)
