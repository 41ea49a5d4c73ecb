"""One spelling for what people spell in many ways, so that a search finds it.

Texts are normalised before they reach the full-text index, and queries in the same way. A text has a language
and is stemmed by it; a query has none, so it asks for the word itself or its stem in any of the four.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

_ALGORITHMS = {"ar": "arabic", "fa": "persian", "ru": "russian", "en": "english"}
_WORD = re.compile(r"[^\W_]+")
_WORDS_MAX = 32
"""A query longer than this many words is cut: an index is asked, not read aloud."""

_ARABIC_LETTERS = str.maketrans("یکەھہۀأإآٱى", "يكهههةااااي")
_PERSIAN_LETTERS = str.maketrans("يىكةۀأإآٱھہە", "ییکههااااههه")
_SHARED_LETTERS = str.maketrans({
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ؤ": "و", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
    "ء": None, "ھ": "ه", "ہ": "ه", "ە": "ه", "ё": "е",
})
_AND_THE = re.compile("[وف](?=ال...)")
"""Arabic writes "and" and "so" as one with the article after them; the stemmer leaves them there."""
_ALPHABETS = {"ar": _ARABIC_LETTERS, "fa": _PERSIAN_LETTERS, "ru": str.maketrans("ё", "е")}


class _Plain(dict[int, int | str | None]):
    """What each character becomes before words are cut: learnt the first time that it is met."""

    def __missing__(self, code: int) -> int | str | None:
        letter = chr(code)
        kind = unicodedata.category(letter)
        if kind == "Mn" or letter == "ـ":  # vowel signs and the like; tatweel only stretches a line
            self[code] = None
        elif letter == "\u200c":  # the non-joiner parts a Persian word from its endings: the first thing to split at
            self[code] = " "
        elif kind == "Cf":  # joiners, direction marks, soft hyphens
            self[code] = None
        elif kind == "Nd":
            self[code] = str(unicodedata.decimal(letter))
        else:
            self[code] = code
        return self[code]


_PLAIN = _Plain()
_LOCK = threading.Lock()


@lru_cache(maxsize=8)
def _stemmer(lang: str) -> Stemmer.Stemmer | None:
    algorithm = _ALGORITHMS.get(lang)
    return Stemmer.Stemmer(algorithm, 0) if algorithm else None


@lru_cache(maxsize=200_000)
def _stem(word: str, lang: str) -> str:
    """Cut a plain word to its stem, then unify the letters that Arabic and Persian keyboards write differently."""
    stem = word.translate(_ALPHABETS[lang]) if lang in _ALPHABETS and not word.isascii() else word
    if lang == "ar" and _AND_THE.match(stem):
        stem = stem[1:]
    stemmer = _stemmer(lang)
    if stemmer is not None:
        with _LOCK:  # a stemmer holds one buffer
            stem = stemmer.stemWord(stem)
    if stem.isascii():
        return stem
    stem = stem.translate(_SHARED_LETTERS)
    if "LATIN" in unicodedata.name(stem[:1], ""):
        stem = "".join(letter for letter in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(letter))
    return stem or word


def words(text: str) -> list[str]:
    """Cut *text* into plain words: one case, one form of each letter (NFKC), no vowel signs, tatweel or controls.

    Zero-width non-joiners part words. Digits of any script become Latin ones.
    """
    if text.isascii():
        return _WORD.findall(text.lower())
    return _WORD.findall(unicodedata.normalize("NFKC", text).translate(_PLAIN).casefold())


def index_terms(text: str, lang: str) -> str:
    """Write *text* as the full-text index keeps it: stems parted by spaces, in the order of the text.

    A *lang* that has no stemmer leaves words whole.
    """
    return " ".join([_stem(word, lang) for word in words(text)])


def query_terms(text: str) -> str:
    """Write what a person typed as an FTS5 ``MATCH`` string; empty where it holds no word.

    All words must be found; each matches itself or its stem in any of the four languages. Whatever was typed, nothing
    of it is obeyed as an operator: every term is a quoted string of letters and digits. At most 32 words count.
    """
    return " AND ".join(_either(_variants(word)) for word in words(text)[:_WORDS_MAX])


def _variants(word: str) -> Iterable[str]:
    return dict.fromkeys(_stem(word, lang) for lang in ("", *_ALGORITHMS))


def _either(stems: Iterable[str]) -> str:
    return "(" + " OR ".join(f'"{stem}"' for stem in stems) + ")"
