"""What is said at the protocol desk. A person stands in it by the offices that they hold, never by name."""

from __future__ import annotations

from typing import Literal

from tansiq.acts import Act, Kind, Position, Record, Text
from tansiq.desks.holding import require_instant, require_line, require_position, require_text, require_why
from tansiq.errors import Malformed
from tansiq.wire import is_code

NUMBER = 7
LINE_CHARACTERS_MAX = 200
TEXT_CHARACTERS_MAX = 8_000
PERSONS_MAX = 64
OFFICES_MAX = 8
TOPICS_MAX = 32
LINKS_MAX = 8


class Person(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One who takes part for the state of a code, in all the offices that they hold; ``head``: of the delegation."""

    of: str
    head: bool
    offices: tuple[str, ...]


class Topic(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One point of an agenda, and the acts that it is about: by id, or as people name them (``XX 412``)."""

    words: str
    acts: tuple[str, ...]


class Planned(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a meeting and a visit have in common: from when until when (UTC ms), where, who, about what."""

    title: Text
    text: Text | None
    begins_at: int
    ends_at: int
    place_name: str
    place: Position | None
    persons: tuple[Person, ...]
    agenda: tuple[Topic, ...]

    def check(self) -> None:
        """Hold lengths, instants, persons and agenda.

        Raises:
            Malformed: ``field`` names the field at fault.
        """
        require_text(self.title, "title", LINE_CHARACTERS_MAX)
        if self.text is not None:
            require_text(self.text, "text", TEXT_CHARACTERS_MAX)
        require_span(self.begins_at, self.ends_at, ("begins_at", "ends_at"))
        require_line(self.place_name, "place_name", LINE_CHARACTERS_MAX)
        if self.place is not None:
            require_position(self.place, "place")
        require_persons(self.persons)
        require_agenda(self.agenda)


class Meeting(Planned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A meeting of two sides or more."""


class Visit(Planned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A delegation's visit to the state of the code ``host``."""

    host: str

    def check(self) -> None:
        """As of what is planned, and the host's code.

        Raises:
            Malformed: ``field`` names the field at fault.
        """
        Planned.check(self)
        require_code(self.host, "host")


class Rearrangement(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A meeting or visit moved to another time or place, or called off, by who announced it."""

    change: Literal["moved", "called_off"]
    begins_at: int | None
    ends_at: int | None
    place_name: str | None
    reason: Text | None

    def check(self) -> None:
        """Hold that what is moved says to when.

        Raises:
            Malformed: ``field.missing``, or ``field`` names the field at fault.
        """
        if self.reason is not None:
            require_text(self.reason, "reason", TEXT_CHARACTERS_MAX)
        require_line(self.place_name, "place_name", LINE_CHARACTERS_MAX)
        if self.change == "moved":
            for field in ("begins_at", "ends_at"):
                if getattr(self, field) is None:
                    raise Malformed("field.missing", "{field} is missing.", field=field)
        if self.begins_at is not None and self.ends_at is not None:
            require_span(self.begins_at, self.ends_at, ("begins_at", "ends_at"))


class Minutes(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came of a meeting or visit, as one side writes it: whether it was held, when (UTC ms), who took part."""

    held: Literal["held", "not_held"]
    began_at: int
    ended_at: int
    outcome: Text
    text: Text | None
    persons: tuple[Person, ...]

    def check(self) -> None:
        """Hold lengths, instants and persons.

        Raises:
            Malformed: ``field`` names the field at fault.
        """
        require_span(self.began_at, self.ended_at, ("began_at", "ended_at"))
        require_text(self.outcome, "outcome", LINE_CHARACTERS_MAX)
        if self.text is not None:
            require_text(self.text, "text", TEXT_CHARACTERS_MAX)
        require_persons(self.persons)


class MinutesAnswer(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another side's word on minutes: agreed, agreed with reservations, or contested; the last two say why."""

    answer: Literal["agreed", "reserved", "contested"]
    text: Text | None

    def check(self) -> None:
        """Hold the text, which whoever does not simply agree owes.

        Raises:
            Malformed: ``field.missing``, or the text is too long.
        """
        require_why(self.text, self.answer != "agreed", TEXT_CHARACTERS_MAX)


MEETING = Kind("meeting", 1, NUMBER, Meeting, "Meeting")
VISIT = Kind("visit", 1, NUMBER, Visit, "Visit")
REARRANGEMENT = Kind("rearrangement", 1, NUMBER, Rearrangement, "Rearrangement")
MINUTES = Kind("minutes", 1, NUMBER, Minutes, "Minutes")
MINUTES_ANSWER = Kind("minutes_answer", 1, NUMBER, MinutesAnswer, "Minutes answer")


def require_span(begins: int, ends: int, fields: tuple[str, str]) -> None:
    """Refuse instants outside the calendar, and an end before the beginning.

    Raises:
        Malformed: ``instant.range``, ``instant.order``.
    """
    for instant, field in zip((begins, ends), fields, strict=True):
        require_instant(instant, field)
    if ends < begins:
        raise Malformed("instant.order", "{field} lies before the beginning.", field=fields[1])


def require_code(given: str, field: str) -> None:
    """Refuse what is no code of a state or an organisation.

    Raises:
        Malformed: ``code.form``.
    """
    if not is_code(given):
        raise Malformed("code.form", "{given} is no code: one has 2 to 8 of A-Z and 0-9.", given=repr(given[:20]),
                        field=field)


def require_persons(persons: tuple[Person, ...]) -> None:
    """Refuse too many persons, one without an office, and a second head of one delegation.

    Raises:
        Malformed: ``persons.many``, ``persons.offices``, ``persons.head``, ``code.form``, or as of a line.
    """
    if len(persons) > PERSONS_MAX:
        raise Malformed("persons.many", "At most {limit} persons are named.", limit=PERSONS_MAX, field="persons")
    for person in persons:
        require_code(person.of, "persons")
        if not 1 <= len(person.offices) <= OFFICES_MAX:
            raise Malformed("persons.offices", "A person is named by 1 to {limit} offices.", limit=OFFICES_MAX,
                            field="persons")
        for office in person.offices:
            require_line(office, "persons", LINE_CHARACTERS_MAX)
    heads = [person.of for person in persons if person.head]
    if len(heads) != len(set(heads)):
        raise Malformed("persons.head", "A delegation has one head.", field="persons")


def require_agenda(agenda: tuple[Topic, ...]) -> None:
    """Refuse an agenda that is too long.

    Raises:
        Malformed: ``agenda.many``, or as of a line.
    """
    if len(agenda) > TOPICS_MAX or any(len(topic.acts) > LINKS_MAX for topic in agenda):
        raise Malformed("agenda.many", "An agenda has at most {limit} points, each about at most {links} acts.",
                        limit=TOPICS_MAX, links=LINKS_MAX, field="agenda")
    for topic in agenda:
        require_line(topic.words, "agenda", LINE_CHARACTERS_MAX)
        for act in topic.acts:
            require_line(act, "agenda", LINE_CHARACTERS_MAX)
