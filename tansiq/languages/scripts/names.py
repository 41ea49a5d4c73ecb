"""One name in four scripts: matched by its consonants, since no transliteration makes the spellings meet.

``name_key`` is coarse on purpose: sounds that one of the scripts does not tell apart count as one. Two names with one
key *may* be the same; a person decides.
"""

from __future__ import annotations

import re
import unicodedata

from tansiq.languages.normalise import words

# One digit or letter for each family of consonants that some script cannot tell apart; vowels and what is read as
# one in some script (alef, ain, waw, yeh, h) carry nothing. Nor do f and v, since Persian writes v as waw and Arabic as
# feh; nor kh, which Russian writes for h too.
_ARABIC = {
    "ب": "b", "پ": "b", "ت": "t", "ط": "t", "د": "t", "ض": "t", "ث": "s", "س": "s", "ص": "s", "ز": "s",
    "ذ": "s", "ظ": "s", "ج": "j", "چ": "j", "ش": "j", "ژ": "j", "گ": "k", "غ": "k", "ق": "k", "ك": "k", "ک": "k",
    "ل": "l", "ر": "r", "م": "m", "ن": "n",
}
_CYRILLIC = {
    "б": "b", "п": "b", "т": "t", "д": "t", "с": "s", "з": "s", "ц": "ts", "ж": "j", "ч": "j",
    "ш": "j", "щ": "j", "г": "k", "к": "k", "л": "l", "р": "r", "м": "m", "н": "n",
}
_LATIN = {
    "b": "b", "p": "b", "t": "t", "d": "t", "s": "s", "z": "s", "j": "j", "g": "k",
    "k": "k", "q": "k", "c": "k", "x": "ks", "l": "l", "r": "r", "m": "m", "n": "n",
}
_PAIRS = ((re.compile("shch|tch|sch|dzh|dj|sh|ch|zh"), "j"), (re.compile("kh|ph"), ""), (re.compile("gh"), "k"),
          (re.compile("th|dh"), "s"), (re.compile("c(?=[eiy])"), "s"), (re.compile("ck"), "k"))
_CYRILLIC_PAIRS = ((re.compile("дж|тш"), "ж"),)
_ARABIC_PAIRS = ((re.compile("شتش|تش|دج|دژ"), "ش"),)
_ARTICLE = re.compile("(?:al|el|ad|ar|as|ash|at|az|an|аль|эль|ад|ар|ас|аш|эд|эр|эс|эш|эн|ан|ат|эт|эз|аз|ال)")
_ARABIC_ARTICLE = re.compile("ال(?=...)")
_LETTERS = _ARABIC | _CYRILLIC | _LATIN
_BESIDE = re.compile("[,،(]")
_TWICE = re.compile(r"(.)\1+")


def name_key(name: str) -> str:
    """Write the consonant skeleton of *name*, the same for most spellings in ar, fa, ru and en; "" where it has none.

    Articles and what stands after a comma (a region) are left out, words run together, a doubled consonant counts
    once. Measured on 4,075 places of GeoNames, the two keys are equal for 72-85 % of them, by pair of
    languages (of those in the Middle East and Russia, 68-77 %).
    """
    parts = words(_BESIDE.split(name, maxsplit=1)[0])
    kept = [part for part in parts if not _ARTICLE.fullmatch(part)] or parts
    return _TWICE.sub(r"\1", "".join(_skeleton(part) for part in kept))


def same_name(one: str, other: str) -> bool:
    """Tell whether two spellings may be one name: their skeletons are equal and not empty."""
    key = name_key(one)
    return key != "" and key == name_key(other)


def _skeleton(word: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign)) if (
        "LATIN" in unicodedata.name(word[0], "")) else word
    if plain.isascii():
        for pattern, letter in _PAIRS:
            plain = pattern.sub(letter, plain)
    elif plain[0] in _CYRILLIC or "CYRILLIC" in unicodedata.name(plain[0], ""):
        for pattern, letter in _CYRILLIC_PAIRS:
            plain = pattern.sub(letter, plain)
    else:
        plain = _ARABIC_ARTICLE.sub("", plain, count=1) if plain.startswith("ال") else plain
        for pattern, letter in _ARABIC_PAIRS:
            plain = pattern.sub(letter, plain)
    return "".join(_LETTERS.get(letter, "") for letter in plain)
