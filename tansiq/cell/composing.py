"""Composing: an act is made of what an officer gives; its head, its thread and its release come from the cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from tansiq.acts import Act, Catalogue, Kind
from tansiq.cell.desk import Desk, Form
from tansiq.cell.registers import Registers
from tansiq.charter import Charter
from tansiq.errors import Malformed, Refused

_RELEASES_KEPT = 1_024


class _Terms:
    """What of a charter is asked for every act, looked up once."""

    def __init__(self, charter: Charter) -> None:
        self.charter = charter
        self.parties = frozenset(party.code for party in charter.parties)
        self.handlings = tuple(handling.code for handling in charter.handling)
        self.releases: dict[tuple[str, ...], tuple[str, ...]] = {}


class Composer:
    """Makes the acts of one cell. What its types can hold is held when it returns; rules come afterwards."""

    def __init__(self, code: str, catalogue: Catalogue, desks: Sequence[Desk], registers: Registers, *,
                 look: Callable[[Mapping[str, str]], Any]) -> None:
        """*look* is what a form's ``fill`` reads."""
        self._code = code
        self._registers = registers
        self._look = look
        self._shapes: dict[str, tuple[Kind, Desk, Form, dict[str, Any]]] = {
            form.kind.name: (kind, desk, form, {"kind": kind.name, "version": kind.version, "author": code,
                                                "assertion": None})
            for desk in desks for form in desk.forms for kind in (catalogue.kind(form.kind.name),)}
        self._terms: _Terms | None = None

    def compose(self, kind_name: str, fields: Mapping[str, Any], officer: str, charter: Charter) -> tuple[Act, Desk]:
        """Make an act of the newest version of a kind.

        Raises:
            Malformed: there is no such kind, or a field cannot be said as it is (``field`` names it).
            Refused: the release, the thread or the handling is none that can be said here.
        """
        shape = self._shapes.get(kind_name)
        if shape is None:
            raise Malformed("act.unknown", "This program does not know the kind of act {given!r}.",
                            given=kind_name[:40])
        kind, desk, form, head = shape
        terms = self._terms
        if terms is None or terms.charter is not charter:
            terms = self._terms = _Terms(charter)
        if form.fill is not None:
            asked = {field.name for field in form.fields if field.asked}
            answers = {name: str(value) for name, value in fields.items() if name in asked and value is not None}
            fields = {name: value for name, value in fields.items() if name not in asked}
            fields |= form.fill(self._look(answers))
        given = fields.get
        named, asked_for = given("refers"), given("release") or ()
        refers: tuple[str, ...] = ()
        thread, release = None, terms.releases.get(tuple(asked_for))
        if named or release is None:
            refers = tuple([self._resolve(one) for one in named or ()])
            thread, release = self._thread(refers, asked_for, terms)
        handling = given("handling") or terms.handlings[0]
        if handling not in terms.handlings:
            raise Refused("act.handling", "The charter knows no handling {given}.", given=repr(handling[:40]),
                          field="handling")
        whole = {**fields, **head, "officer": officer, "thread": thread, "refers": refers, "release": release,
                 "handling": handling, "topic": given(form.topic or "topic"),
                 "precedence": given("precedence") or "routine"}
        try:
            return msgspec.convert(whole, kind.type), desk
        except msgspec.ValidationError as error:
            why, _, path = str(error).partition(" - at `$.")
            raise Malformed("field.value", "{field} cannot be taken: {why}.", why=why,
                            field=path.split(".")[0].split("[")[0].rstrip("`") or "") from error

    def _resolve(self, given: str) -> str:
        """An act's id, from the id itself or from how people say it (``IQ 412/7``)."""
        if len(given) == 64:
            return given
        row = self._registers.by_reference(given)
        if row is None:
            raise self._absent(given)
        return row.id

    def _thread(self, refers: tuple[str, ...], release: Sequence[str],
                terms: _Terms) -> tuple[str | None, tuple[str, ...]]:
        """The thread of the acts referred to and its release; a first act names its own release."""
        asked = self._release(release, terms)
        if not refers:
            return None, asked
        row = self._registers.act(refers[0])
        if row is None:
            raise self._absent(refers[0])
        if release and asked != row.release:
            raise Refused("act.thread", "A thread has one release, and this one's is {release}.",
                          release=", ".join(row.release), field="release")
        return row.thread, row.release

    def _release(self, release: Sequence[str], terms: _Terms) -> tuple[str, ...]:
        key = tuple(release)
        found = terms.releases.get(key)
        if found is not None:
            return found
        asked = tuple(sorted({*release, self._code}))
        for code in asked:
            if code not in terms.parties:
                raise Refused("release.unknown", "{code} is no member of the centre and cannot be addressed here.",
                              code=code, field="release")
        if len(terms.releases) >= _RELEASES_KEPT:
            terms.releases.clear()
        terms.releases[key] = asked
        return asked

    def _absent(self, given: str) -> Refused:
        return Refused("act.absent", "{member} can read no act {given}.", member=self._code, given=given[:80],
                       field="refers")
