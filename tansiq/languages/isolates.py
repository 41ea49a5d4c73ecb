"""Direction of mixed text: each foreign piece stands apart, and what would turn text around is shown, not obeyed."""

from __future__ import annotations

import re

FIRST_STRONG = "\u2068"
POP = "\u2069"

_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_IN_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff]")


def is_bidi_control(character: str) -> bool:
    """Tell whether *character* is a mark, embedding, override or isolate of Unicode's bidirectional algorithm."""
    return _CONTROLS.fullmatch(character) is not None


def not_in_line(text: str) -> str | None:
    """The first sign that has no place in one line: a break, a control, or one that turns the direction of writing.

    Marks of direction stay, and so do the joiners that Persian and other scripts are spelt with.
    """
    found = None if text.isprintable() else _NOT_IN_LINE.search(text)
    return found and found.group()


def show_controls(text: str) -> str:
    """Write each control that could turn, hide or break text as a visible name, such as ‹U+202E›.

    Line feeds and tabs stay, and so do the joiners that Persian and other scripts are spelt with.
    """
    return _UNSAFE.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)


def isolate(text: str) -> str:
    """Set *text* apart from what surrounds it (U+2068 … U+2069), its own direction taken from its first strong letter.

    Controls inside are made visible first, so that nothing in *text* can end the isolate.
    """
    return f"{FIRST_STRONG}{show_controls(text)}{POP}"
