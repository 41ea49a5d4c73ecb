"""Words are found however they were spelt, and nothing that was typed is obeyed."""

from __future__ import annotations

import time

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.languages.normalise import index_terms, query_terms, words

TEXTS = {"ar": "المتفجرات والجسور في المدينة",
         "fa": "می‌خواهم کتاب‌های بزرگتر را ببینم",
         "ru": "Мосты через реки закрыты", "en": "Bridges were closed at Al-Qa’im"}


@pytest.fixture
def index() -> apsw.Connection:
    """A full-text index with one text of each language; the row's number is the text's place."""
    db = apsw.Connection(":memory:")
    db.execute("CREATE VIRTUAL TABLE words USING fts5(terms)")
    for row, (lang, text) in enumerate(TEXTS.items()):
        db.execute("INSERT INTO words (rowid, terms) VALUES (?, ?)", (row, index_terms(text, lang)))
    return db


def _found(db: apsw.Connection, typed: str) -> list[str]:
    terms = query_terms(typed)
    rows = db.execute("SELECT rowid FROM words WHERE words MATCH ?", (terms,)) if terms else []
    return [list(TEXTS)[row] for (row,) in rows]


@pytest.mark.parametrize(("typed", "lang"), [
    ("مدينة", "ar"), ("الجسور", "ar"), ("المُتَفَجِّرات", "ar"), ("المـــدينة", "ar"),
    ("کتابها", "fa"), ("كتاب", "fa"), ("بزرگ", "fa"), ("мост", "ru"), ("МОСТЫ", "ru"), ("река", "ru"),
    ("bridge", "en"), ("closing", "en"), ("al qa'im", "en")])
def test_a_word_is_found_in_any_of_its_forms(index: apsw.Connection, typed: str, lang: str) -> None:
    """Case, number, article, vowel signs, tatweel, non-joiners and the other keyboard's letters do not hide a word."""
    assert _found(index, typed) == [lang]


def test_all_words_of_a_query_must_be_there(index: apsw.Connection) -> None:
    """Each word more finds less."""
    assert _found(index, "bridge closed") == ["en"]
    assert _found(index, "bridge opened") == []


@given(st.text() | st.text(alphabet='"\'*^:()-+{} ORANDNEAR_\x00\u202e'))
def test_nothing_that_is_typed_breaks_or_commands_the_search(typed: str) -> None:
    """Any text is a query that SQLite takes, or none."""
    db = apsw.Connection(":memory:")
    db.execute("CREATE VIRTUAL TABLE words USING fts5(terms)")
    terms = query_terms(typed)
    if terms:
        db.execute("SELECT rowid FROM words WHERE words MATCH ?", (terms,)).fetchall()
    assert bool(terms) == bool(words(typed))


@given(st.text())
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    """What was indexed in any language is found by any of its words, typed as it stands."""
    for lang in TEXTS:
        indexed = index_terms(text, lang).split()
        for word, stem in zip(words(text), indexed, strict=True):
            assert f'"{stem}"' in query_terms(word)


def test_a_query_is_bounded() -> None:
    """A thousand words ask no more of the index than 32."""
    assert query_terms("bridge " * 1000).count("AND") == 31


def test_short_texts_are_normalised_fast() -> None:
    """Far more than a thousand a second on any machine; 40,000 are wanted of a usual one, which the bench shows."""
    texts = [(text, lang) for lang, text in TEXTS.items()] * 250
    began = time.perf_counter()
    for text, lang in texts:
        index_terms(text, lang)
    assert time.perf_counter() - began < 1
