"""What people type, read into the fields of an act: the same for forms, the command line and imports.

Beside a field stand the keys that complete it: ``title_lang`` (or ``lang`` for all texts), ``occurred_from_zone``
(or ``zone`` for all instants), ``place_accuracy_m``. The head's ``handling``, ``precedence``, ``topic``, ``release``
and ``refers`` are taken along. Any other key is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

import msgspec

from tansiq.acts import PRECEDENCES, Precedence, Text
from tansiq.acts.catalogue import own_fields
from tansiq.cell.desk import Field, Form
from tansiq.desks import widgets
from tansiq.errors import Malformed

Given = Mapping[str, str | Sequence[str] | None]
Hold = Callable[[dict[str, Any]], None]
HEAD_KEYS = ("release", "refers", "handling", "precedence", "topic")
_SHARED_KEYS = ("lang", "zone")
_EMPTY: Mapping[str, object] = {"words": (), "codes": (), "several": (), "lines": (), "yes": False}
TITLE_CHARACTERS = 120
_SENTENCE = re.compile(r".+?[.!?؟۔](?=\s|$)")
_MARKS = ("_lang", "_zone", "_accuracy_m")


@dataclass(frozen=True, slots=True)
class _Step:
    """How one field of a form is read."""

    field: Field
    read: Callable[[str, str, Given], object]
    empty: object


def compose(form: Form, given: Given) -> dict[str, Any]:
    """Make the fields of an act from what was typed, as ``Cell.say`` takes them (plain values).

    Empty means not given: the field's default, or None where the kind admits it.

    Raises:
        Malformed: ``field`` names the first field at fault.
    """
    return composer(form)(given)


@lru_cache(maxsize=256)
def composer(form: Form) -> Callable[[Given], dict[str, Any]]:
    """``compose`` for one form, made ready once: for rows by the thousand."""
    steps, known, hold = _plan(form)
    return lambda given: _compose(form.kind.name, steps, known, hold, given)


def _compose(kind: str, steps: tuple[_Step, ...], known: frozenset[str], hold: Hold, given: Given) -> dict[str, Any]:
    for key in given:
        if key not in known:
            raise Malformed("field.unknown", "A {kind} has no field {field}.", kind=kind, field=key[:80])
    made: dict[str, Any] = {}
    for step in steps:
        field = step.field
        text = given.get(field.name)
        if text.__class__ is not str:
            text = _one(text, field.name)
        if not text or text.isspace():
            text = field.default
        if text:
            made[field.name] = step.read(text, field.name, given)
        elif field.required:
            raise Malformed("field.missing", "{field} is missing.", field=field.name)
        else:
            made[field.name] = step.empty
    _held(hold, made)
    for key in HEAD_KEYS:
        if given.get(key):
            made[key] = _read_head(key, given[key])
    return made


def spoken_for(form: Form, given: Given) -> dict[str, str | Sequence[str] | None]:
    """What was typed in a form, with what another field says for one that was left empty.

    An instant stands for another as it is, with its zone; a text for a line by its first sentence.
    """
    filled = dict(given)
    for field in form.fields:
        if field.else_from and not _one(given.get(field.name), field.name).strip():
            text = _one(given.get(field.else_from), field.name)
            filled[field.name] = first_sentence(text) if field.widget == "line" else text
            if field.else_from + "_zone" in given:
                filled[field.name + "_zone"] = given[field.else_from + "_zone"]
    return filled


def read_each(form: Form, given: Given) -> tuple[dict[str, Any], dict[str, Malformed]]:
    """Read a form that is not finished, field by field: what can be read, and what is at fault where something stands.

    What was left empty is in neither.
    """
    steps, _, _ = _plan(form)
    made: dict[str, Any] = {}
    faults: dict[str, Malformed] = {}
    for step in steps:
        name = step.field.name
        try:
            text = _one(given.get(name), name)
            if text.strip() or step.field.default:
                made[name] = step.read(text if text.strip() else step.field.default, name, given)
        except Malformed as error:
            faults[name] = error
    return made, faults


def first_sentence(text: str) -> str:
    """The first sentence of a text, in any of the scripts; cut between words after 120 characters."""
    line = text.strip().split("\n")[0].strip()
    found = _SENTENCE.match(line)
    first = found.group().rstrip(" .。۔") if found else line
    if len(first) <= TITLE_CHARACTERS:
        return first
    return first[:TITLE_CHARACTERS].rsplit(" ", 1)[0].rstrip(" ,،;؛:") + "…"


@lru_cache(maxsize=256)
def draft_type(form: Form) -> type[msgspec.Struct]:
    """The type of an API's body for one kind: its own fields, and what of the head the speaker chooses.

    ``release`` may be left out where the act answers another (it is its thread's). ``thread``, ``author`` and those
    fields that the form calls filled are the cell's to fill. Fields that the kind admits as null may be left out.
    """
    release: list[Any] = [("release", tuple[str, ...], ())] if form.answers else [("release", tuple[str, ...])]
    head: list[Any] = [*release, ("refers", tuple[str, ...], ()), ("handling", str, ""),
                       ("precedence", Precedence, "routine"), ("topic", str | None, None)]
    name = "".join(part.capitalize() for part in form.kind.name.split("_")) + "Draft"
    asked: list[Any] = [(field.name, str) if field.required else (field.name, str, "")
                        for field in form.fields if field.asked]
    return msgspec.defstruct(name, [*_own(form), *asked, *head], kw_only=True, frozen=True, forbid_unknown_fields=True,
                             namespace={"__doc__": f"A {form.kind.name}, as it is said."},
                             module=form.kind.type.__module__)


def check(form: Form, own: object) -> None:
    """Hold what the kind's types cannot say, on its own fields alone (a draft, or the act itself).

    Raises:
        Malformed: ``field`` names the field at fault.
    """
    held = getattr(form.kind.type, "check", None)
    if held is not None:
        held(own)


def read_lines(text: str, field: str) -> list[str]:
    """Read one thing on a line, for a field of widget ``lines``; empty lines are passed over."""
    return [widgets.read_line(line, field) for line in text.split("\n") if line.strip()]


def write_lines(lines: Sequence[str]) -> str:
    """Write one thing on a line."""
    return "\n".join(lines)


def _own(form: Form) -> list[Any]:
    return [(info.name, info.type, None) if type(None) in get_args(info.type) else (info.name, info.type)
            for info in own_fields(form.kind.type) if info.name not in form.filled]


def _plan(form: Form) -> tuple[tuple[_Step, ...], frozenset[str], Hold]:
    types = {info.name: info.type for info in own_fields(form.kind.type) if info.name not in form.filled}
    strays = {field.name for field in form.fields if not field.asked} ^ set(types)
    assert not strays, f"the form of {form.kind.name} and its struct differ in {sorted(strays)}"
    types |= {field.name: str for field in form.fields if field.asked}
    steps = tuple(_Step(field, _reader(field, types[field.name]), _EMPTY.get(field.widget)) for field in form.fields)
    known = {*types, *HEAD_KEYS, *_SHARED_KEYS, *(name + mark for name in types for mark in _MARKS)}
    own = msgspec.defstruct("Own", _own(form), kw_only=True, frozen=True)
    asked = {field.name for field in form.fields if field.asked}

    def hold(made: dict[str, Any]) -> None:
        check(form, msgspec.convert({name: value for name, value in made.items() if name not in asked}, own))

    return steps, frozenset(known), hold


def _held(hold: Hold, made: dict[str, Any]) -> None:
    try:
        hold(made)
    except msgspec.ValidationError as error:
        why, _, path = str(error).partition(" - at `$.")
        raise Malformed("field.value", "{field} cannot be taken: {why}.", why=why,
                        field=path.split(".")[0].split("[")[0].rstrip("`") or None) from error


def _reader(field: Field, type_: Any) -> Callable[[str, str, Given], object]:
    spoken = type_ is Text or Text in get_args(type_)
    if field.widget == "line" and spoken:
        return lambda text, name, given: {"lang": _lang(name, given), "text": widgets.read_line(text, name)}
    if field.widget == "text":
        if not spoken:
            return lambda text, name, given: widgets.read_text(text, name)
        return lambda text, name, given: {"lang": _lang(name, given), "text": widgets.read_text(text, name)}
    if field.widget == "instant":
        return lambda text, name, given: widgets.read_instant(
            text, _one(given.get(name + "_zone"), name) or _one(given.get("zone"), name), name)
    if field.widget == "position":
        return _read_place
    if field.read is not None:
        given_by_kind = field.read
        return lambda text, name, given: given_by_kind(widgets.read_text(text, name), name)
    if field.widget == "choice" and field.options is not None:
        return lambda text, name, given: widgets.read_line(text, name)
    if field.widget == "choice":
        choices = {key: key for key, _ in field.choices}
        whole = type_ is int or int in {type(arg) for arg in get_args(type_)}
        return lambda text, name, given: widgets.read_choice(text, choices, name, whole=whole)
    if field.widget == "several":
        several = tuple(key for key, _ in field.choices)
        return lambda text, name, given: widgets.read_several(text, several, name)
    plain: dict[str, Callable[[str, str], object]] = {
        "line": widgets.read_line, "number": widgets.read_number, "words": widgets.read_words,
        "reference": widgets.read_reference, "area": widgets.read_area, "codes": widgets.read_codes,
        "yes": widgets.read_yes}
    read = plain[field.widget]
    return lambda text, name, given: read(text, name)


def _read_place(text: str, name: str, given: Given) -> dict[str, int | None]:
    lat, lon = widgets.read_position(text, name)
    accuracy = _one(given.get(name + "_accuracy_m"), name)
    return {"lat": lat, "lon": lon, "accuracy_m": widgets.read_number(accuracy, name) if accuracy else None}


def _lang(name: str, given: Given) -> str:
    lang = given.get(name + "_lang") or given.get("lang")
    if not lang or lang.__class__ is not str:
        raise Malformed("field.lang", "The language of {field} is missing.", field=name)
    return str(lang)


def _one(value: str | Sequence[str] | None, name: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if len(value) == 1 and isinstance(value[0], str):
        return value[0]
    raise Malformed("field.once", "{field} is given more than once, or not as text.", field=name)


def _read_head(key: str, value: str | Sequence[str] | None) -> object:
    if key in ("release", "refers"):
        parts = value.split(",") if isinstance(value, str) else list(value or ())
        named = [part.strip() for part in parts if part.strip()]
        return tuple(sorted(set(named))) if key == "release" else tuple(named)
    text = widgets.read_line(_one(value, key), key)
    if key == "precedence" and text not in PRECEDENCES:
        raise Malformed("field.choice", "{field} is one of {known}, not {given}.", field=key,
                        known=", ".join(PRECEDENCES), given=repr(text[:40]))
    return text
