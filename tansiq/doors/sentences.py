"""The sentence of a failure, in the first language asked for that the catalogues have."""

from __future__ import annotations

from tansiq.errors import TansiqError
from tansiq.languages.messages import LANGUAGES, say


def languages_asked(header: str | None) -> tuple[str, ...]:
    """Read ``Accept-Language`` (RFC 9110, 12.5.4) as primary tags, the most wanted first; at most ten count."""
    wanted = []
    for position, part in enumerate((header or "").split(",")[:10]):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if tag and tag != "*" and quality > 0:
            wanted.append((-quality, position, tag.split("-")[0].lower()))
    return tuple(tag for _, _, tag in sorted(wanted))


def sentence(error: TansiqError, languages: tuple[str, ...] = ()) -> str:
    """Say a failure in the first of *languages* that the catalogues have, else in English, for a terminal or a program.

    No marks of direction stand in it; a page isolates fields itself.
    """
    return say(error, next((lang for lang in languages if lang in LANGUAGES), "en"), plain=True)
