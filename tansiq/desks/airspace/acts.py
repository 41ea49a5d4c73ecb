"""What is said on the airspace desk: which air is used and when, what becomes of it, and whether the lines work.

No field names a person, what an aircraft carries, or what for beyond the class of its activity.
"""

from __future__ import annotations

from typing import Literal

from tansiq.acts import Act, Kind, Text
from tansiq.desks.holding import require_instant, require_line, require_text
from tansiq.errors import Malformed
from tansiq.geo import Circle, Place, Polygon, require_place
from tansiq.geo.footprints import Part
from tansiq.geo.volumes import Height, Volume
from tansiq.wire import is_code

NUMBER = 4
TITLE_CHARACTERS_MAX = 200
CONTACT_CHARACTERS_MAX = 120
NOTE_CHARACTERS_MAX = 2_000
CORNERS_MAX = 120
FURTHER_MAX = 15
PARTS_MAX = 64
VOLUME_MS_MAX = 31 * 86_400_000
HEIGHT_LOW_M, HEIGHT_HIGH_M, LEVEL_MAX = -500, 30_000, 1_000

Activity = Literal["transport", "patrol", "training", "relief", "medical", "uncrewed", "other"]
LineState = Literal["open", "tested", "suspended"]


class _Told(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a notice tells; an adjustment tells it again, whole."""

    title: Text
    activity: Activity
    area: Place
    lower: Height
    upper: Height | None
    begins: int
    ends: int
    further: tuple[Volume, ...]
    contact: str
    note: Text | None

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """The volume of the form's own fields, and those further ones."""
        return (Volume(self.area, self.lower, self.upper, self.begins, self.ends), *self.further)

    def check(self) -> None:
        """Hold what the types cannot say. Reads own fields only.

        Raises:
            Malformed: a volume that is none (``field`` names which part of it), a text too long or empty.
        """
        require_text(self.title, "title", TITLE_CHARACTERS_MAX)
        require_volume(Volume(self.area, self.lower, self.upper, self.begins, self.ends))
        if len(self.further) > FURTHER_MAX:
            raise Malformed("notice.further", "A notice has at most {limit} further volumes.", limit=FURTHER_MAX,
                            field="further")
        for volume in self.further:
            try:
                require_volume(volume)
            except Malformed as error:
                raise _at(error, "further") from error
        require_line(self.contact, "contact", CONTACT_CHARACTERS_MAX)
        _require_note(self.note)


class Notice(_Told, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Air that a party will use: an area between two heights, from ``begins`` until ``ends`` (UTC ms), and further
    volumes. ``contact`` is the office to call, never a person."""


class Adjustment(_Told, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice told again, whole, by its author; it refers to the notice."""

    reason: Text

    def check(self) -> None:
        """As of what is told, and the reason."""
        _Told.check(self)
        require_text(self.reason, "reason", NOTE_CHARACTERS_MAX)


class Activation(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The air of a notice is in use since ``began`` (UTC ms)."""

    began: int
    note: Text | None

    def check(self) -> None:
        """Hold the instant and the length of the note."""
        require_instant(self.began, "began")
        _require_note(self.note)


class Closing(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The air of a notice is free since ``ended`` (UTC ms); before an activation it withdraws the notice."""

    ended: int
    note: Text | None

    def check(self) -> None:
        """Hold the instant and the length of the note."""
        require_instant(self.ended, "ended")
        _require_note(self.note)


class Footprint(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is shown in place of a notice: cells of the H3 grid and whole hours, and nothing finer."""

    parts: tuple[Part, ...]
    contact: str
    note: Text | None

    def check(self) -> None:
        """Hold the length of the texts; cells and hours are the rule's, which knows the charter's size."""
        require_line(self.contact, "contact", CONTACT_CHARACTERS_MAX)
        _require_note(self.note)


class LineCheck(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the line between the author and ``party`` stands since ``at`` (UTC ms)."""

    party: str
    state: LineState
    at: int
    note: Text | None

    def check(self) -> None:
        """Hold the party's code, the instant and the length of the note.

        Raises:
            Malformed: ``codes.form``, it is no code.
        """
        if not is_code(self.party):
            raise Malformed("codes.form", "{given} is no code of a member or partner.", given=repr(self.party[:20]),
                            field="party")
        require_instant(self.at, "at")
        _require_note(self.note)


def require_volume(volume: Volume) -> None:
    """Refuse a volume that no notice can hold.

    Raises:
        Malformed: ``field`` names the part at fault: ``area``, ``lower``, ``upper``, ``begins``, ``ends``.
    """
    if not isinstance(volume.area, Circle | Polygon):
        raise Malformed("notice.area", "The air of a notice is an area: write a circle or a polygon.", field="area")
    if isinstance(volume.area, Polygon) and len(volume.area.corners) > CORNERS_MAX:
        raise Malformed("notice.corners", "The area of a notice has at most {limit} corners.", limit=CORNERS_MAX,
                        field="area")
    try:
        require_place(volume.area)
    except Malformed as error:
        raise _at(error, "area") from error
    _require_heights(volume.lower, volume.upper)
    for instant, field in ((volume.begins, "begins"), (volume.ends, "ends")):
        require_instant(instant, field)
    if not volume.begins < volume.ends:
        raise Malformed("notice.order", "The air is free before it is taken, or the top lies below the bottom.",
                        field="ends")
    if volume.ends - volume.begins > VOLUME_MS_MAX:
        raise Malformed("notice.long", "One volume lasts at most {days} days.", days=VOLUME_MS_MAX // 86_400_000,
                        field="ends")


def _require_heights(lower: Height, upper: Height | None) -> None:
    for height, field in ((lower, "lower"), (upper, "upper")):
        if height is None:
            continue
        least, most = {"AMSL": (HEIGHT_LOW_M, HEIGHT_HIGH_M), "AGL": (0, HEIGHT_HIGH_M), "FL": (0, LEVEL_MAX)}[
            height.datum]
        if not least <= height.value <= most:
            raise Malformed("notice.height", "The height {given} does not lie between {least} and {most}.",
                            given=height.value, least=least, most=most, field=field)
    if upper is not None and upper.datum == lower.datum and upper.value <= lower.value:
        raise Malformed("notice.order", "The air is free before it is taken, or the top lies below the bottom.",
                        field="upper")


def _require_note(note: Text | None) -> None:
    if note is not None:
        require_text(note, "note", NOTE_CHARACTERS_MAX)


def _at(error: Malformed, field: str) -> Malformed:
    return Malformed(error.code, error.sentence, **{**error.fields, "field": field})


NOTICE = Kind("notice", 1, NUMBER, Notice, "Notice")
ADJUSTMENT = Kind("adjustment", 1, NUMBER, Adjustment, "Adjustment")
ACTIVATION = Kind("activation", 1, NUMBER, Activation, "Activation")
CLOSING = Kind("closing", 1, NUMBER, Closing, "Closing")
FOOTPRINT = Kind("footprint", 1, NUMBER, Footprint, "Footprint")
LINE_CHECK = Kind("line_check", 1, NUMBER, LineCheck, "Line check")
