"""What is said at the press desk. Who spoke is named by office; what is claimed has one of five fixed forms."""

from __future__ import annotations

from typing import Literal, get_args

from tansiq.acts import Act, Kind, Text
from tansiq.desks.holding import require_instant, require_line, require_text, require_why
from tansiq.errors import Malformed
from tansiq.wire import is_code

NUMBER = 8
LINE_CHARACTERS_MAX = 200
TEXT_CHARACTERS_MAX = 8_000

ClaimForm = Literal["asked", "not_received", "consented", "met", "party"]
FORMS: tuple[ClaimForm, ...] = get_args(ClaimForm)


class Statement(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was said in public: by whom (an office; ``anonymous``: the report names none), in whose name (a code, or
    None), when it was said and reported (UTC ms), in which outlet and where; ``text`` in the language it was said in.
    """

    title: Text
    text: Text
    speaker: str
    anonymous: bool
    of: str | None
    said_on: int
    reported_on: int | None
    outlet: str
    place_name: str | None

    def check(self) -> None:
        """Hold lengths, instants and the code.

        Raises:
            Malformed: ``field`` names the field at fault.
        """
        require_text(self.title, "title", LINE_CHARACTERS_MAX)
        require_text(self.text, "text", TEXT_CHARACTERS_MAX)
        for field in ("speaker", "outlet", "place_name"):
            require_line(getattr(self, field), field, LINE_CHARACTERS_MAX)
        if self.of is not None:
            _require_code(self.of, "of")
        require_instant(self.said_on, "said_on")
        if self.reported_on is not None:
            require_instant(self.reported_on, "reported_on")
            if self.reported_on < self.said_on:
                raise Malformed("instant.order", "{field} lies before the beginning.", field="reported_on")


class Claim(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a statement says of the record, in a fixed form; times in UTC ms, ``support`` None: of any kind.

    ``asked``: ``subject`` asked ``other`` before ``before``. ``not_received``: ``subject`` had received no such request
    from ``other`` before then. ``consented``: ``subject`` had consented to a request of ``other`` (None: of anyone).
    ``met``: both met at some time from ``since`` to ``before``. ``party``: ``subject`` was a member then.
    """

    form: ClaimForm
    subject: str
    other: str | None
    support: str | None
    since: int | None
    before: int

    def check(self) -> None:
        """Hold that the form has what it needs.

        Raises:
            Malformed: ``claim.other``, ``claim.since``, ``code.form`` or ``instant.…``.
        """
        _require_code(self.subject, "subject")
        require_instant(self.before, "before")
        if self.other is not None:
            _require_code(self.other, "other")
        if (self.form in ("asked", "not_received", "met") and self.other is None) or self.other == self.subject:
            raise Malformed("claim.other", "This claim is about two sides.", field="other")
        if self.form == "met" and (self.since is None or self.since > self.before):
            raise Malformed("claim.since", "A meeting is claimed from one time to a later one.", field="since")


class Line(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line to take: words that members may all use in public once they have approved them."""

    title: Text
    text: Text

    def check(self) -> None:
        """Hold the lengths."""
        require_text(self.title, "title", LINE_CHARACTERS_MAX)
        require_text(self.text, "text", TEXT_CHARACTERS_MAX)


class Approval(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One member's word on a line to take: approved, or withheld, and then why."""

    answer: Literal["approved", "withheld"]
    text: Text | None

    def check(self) -> None:
        """Hold the text, which whoever withholds owes.

        Raises:
            Malformed: ``field.missing``, or the text is too long.
        """
        require_why(self.text, self.answer == "withheld", TEXT_CHARACTERS_MAX)


STATEMENT = Kind("statement", 1, NUMBER, Statement, "Statement")
CLAIM = Kind("claim", 1, NUMBER, Claim, "Claim")
LINE = Kind("line", 1, NUMBER, Line, "Line to take")
APPROVAL = Kind("approval", 1, NUMBER, Approval, "Approval")


def _require_code(given: str, field: str) -> None:
    if not is_code(given):
        raise Malformed("code.form", "{given} is no code: one has 2 to 8 of A-Z and 0-9.", given=repr(given[:20]),
                        field=field)
