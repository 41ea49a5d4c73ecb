"""A consent as a capability: what exactly of a step, or of all that is asked, lies outside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tansiq.desks.support.acts import DAY_MINUTES, Consent, Step, write_hour
from tansiq.desks.support.terms import DAY_MS, PHASES, Phase, Terms
from tansiq.geo import Place, covers
from tansiq.wire import write_instant

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Window:
    """What a consent is held against: whose steps, which phases, where, between which altitudes, when (UTC ms)."""

    performer: str
    phases: tuple[Phase, ...]
    place: Place | None
    lower_m: int | None
    upper_m: int | None
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Outside:
    """One thing that a consent does not cover: ``text`` is a message id that ``fields`` fill, ``field`` the step's."""

    code: str
    text: str
    field: str
    fields: dict[str, str]


def write_minute(instant_ms: int) -> str:
    """Write an instant as sentences do, to the minute: ``2015-10-07T09:30Z``."""
    return write_instant(instant_ms)[:16] + "Z"


def window_of_step(step: Step) -> Window:
    """What a step does."""
    return Window(step.author, (step.phase,), step.place, step.lower_m, step.upper_m, step.begins, step.ends)


def window_of_terms(terms: Terms, performer: str) -> Window:
    """All that is asked, done by one performer."""
    return Window(performer, PHASES, terms.place, terms.lower_m, terms.upper_m, terms.needed_from, terms.needed_until)


def outside(consent: Consent, window: Window) -> tuple[Outside, ...]:
    """List what of *window* a consent does not cover; nothing: it covers all of it."""
    return tuple(_outside(consent, window, {"giver": consent.author}))


def _outside(consent: Consent, window: Window, giver: dict[str, str]) -> Iterator[Outside]:
    if window.performer not in consent.performers:
        yield Outside("performer", "The consent of {giver} does not cover steps of {who}.", "refers",
                      giver | {"who": window.performer})
    if not set(window.phases) <= set(consent.phases):
        yield Outside("phase", "The consent of {giver} does not cover every kind of step.", "phase", giver)
    if window.place is not None and not covers(consent.place, window.place):
        yield Outside("place", "The place is not wholly inside the area of the consent of {giver}.", "place", giver)
    yield from _altitudes(consent, window, giver)
    if window.begins < consent.valid_from:
        yield Outside("early", "The consent of {giver} begins at {since}.", "begins",
                      giver | {"since": write_minute(consent.valid_from)})
    if window.ends > consent.valid_until:
        yield Outside("late", "The consent of {giver} ends at {until}.", "ends",
                      giver | {"until": write_minute(consent.valid_until)})
    yield from _hours(consent, window, giver)


def _altitudes(consent: Consent, window: Window, giver: dict[str, str]) -> Iterator[Outside]:
    if window.lower_m is None or window.upper_m is None:
        return
    if consent.lower_m is None or consent.upper_m is None:
        yield Outside("altitude", "The consent of {giver} names no altitudes: it covers nothing in the air.", "lower_m",
                      giver)
    elif window.lower_m < consent.lower_m or window.upper_m > consent.upper_m:
        yield Outside("altitude", "The consent of {giver} covers altitudes from {lower} to {upper} m.", "lower_m",
                      giver | {"lower": str(consent.lower_m), "upper": str(consent.upper_m)})


def _hours(consent: Consent, window: Window, giver: dict[str, str]) -> Iterator[Outside]:
    since, until = consent.day_from, consent.day_until
    if since is None or until is None:
        return
    length_ms = (until - since if until > since else until - since + DAY_MINUTES) * _MINUTE_MS
    after_ms = (window.begins - since * _MINUTE_MS) % DAY_MS
    if after_ms + (window.ends - window.begins) > length_ms:
        yield Outside("hours", "The consent of {giver} covers the hours from {since} to {until} UTC.", "begins",
                      giver | {"since": write_hour(since), "until": write_hour(until)})
