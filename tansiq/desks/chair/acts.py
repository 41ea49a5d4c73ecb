"""What is said at the desk of the chair. People are named by their offices alone."""

from __future__ import annotations

from typing import Literal

from tansiq import wire
from tansiq.acts import Act, Kind, Record, Text
from tansiq.charter import Vote as Choice
from tansiq.desks.holding import require_instant, require_line, require_text, require_why
from tansiq.errors import Malformed
from tansiq.keys.signing import require_public
from tansiq.merkle.promises import VERSION_MAX

NUMBER = 6
LINE_CHARACTERS_MAX = 200
TEXT_CHARACTERS_MAX = 8_000
OFFICES_MAX = 32
BRIEF_LINES_MAX = 200
BRIEF_TEXT_CHARACTERS_MAX = 600
BRIEF_FIELDS_MAX = 16

Post = Literal["director", "deputy"]


class BriefField(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field of a line: a name, and what stands for it (whole numbers that end in ``_ms`` are UTC ms)."""

    name: str
    value: str | int | tuple[str, ...]


class BriefLine(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is open as the chair is handed over: the desk, its sentence as a message id, and the act."""

    desk: str
    text: str
    fields: tuple[BriefField, ...]
    act: str


class Handover(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The chair handed over by the member who has it, with what is open: for the term that ``begins`` (UTC ms).

    ``to``, ``begins`` and ``brief`` are made from charter and registers, never typed. The brief holds only what every
    member can read; ``more`` counts lines that had no room.
    """

    note: Text
    to: str
    begins: int
    brief: tuple[BriefLine, ...]
    more: int

    def check(self) -> None:
        """Hold the length of the note.

        Raises:
            Malformed: the note is empty or too long.
        """
        require_text(self.note, "note", TEXT_CHARACTERS_MAX)

    def check_brief(self) -> None:
        """Hold the brief to what a page can show.

        Raises:
            Malformed: ``chair.brief``, too many lines or fields, or one too long.
        """
        whole = len(self.brief) <= BRIEF_LINES_MAX and self.more >= 0 and all(
            len(line.text) <= BRIEF_TEXT_CHARACTERS_MAX and len(line.desk) <= LINE_CHARACTERS_MAX
            and len(line.fields) <= BRIEF_FIELDS_MAX for line in self.brief)
        if not whole:
            raise Malformed("chair.brief", "The brief of a handover is longer than a page can show.")


class TakingOver(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The chair taken over by the incoming member, in answer to a handover: the second signature under its brief."""

    note: Text | None

    def check(self) -> None:
        """Hold the length of the note."""
        if self.note is not None:
            require_text(self.note, "note", TEXT_CHARACTERS_MAX)


class Appointment(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who directs the centre or stands in for the director, by office, for as long as its author has the chair."""

    post: Post
    office: Text
    of: str

    def check(self) -> None:
        """Hold the length of the office's name."""
        require_text(self.office, "office", LINE_CHARACTERS_MAX)


class Proposal(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the members are asked to decide; votes count until ``closes_at`` (UTC ms). Nobody types the result."""

    title: Text
    text: Text
    closes_at: int

    def check(self) -> None:
        """Hold the lengths and the instant."""
        require_text(self.title, "title", LINE_CHARACTERS_MAX)
        require_text(self.text, "text", TEXT_CHARACTERS_MAX)
        require_instant(self.closes_at, "closes_at")


class Vote(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One member's vote on a proposal; it is said once."""

    vote: Choice
    reason: Text | None

    def check(self) -> None:
        """Hold the length of the reason."""
        if self.reason is not None:
            require_text(self.reason, "reason", TEXT_CHARACTERS_MAX)


class Mandate(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By whose decision its author promises a registrar: for which version of the mandate, and the registrar's key.

    ``key`` is base64 with the suite byte first, as the promise itself writes it.
    """

    mandate: int
    key: str
    note: Text | None

    def check(self) -> None:
        """Hold that a promise could name both, and the length of the note.

        Raises:
            Malformed: ``chair.mandate``, ``chair.key``, or the note is empty or too long.
        """
        if not 1 < self.mandate <= VERSION_MAX:
            raise Malformed("chair.mandate", "Mandates that members promise are numbered from 2 on, not {given}.",
                            given=self.mandate, field="mandate")
        try:
            require_public(wire.parse_base64(self.key))
        except Malformed as error:
            raise Malformed("chair.key", "The registrar's key is base64 of 33 bytes, as it stands in a promise.",
                            field="key") from error
        if self.note is not None:
            require_text(self.note, "note", TEXT_CHARACTERS_MAX)


class Contact(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call, note or meeting outside the centre, as its author records it; ``other`` is the party it was with.

    ``ours`` and ``theirs`` are the offices that took part, on either side.
    """

    form: Literal["call", "note", "meeting"]
    other: str
    began_at: int
    ended_at: int
    title: Text
    text: Text
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    place_name: str | None

    def check(self) -> None:
        """Hold lengths, instants and offices.

        Raises:
            Malformed: ``field`` names the field at fault.
        """
        require_text(self.title, "title", LINE_CHARACTERS_MAX)
        require_text(self.text, "text", TEXT_CHARACTERS_MAX)
        require_line(self.place_name, "place_name", LINE_CHARACTERS_MAX)
        require_instant(self.began_at, "began_at")
        require_instant(self.ended_at, "ended_at")
        if self.began_at > self.ended_at:
            raise Malformed("instant.order", "It ends before it begins.", field="ended_at")
        for field, offices in (("ours", self.ours), ("theirs", self.theirs)):
            if len(offices) > OFFICES_MAX:
                raise Malformed("offices.many", "{field} names more than {limit} offices.", field=field,
                                limit=OFFICES_MAX)
            for office in offices:
                require_line(office, field, LINE_CHARACTERS_MAX)


class ContactAnswer(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the other side says of a contact: acknowledged as it is recorded, or contested, and then why."""

    answer: Literal["acknowledged", "contested"]
    text: Text | None

    def check(self) -> None:
        """Hold the text, which whoever contests owes.

        Raises:
            Malformed: ``field.missing``, or the text is too long.
        """
        require_why(self.text, self.answer == "contested", TEXT_CHARACTERS_MAX)


APPOINTMENT = Kind("appointment", 1, NUMBER, Appointment, "Appointment")
HANDOVER = Kind("handover", 1, NUMBER, Handover, "Handover")
TAKING_OVER = Kind("taking_over", 1, NUMBER, TakingOver, "Taking over")
PROPOSAL = Kind("proposal", 1, NUMBER, Proposal, "Proposal")
VOTE = Kind("vote", 1, NUMBER, Vote, "Vote")
MANDATE = Kind("mandate", 1, NUMBER, Mandate, "Decision on a mandate")
CONTACT = Kind("contact", 1, NUMBER, Contact, "Contact")
CONTACT_ANSWER = Kind("contact_answer", 1, NUMBER, ContactAnswer, "Contact answer")
