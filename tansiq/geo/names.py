"""What a territory is called, from CLDR through Babel.

Charters and borders name a territory by the three letters of ISO 3166; CLDR names it by two.
The tables between them are CLDR's own, so that no territory is written into the software.
"""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

UNASSIGNED = "ZZZ"
"""The code of land to which ISO 3166 gives none: whose it is, the borders file does not say."""


def territory_name(code: str, language: str) -> str:
    """Name the territory of an ISO 3166 code of three letters in a language; the code itself where CLDR has no name."""
    letters = "ZZ" if code == UNASSIGNED else _two_letters(code)
    return str(Locale.parse(language).territories.get(letters, code))


@cache
def code_of_number(number: str) -> str:
    """Turn an ISO 3166 number of three digits into three letters; ``UNASSIGNED`` where there are none."""
    letters = _two_letters(number)
    named = [old for old, new in get_global("territory_aliases").items()
             if new == [letters] and len(old) == 3 and old.isalpha()]  # fmt: skip
    # Withdrawn codes lead to the same territory; today's holds the two letters in their order.
    current = [code for code in named if letters[1] in code[code.find(letters[0]) + 1 :] and letters[0] in code]
    return min(current or named or [UNASSIGNED])


@cache
def _two_letters(code: str) -> str:
    found = get_global("territory_aliases").get(code, [])
    return str(found[0]) if len(found) == 1 else ""
