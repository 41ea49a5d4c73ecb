"""Who answers for a member's promise of a registrar: the act by which an officer decided it (``docs/spec/mandate.md``).

A promise is for one key, once a version. So version and key name it, before it is given and after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from tansiq.cell.moment import Made, Mandates
from tansiq.cell.promises import PromiseBook
from tansiq.charter import Charter
from tansiq.errors import Refused
from tansiq.journal import Record, parse_leaf
from tansiq.journal.entry import MANDATE
from tansiq.registrar.control import Control
from tansiq.registrar.mandates import parse_mandate

KIND = "mandate"
QUESTION = "promise_answers"
"""What desks are asked: the acts that name promises, as ``Answer``, in the journal's order."""


class Answer(msgspec.Struct, frozen=True):
    """An act that names a member's promise, and the officer who said it at an instant (UTC ms).

    ``proved``: the charter asked for the officer's own signature at its index, and every cell has checked it.
    """

    member: str
    version: int
    key: bytes
    officer: str
    act: str
    said_at: int
    proved: bool


def is_asked(charter: Charter) -> bool:
    """Tell whether a charter asks for a named officer behind each promise."""
    return KIND in charter.officers.assertion


def answers(ask_all: Callable[..., list[tuple[str, Any]]], *, member: str | None = None,
            version: int | None = None) -> list[Answer]:
    """The acts that name promises, of a member or of all, for a version or for all."""
    return [one for _, found in ask_all(QUESTION, member=member, version=version) for one in found]


def answer_for(found: Sequence[Answer], member: str, version: int) -> Answer | None:
    """The act by which an officer answers for a member's promise: one that a passkey proves, where there is one."""
    named = [one for one in found if (one.member, one.version) == (member, version)]
    return next((one for one in named if one.proved), named[0] if named else None)


def require_answer(answer: Answer | None, word: tuple[int, bytes], charter: Charter, *, code: str,
                   unordered: bool) -> None:
    """Hold that a member may promise *word*, a version and a key, with the *answer* that it has for that version.

    *unordered*: the officer's act comes later, and is owed until then.

    Raises:
        Refused: ``promise.key``, the act names another key; ``promise.unordered``, the charter asks for an officer's
            act, and none stands here.
    """
    version, key = word
    if answer is not None and answer.key != key:
        raise Refused("promise.key", "{officer} decided that {code} promises another key for mandate {version}.",
                      officer=answer.officer, code=code, version=version)
    if is_asked(charter) and not unordered and (answer is None or not answer.proved):
        raise Refused("promise.unordered", "The charter asks for a named officer's decision: an act of {code} that "
                      "names mandate {version} and this key is signed and ordered first.", code=code, version=version)


def mandates_of(control: Control, fetch: Callable[[int, int], Sequence[Record]],
                time_of: Callable[[int], int | None], book: PromiseBook | None) -> Mandates:
    """The mandates so far, whose promises made the newest, and what *book* holds.

    *fetch* gives entries by their indices, *time_of* when one was ordered.
    """
    made = tuple(Made(one.version, one.key, one.index, time_of(one.index), is_asked(control.charter_at(one.index)))
                 for one in control.mandates)
    promisers: tuple[str, ...] = ()
    if len(made) > 1:
        # A tail may be falling meanwhile: then the entry is there no more, and nobody's promise is in force.
        promisers = tuple(promised.code for record in fetch(made[-1].index, made[-1].index + 1)
                          if parse_leaf(record.leaf).entry.kind == MANDATE
                          for promised in parse_mandate(record.body).promises)
    return Mandates(made, promisers, {} if book is None else book.given())


def owed(mandates: Mandates, found: Sequence[Answer], charter: Charter, *, member: str) -> list[tuple[int, bytes]]:
    """Promises that *member* gave and that no named officer of it answers for yet, though the charter asks it.

    Owed is what made a mandate, or may still make one; what came to nothing is not. Nor is what the member itself has
    named another key for: no act can mend that.
    """
    made = {one.version: one for one in mandates.made}
    newest = max(made, default=0)
    due = []
    for version, key in mandates.promised.items():
        asked = (made[version].asked and made[version].key == key if version in made
                 else version > newest and is_asked(charter))
        answer = answer_for(found, member, version)
        if asked and (answer is None or (answer.key == key and not answer.proved)):
            due.append((version, key))
    return due
