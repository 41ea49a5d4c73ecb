"""Keep the catalogues abreast of the code: ``script/messages`` calls this.

New messages are added empty, those that nothing says any more are struck, and no guess is ever made: a text that is
not a translation is not there. What lacks a translation is counted and listed.
"""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po, write_po

from tansiq.languages.extraction import extract
from tansiq.languages.messages import LANGUAGES

PACKAGE = Path(__file__).parents[1]
TRANSLATED = tuple(lang for lang in LANGUAGES if lang != "en")
_CHANGING = re.compile(rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|'
                       rb'Report-Msgid-Bugs-To):.*\n', re.MULTILINE)
_ALIKE = "alike.txt"


def path_of(lang: str) -> Path:
    """Where the catalogue of *lang* lies."""
    return Path(__file__).parent / "catalogues" / lang / "LC_MESSAGES" / "tansiq.po"


def alike() -> frozenset[str]:
    """Messages that may read the same in another language, such as a name of a format."""
    return frozenset((Path(__file__).parent / "catalogues" / _ALIKE).read_text("utf-8").splitlines())


def read(lang: str) -> Catalog:
    """Read the catalogue of *lang*; an empty one where there is none yet."""
    path = path_of(lang)
    if not path.is_file():
        return Catalog(locale=lang, project="Tansiq", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=lang)


def update(lang: str, said: Catalog) -> bytes:
    """Bring the catalogue of *lang* to the messages *said* by the code, and return its bytes as they should lie."""
    catalogue = read(lang)
    catalogue.header_comment = "# What Tansiq says, for its readers; kept abreast of the code by script/messages."
    catalogue.update(said, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    buffer = BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return _CHANGING.sub(b"", buffer.getvalue())


def missing(catalogue: Catalog, same: frozenset[str] = frozenset()) -> list[str]:
    """List the message ids that have no translation: empty, fuzzy, or the English again and not in *same*."""
    return [_first(entry) for entry in catalogue if entry.id and not _translated(entry, same)]


def _translated(entry: Entry, same: frozenset[str]) -> bool:
    strings = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
    english = (entry.id,) if isinstance(entry.id, str) else tuple(entry.id)
    if entry.fuzzy or not strings or not all(strings):
        return False
    return _first(entry) in same or not any(text in english for text in strings)


def _first(entry: Entry) -> str:
    return entry.id if isinstance(entry.id, str) else str(entry.id[0])


def main() -> int:
    """Update every catalogue and say what each lacks; 1 where one lacks something."""
    said, same, lacking = extract(PACKAGE), alike(), 0
    for lang in TRANSLATED:
        path = path_of(lang)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(update(lang, said))
        catalogue = read(lang)
        left = missing(catalogue, same)
        lacking += len(left)
        print(f"{lang}: {len(catalogue) - len(left)} of {len(catalogue)}", *left, sep="\n    ")
    return int(lacking > 0)


if __name__ == "__main__":
    sys.exit(main())
