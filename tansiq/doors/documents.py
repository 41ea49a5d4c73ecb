"""Documents: what a desk shows, typeset as PDF/A in the reader's language, from fonts that come with the program.

A desk gives a template of Typst; the frame around it stands here. Whatever people wrote goes in as data and is never
read as markup. Nothing is fetched, and no font of the machine is used. PDF/A demands that every character can be shown:
where somebody wrote one that these fonts lack (Chinese, say), it is a plain PDF, with a box for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import typst

from tansiq.acts import Text
from tansiq.cell.desk import Desk
from tansiq.charter import Charter
from tansiq.doors.floor import Floor
from tansiq.errors import Malformed, Unavailable
from tansiq.languages.isolates import show_controls
from tansiq.languages.messages import RIGHT_TO_LEFT, Messages
from tansiq.languages.sentences import Sentence, named, say_sentence
from tansiq.office import Officer

PAPER = Path(__file__).parent / "paper"
FONTS = PAPER / "fonts"
STANDARD: Any = "a-2b"


class Frame(msgspec.Struct, frozen=True):
    """What stands around a document: its language, its title, the centre's name, the stamp of an exercise (or empty),
    the line at the foot, and when it was made (UTC ms)."""

    lang: str
    title: str
    centre: str
    stamp: str
    foot: str
    made_ms: int


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF; ``archival``: it is PDF/A. ``warnings`` are what Typst had to say of the template."""

    pdf: bytes
    archival: bool
    warnings: tuple[str, ...]


def typeset(template: str, frame: Frame, body: Mapping[str, Any]) -> Document:
    """Typeset *body*, which the template finds as ``it.body``.

    The same arguments give the same document. *body* holds plain values alone (see ``spoken``).

    Raises:
        Unavailable: ``documents.unbuilt``, the fonts were not laid out when the program was built.
    """
    made = datetime.fromtimestamp(frame.made_ms // 1000, UTC)
    data = msgspec.to_builtins(frame) | {
        "dir": direction(frame.lang), "made": {"year": made.year, "month": made.month, "day": made.day}, "body": body}
    source = f"{(PAPER / 'frame.typ').read_text('utf-8')}\n{template}"
    compiler: Any = typst.Compiler(root=FONTS, font_paths=_fonts(), ignore_system_fonts=True)
    asked = {"input": source.encode(), "format": "pdf", "timestamp": made,
             "sys_inputs": {"data": msgspec.json.encode(data).decode()}}
    try:
        (pdf, warnings), archival = compiler.compile_with_warnings(**asked, pdf_standards=STANDARD), True
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        (pdf, warnings), archival = compiler.compile_with_warnings(**asked), False
    return Document(pdf, archival, tuple(warning.message for warning in warnings))


def view_document(floor: Floor, officer: Officer, of: tuple[str, str], params: Mapping[str, str],
                  lang: str) -> Document:
    """Typeset a view, named by desk and view, as a PDF.

    Raises:
        Malformed: ``desk.unknown``, ``view.unknown``, ``languages.unknown``; ``documents.none``, it is not made to be
            typeset.
        Refused: ``officer.role``.
    """
    desk, view = floor.desk(of[0]), floor.view(*of)
    taken = {name: value for name, value in params.items() if name in view.takes}
    return _document(floor, officer, (desk, view.document, view.title), view.show(floor.look(officer, taken)), lang)


def thread_document(floor: Floor, officer: Officer, given: str, lang: str) -> Document:
    """Typeset where the thread of an act stands as a PDF.

    Raises:
        Malformed: ``documents.none``, ``languages.unknown``.
        Refused: ``officer.role``, ``act.absent``.
    """
    desk, it = floor.panel(officer, given)
    panel = desk.showing.panel if desk.showing is not None else None
    form = floor.form_of(floor.thread(officer, given)[0].kind)
    title = form.kind.title if form is not None else desk.title
    return _document(floor, officer, (desk, panel.document if panel is not None else "", title), it, lang)


def _document(floor: Floor, officer: Officer, of: tuple[Desk, str, str], it: Any, lang: str) -> Document:
    desk, template, title = of
    if it is None or not template or desk.showing is None:
        raise Malformed("documents.none", "This is not made to be typeset.")
    messages, charter, status = Messages.load(lang), floor.charter, floor.cell(officer.member).status()
    known = {"member": _name(charter, officer.member), "now_ms": floor.now(), "size": status.get("size", 0),
             "settled": status.get("settled", 0), "root": str(status.get("root") or "")[:16]}
    foot = say_sentence(Sentence("Copy of {member}, {now_ms}: {size} entries, {settled} of them settled; root {root}.",
                                 known), lang)
    frame = Frame(lang, messages.gettext(title), named(charter.name, lang),
                  messages.gettext("Exercise") if charter.exercise else "", foot, floor.now())
    desks = {one.name: messages.gettext(one.title) for one in floor.desks}
    source = files(desk.showing.templates).joinpath("templates", template).read_text("utf-8")
    return typeset(source, frame, spoken(it, lang) | {"desks": desks})


def _name(charter: Charter, code: str) -> Mapping[str, str]:
    return next((party.name for party in charter.parties if party.code == code), {"": code})


def spoken(value: Any, lang: str) -> Any:
    """Turn what a view gives into plain values: sentences said in *lang*, words with the direction that they run in."""
    if isinstance(value, Sentence):
        return say_sentence(value, lang)
    if isinstance(value, Text):
        words = show_controls(value.text)
        return {"lang": value.lang or lang, "dir": direction(value.lang or lang), "text": words}
    if isinstance(value, msgspec.Struct):
        return {name: spoken(getattr(value, name), lang) for name in value.__struct_fields__}
    if isinstance(value, list | tuple):
        return [spoken(one, lang) for one in value]
    return show_controls(value) if isinstance(value, str) else value


def direction(lang: str) -> str:
    """The direction in which a language is written: ``rtl`` or ``ltr``."""
    return "rtl" if lang in RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    if not list(FONTS.glob("*.ttf")):
        raise Unavailable("documents.unbuilt", "The fonts of documents are not laid out: run script/bootstrap.")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
