"""Every sentence is said in every language, whole, with the words of the glossary."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from tansiq.languages import upkeep
from tansiq.languages.extraction import extract
from tansiq.languages.isolates import is_bidi_control
from tansiq.languages.messages import LANGUAGES, Messages
from tests.house.reading import ROOT

GLOSSARY = ROOT / "docs/concepts/glossary.md"

@pytest.fixture(scope="module")
def said() -> Catalog:
    """What the code says today."""
    return extract(upkeep.PACKAGE)


def _ids(catalogue: Catalog) -> set[str]:
    return {entry.id if isinstance(entry.id, str) else str(entry.id[0]) for entry in catalogue if entry.id}


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def _forms(catalogue: Catalog) -> list[tuple[set[str], str, str]]:
    """Fields of the English, first English form, and each translated form."""
    found = []
    for entry in catalogue:
        english = (entry.id,) if isinstance(entry.id, str) else tuple(entry.id or ())
        strings = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        if english and english[0]:
            fields = set().union(*map(_fields, english))
            found += [(fields, english[0], text) for text in strings if text]
    return found


@pytest.mark.parametrize("lang", upkeep.TRANSLATED)
def test_the_catalogue_holds_what_the_code_says(lang: str, said: Catalog) -> None:
    """Neither more nor less: ``script/messages`` was run after the last change of a sentence."""
    assert _ids(upkeep.read(lang)) == _ids(said), "run script/messages, then translate what it lists"


@pytest.mark.parametrize("lang", upkeep.TRANSLATED)
def test_every_message_is_translated(lang: str) -> None:
    """No message is empty, guessed, or left in English, except those that ``alike.txt`` names."""
    assert upkeep.missing(upkeep.read(lang), upkeep.alike()) == []


@pytest.mark.parametrize("lang", upkeep.TRANSLATED)
def test_every_translation_has_the_fields_of_its_message(lang: str) -> None:
    """A form may leave a count out that its word says; it never names a field that the message lacks, nor loses one."""
    strays = []
    for fields, english, text in _forms(upkeep.read(lang)):
        lost = fields - _fields(text)
        if _fields(text) - fields or (lost and lost != {"count"}):
            strays.append((english, text))
    assert strays == []


@pytest.mark.parametrize("lang", upkeep.TRANSLATED)
def test_no_translation_turns_the_direction_of_writing(lang: str) -> None:
    """Direction is the frame's and the isolates' to set: no control hides in a translated text."""
    assert [text for _, _, text in _forms(upkeep.read(lang)) if any(map(is_bidi_control, text))] == []


@pytest.mark.parametrize("lang", upkeep.TRANSLATED)
def test_translations_are_in_their_own_script(lang: str) -> None:
    """Arabic letters are not Persian ones, nor the other way round, and Russian is written in Cyrillic."""
    foreign = {"ar": "[\u06cc\u06a9\u067e\u0686\u0698\u06af]", "fa": "[\u064a\u0643\u0629]", "ru": "[\u0600-\u06ff]"}
    found = [text for _, _, text in _forms(upkeep.read(lang)) if re.search(foreign[lang], text)]
    assert found == []


def _glossary() -> dict[str, dict[str, str]]:
    """Rows of the glossary's tables: the English word, and its word in each language."""
    rows: dict[str, dict[str, str]] = {}
    for line in GLOSSARY.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and not set(cells[0]) <= set("-: ") and cells[0] != "en":
            rows[cells[0]] = dict(zip(("ar", "fa", "ru"), cells[1:4], strict=True))
    return rows


def test_the_glossary_gives_each_word_once_in_every_language() -> None:
    """One word one meaning: no cell is empty, and no word of a language stands for two of English."""
    rows = _glossary()
    assert len(rows) >= 60
    for lang in upkeep.TRANSLATED:
        given = [words[lang] for words in rows.values()]
        assert all(given)
        twice = sorted({word for word in given if given.count(word) > 1})
        assert twice == [], f"{lang}: {twice}"


@pytest.mark.parametrize("lang", upkeep.TRANSLATED)
def test_messages_use_the_words_of_the_glossary(lang: str, said: Catalog) -> None:
    """A word of the glossary that stands alone on the floor is said with the glossary's word, article or none."""
    messages, shown = Messages.load(lang), _ids(said)
    alone = {english: words[lang] for english, words in _glossary().items() if english.capitalize() in shown}
    assert len(alone) >= 30
    strays = {english: (word, text) for english, word in alone.items()
              if _bare(text := messages.gettext(english.capitalize())) != _bare(word)}
    assert strays == {}


def _bare(word: str) -> str:
    """Without the Arabic article, vowel signs and capitals."""
    return re.sub("[\u064b-\u0652]", "", word).removeprefix("ال").casefold()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_message_can_be_said(lang: str, said: Catalog) -> None:
    """Each message is filled in each language, whatever its fields hold."""
    messages = Messages.load(lang)
    for entry in said:
        if isinstance(entry.id, str) and entry.id:
            filled = messages.gettext(entry.id, **dict.fromkeys(_fields(entry.id), "x\u202ey"))
            assert "\u202e" not in filled, filled
