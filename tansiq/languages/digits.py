"""Digits of every script, read as Latin ones and written as the reader's."""

from __future__ import annotations

import unicodedata

_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_SCRIPTS = {"ar": _ARABIC_INDIC, "fa": _PERSIAN}


class _ToLatin(dict[int, int | str]):
    """A translation table that learns each character the first time that it is met."""

    def __missing__(self, code: int) -> int | str:
        value = unicodedata.decimal(chr(code), None)
        self[code] = code if value is None else str(value)
        return self[code]


_LATIN = _ToLatin({ord("٫"): "."})


def to_latin(text: str) -> str:
    """Write every decimal digit of any script (Unicode category Nd) as 0-9, and the Arabic decimal sign as a point.

    Nothing else is changed, so the length stays the same.
    """
    return text if text.isascii() else text.translate(_LATIN)


def to_script(text: str, lang: str) -> str:
    """Write the digits 0-9 of *text* as readers of *lang* write them: Arabic-Indic for ar, Persian for fa.

    Meant for counts and local times. References, coordinates, UTC times and hashes keep Latin digits everywhere.
    """
    table = _SCRIPTS.get(lang)
    return text if table is None else text.translate(table)
