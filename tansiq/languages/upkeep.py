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
_APART = ("desks", "doors")


def folder_of(lang: str) -> Path:
    """Where the catalogues of *lang* lie: one file for each room and each desk, named as it is."""
    return Path(__file__).parent / "catalogues" / lang / "LC_MESSAGES"


def domain_of(entry: Entry) -> str:
    """Name the file that a message lies in: the desk, the door or the room that says it; the first, where many do."""
    parts = min(place for place, _ in entry.locations).split("/")
    inner = len(parts) > 3 and parts[1] in _APART
    return parts[2 if inner else 1].removesuffix(".py")


def alike() -> frozenset[str]:
    """Messages that may read the same in another language, such as a name of a format."""
    return frozenset((Path(__file__).parent / "catalogues" / _ALIKE).read_text("utf-8").splitlines())


def read(lang: str) -> Catalog:
    """Read all that stands in *lang*, from all its files; empty where there is none yet."""
    whole = _empty(lang)
    for path in sorted(folder_of(lang).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=lang):
                # A message moves to another file when somebody else says it first: its translation goes along.
                if entry.id and not (_first(entry) in whole and not any(_strings(entry))):
                    whole[entry.id] = entry
    return whole


def update(lang: str, said: Catalog) -> dict[str, bytes]:
    """Bring *lang* to the messages *said* by the code: the bytes of each file as they should lie, by its name."""
    whole = read(lang)
    whole.update(said, no_fuzzy_matching=True)
    parts: dict[str, Catalog] = {}
    for entry in whole:
        if entry.id:
            parts.setdefault(domain_of(entry), _empty(lang))[entry.id] = entry
    return {f"{domain}.po": _write(catalogue) for domain, catalogue in parts.items()}


def _empty(lang: str) -> Catalog:
    comment = "# What Tansiq says, for its readers; kept abreast of the code by script/messages."
    return Catalog(locale=lang, project="Tansiq", charset="utf-8", fuzzy=False, header_comment=comment)


def _write(catalogue: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalogue, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return _CHANGING.sub(b"", buffer.getvalue())


def missing(catalogue: Catalog, same: frozenset[str] = frozenset()) -> list[str]:
    """List the message ids that have no translation: empty, fuzzy, or the English again and not in *same*."""
    return [_first(entry) for entry in catalogue if entry.id and not _translated(entry, same)]


def _strings(entry: Entry) -> tuple[str, ...]:
    return (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())


def _translated(entry: Entry, same: frozenset[str]) -> bool:
    strings = _strings(entry)
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
        folder, files = folder_of(lang), update(lang, said)
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.po"):
            if path.name not in files:
                path.unlink()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        catalogue = read(lang)
        left = missing(catalogue, same)
        lacking += len(left)
        print(f"{lang}: {len(catalogue) - len(left)} of {len(catalogue)}", *left, sep="\n    ")
    return int(lacking > 0)


if __name__ == "__main__":
    sys.exit(main())
