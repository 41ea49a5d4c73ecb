"""What Tansiq says to people, in the reader's language.

A message id is the English template itself, with ``{fields}``. The catalogues are gettext files, read as they are:
there is nothing to compile. A message that a catalogue lacks is said in English.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import Literal

from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tansiq.errors import Malformed, TansiqError
from tansiq.languages.digits import to_script
from tansiq.languages.isolates import isolate, show_controls

LANGUAGES = ("ar", "fa", "ru", "en")
RIGHT_TO_LEFT = frozenset({"ar", "fa"})

_TITLED = frozenset({"kind", "desk"})
_CATALOGUES = Path(__file__).parent / "catalogues"


def N_(message: str) -> str:
    """Mark *message* for translation and return it unchanged; it is translated where it is shown."""
    return message


def is_message(text: str) -> bool:
    """Tell whether this program says *text*: words from elsewhere are shown as they are, never filled with fields."""
    return text in _load("ar").texts


class Messages:
    """The messages of one language. Frozen once loaded; safe to share between threads."""

    def __init__(self, lang: str, texts: Mapping[str, Sequence[str]], plural: Callable[[int], int]) -> None:
        self.lang = lang
        self.dir: Literal["rtl", "ltr"] = "rtl" if lang in RIGHT_TO_LEFT else "ltr"
        self.texts = texts
        self._plural = plural

    @classmethod
    def load(cls, lang: str) -> Messages:
        """Read the catalogue of *lang*, once a process.

        Raises:
            Malformed: *lang* is none of ``LANGUAGES``.
        """
        if lang not in LANGUAGES:
            raise Malformed("languages.unknown", "There are no messages in the language {language}.", language=lang)
        return _load(lang)

    def gettext(self, message: str, /, *, plain: bool = False, **fields: object) -> str:
        """Say *message* with its fields filled.

        Whole numbers take the reader's digits. Texts stand as they are, controls made visible; in a language that runs
        from right to left each is isolated (U+2068 … U+2069), unless *plain* asks for none, as a log does. A failure
        inside another is said in the same language.
        """
        found = self.texts.get(message)
        return self._fill(found[0] if found else message, plain, fields)

    def ngettext(self, one: str, many: str, count: int, /, *, plain: bool = False, **fields: object) -> str:
        """Say the form that *count* asks for in this language; ``{n}`` and ``{count}`` stand for it."""
        found = self.texts.get(one)
        form = found[self._plural(count)] if found else one if count == 1 else many
        return self._fill(form, plain, {"n": count, "count": count, **fields})

    def _fill(self, template: str, plain: bool, fields: Mapping[str, object]) -> str:
        if not fields:
            return template
        return template.format(**{name: self._field(self._named(name, value), plain) for name, value in fields.items()})

    def _named(self, name: str, value: object) -> object:
        return self.titled(value) if name in _TITLED and isinstance(value, str) else value

    def titled(self, name: str) -> str:
        """A kind or desk in the reader's language, where its title is a message."""
        found = self.texts.get(name.replace("_", " ").capitalize())
        return found[0].lower() if found else name

    def _field(self, value: object, plain: bool) -> object:
        if isinstance(value, TansiqError):
            return self.gettext(value.sentence, plain=plain, **value.fields)
        if isinstance(value, bool):
            return value
        if isinstance(value, int):
            return to_script(str(value), "en" if plain else self.lang)
        if isinstance(value, list | tuple | set | frozenset):
            parts = [str(self._field(part, plain)) for part in (sorted(map(str, value)) if isinstance(
                value, set | frozenset) else value)]
            return join(parts, self.lang, plain=plain)
        if isinstance(value, str):
            return _Text(value, isolate if self.dir == "rtl" and not plain else show_controls)
        return value


def join(parts: Sequence[str], lang: str, *, plain: bool) -> str:
    """List things as a language lists them; CLDR's Persian comma has a mark of direction, which *plain* leaves out."""
    joined = format_list(parts, locale=lang) if parts else ""
    return joined.replace("\u200f", "") if plain else joined


class _Text:
    """A text on its way into a template: made safe after the template's own conversion, such as ``{given!r}``."""

    def __init__(self, text: str, put: Callable[[str], str]) -> None:
        self._text, self._put = text, put

    def __str__(self) -> str:
        return self._put(self._text)

    def __repr__(self) -> str:
        return self._put(repr(self._text))

    def __format__(self, spec: str) -> str:
        return self._put(format(self._text, spec))


@lru_cache(maxsize=len(LANGUAGES))
def _load(lang: str) -> Messages:
    texts: dict[str, tuple[str, ...]] = {}
    rule = None
    for path in sorted((_CATALOGUES / lang / "LC_MESSAGES").glob("*.po")) if lang != "en" else ():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=lang)
        rule = catalogue.plural_expr
        texts |= dict(_translations(catalogue))
    return Messages(lang, texts, c2py(rule) if rule is not None else lambda count: int(count != 1))


def _translations(catalogue: Catalog) -> Iterator[tuple[str, tuple[str, ...]]]:
    for message in catalogue:
        if message.id and not message.fuzzy:
            strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if strings and all(strings):
                yield (message.id if isinstance(message.id, str) else message.id[0]), strings


def say(error: TansiqError, lang: str, *, plain: bool = False) -> str:
    """Say a failure in the reader's language: its sentence translated, its fields filled."""
    return Messages.load(lang).gettext(error.sentence, plain=plain, **error.fields)
