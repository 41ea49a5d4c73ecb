"""The form that says an act, made from a desk's form alone, and what a browser sends back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tansiq.acts import PRECEDENCES
from tansiq.cell.desk import Field, Form
from tansiq.cell.registers import ActRow
from tansiq.charter import Charter
from tansiq.desks.fields import spoken_for
from tansiq.doors.web.reader import Reader
from tansiq.errors import TansiqError
from tansiq.office import Officer

SEGMENTED_MAX = 8
ZONE = "_zone"
_PLACES = ("position", "area")

Sent = Mapping[str, list[str]]


@dataclass(frozen=True)
class Fault:
    """Why an act was not said: one sentence, at a field where one was at fault."""

    error: TansiqError
    field: str | None

    def at(self, name: str) -> bool:
        """Whether it stands at this field."""
        return self.field == name


@dataclass(frozen=True)
class Draft:
    """What the form holds: the values as typed, the release, precedence, handling, and what is answered.

    ``id`` is that of the draft in which it is kept, ``paper`` that of the paper that it becomes again, if there is one.
    """

    form: Form
    values: Mapping[str, str]
    release: tuple[str, ...]
    precedence: str
    handling: str
    lang: str
    answered: ActRow | None
    fault: Fault | None = None
    id: str = ""
    paper: str = ""

    @property
    def inherited(self) -> bool:
        """Whether release and handling are those of the act that is answered."""
        return self.answered is not None

    def value(self, field: Field) -> str:
        """What stands in a field."""
        return self.values.get(field.name, field.default)

    def zone(self, field: Field, charter: Charter) -> str:
        """The zone in which an instant is typed: the seat's, until another is chosen."""
        return self.values.get(field.name + ZONE) or charter.rotation.zone

    def ticked(self, field: Field) -> list[str]:
        """Which codes are ticked in a field."""
        return self.value(field).split(",")

    def segmented(self, field: Field) -> bool:
        """Whether a choice has so few answers that all are shown."""
        return field.widget == "choice" and not field.options and len(field.choices) <= SEGMENTED_MAX

    @property
    def first(self) -> list[tuple[Field, ...]]:
        """The rows that are asked for, in the desk's order: what must be answered, and where it was."""
        return [row for row in rows(self.form) if _asked(row)]

    @property
    def later(self) -> list[tuple[Field, ...]]:
        """The rows that may be left out."""
        return [row for row in rows(self.form) if not _asked(row)]


def rows(form: Form) -> list[tuple[Field, ...]]:
    """The fields of a form, row by row: a field that is joined stands beside the one before it."""
    made: list[tuple[Field, ...]] = []
    for field in form.fields:
        if field.joined and made:
            made[-1] = (*made[-1], field)
        else:
            made.append((field,))
    return made


def _asked(row: tuple[Field, ...]) -> bool:
    return any((field.required and not field.else_from) or field.widget in _PLACES for field in row)


def empty(form: Form, officer: Officer, charter: Charter, lang: str, *, answered: ActRow | None) -> Draft:
    """A form as it is first shown: to all members, routine, the charter's first handling; or as what it answers."""
    release = answered.release if answered else tuple(sorted(m.code for m in charter.members))
    handling = answered.handling if answered else charter.handling[0].code
    return Draft(form, {}, release, "routine", handling, lang, answered)


def taken_up(draft: Draft, typed: Mapping[str, Any]) -> Draft:
    """A form with what a paper holds."""
    names = [name for field in draft.form.fields for name in (field.name, field.name + ZONE)]
    values = {name: str(typed[name]) for name in names if name in typed}
    release = draft.release if draft.answered else tuple(typed.get("release") or draft.release)
    return replace(draft, values=values, release=release, precedence=str(typed.get("precedence") or draft.precedence),
                   handling=str(typed.get("handling") or draft.handling), lang=str(typed.get("lang") or draft.lang))


def read(form: Form, officer: Officer, charter: Charter, sent: Sent, *, answered: ActRow | None) -> Draft:
    """What a browser sent, kept as it was typed."""
    release = answered.release if answered else tuple(sorted({officer.member, *sent.get("release", ())}))
    values = {field.name: _value(sent, field) for field in form.fields}
    values |= {field.name + ZONE: one(sent, field.name + ZONE) for field in form.fields if field.widget == "instant"}
    return Draft(
        form, values, release, one(sent, "precedence") or PRECEDENCES[0],
        answered.handling if answered else one(sent, "handling") or charter.handling[0].code,
        one(sent, "lang") or charter.languages[0], answered, id=one(sent, "draft"),
        paper=one(sent, "paper"))


def typed(draft: Draft) -> dict[str, str | Sequence[str] | None]:
    """What was typed, as the desk's form is read; what was left empty is not there."""
    given: dict[str, str | Sequence[str] | None] = {name: value for name, value in draft.values.items() if value.strip()}
    given |= {"precedence": draft.precedence, "handling": draft.handling, "lang": draft.lang}
    given = spoken_for(draft.form, given)
    if draft.answered:
        return given | {"refers": [draft.answered.id]}
    return given | {"release": list(draft.release)}


def _value(sent: Sent, field: Field) -> str:
    """What stands in a field; boxes that are ticked one by one are set apart by commas."""
    return ",".join(sent.get(field.name, ())) if field.widget in ("codes", "several") else one(sent, field.name)


def one(sent: Sent, name: str) -> str:
    """The first value of a field that was sent; empty where none was."""
    return (sent.get(name) or [""])[0].replace("\r\n", "\n")


def fault(draft: Draft, error: TansiqError) -> Fault:
    """Put a failure at the field that it names; ``place`` and ``when`` mean the first field of that sort."""
    by_sort = {"place": "position", "position": "position", "instant": "instant", "when": "instant", "lang": "text"}
    known = {field.name for field in draft.form.fields} | {"release", "precedence", "handling"}
    named = error.field
    if named not in known:
        sort = by_sort.get(named or "")
        named = next((field.name for field in draft.form.fields if field.widget == sort), None)
    return Fault(error, named)


@dataclass(frozen=True)
class Reach:
    """Who will be able to read an act: the sentences as templates for scripts, and what holds now."""

    everyone: str
    some: str
    outside: str
    now: str


def reach(draft: Draft, charter: Charter, reader: Reader) -> Reach:
    """Say who will be able to read what is being said, and what the others will see all the same."""
    return reach_of(draft.release, charter, reader)


def reach_of(release: tuple[str, ...], charter: Charter, reader: Reader) -> Reach:
    """Say who can read what goes to *release*, and what the others will see all the same."""
    everyone = str(reader.say("Every member will be able to read this."))
    some = str(reader.say("{readers} will be able to read this. {others} will see only that an entry was made and how "
                          "large it is: neither its words nor to whom it went."))
    names = {m.code: reader.named(m.name) for m in charter.members}
    others = [name for code, name in names.items() if code not in release]
    readers = [name for code, name in names.items() if code in release]
    now = some.format(readers=reader.listed(readers), others=reader.listed(others)) if others else everyone
    outside = str(reader.say("{partners}, from outside the centre, will be able to read it too."))
    partners = [reader.named(p.name) for p in charter.partners if p.code in release]
    return Reach(everyone, some, outside,
                 f"{now} {outside.format(partners=reader.listed(partners))}" if partners else now)
