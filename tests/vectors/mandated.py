"""Vectors of evidence under a second mandate: the journal goes on with another registrar, and a new public part."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.vectors import centre as c
from tests.vectors import evidence as e

MANDATE = 7
NEXT: dict[str, Any] = {"version": 2, "signer": ("registrar", "next"), "when": "2015-12-03 00:00"}


def taken(promises: list[str] | None = None, **changed: Any) -> c.Log:
    """The journal taken over at its end, and one entry more; *changed* replaces fields of the mandate."""
    log = e.LOG.copy(e.FULL)
    notes = promises or [e.promise(named=(1, e.FULL), code=code) for code in ("AA", "BB", "CC")]
    body = {"version": 2, "key": c.b64(c.public("registrar", "next")), "start": e.FULL,
            "root": c.root(log.hashes()).hex(), "promises": notes}
    log.add("BB", MANDATE, "2015-12-02 08:00", c.canonical(body | changed))
    log.seal("AA", "2015-12-02 09:00", 1, [c.said(c.act("AA", "report", c.MEMBERS), 1)], e.ALL)
    return log


LOG = taken()
SIZE = LOG.size


def receipt(index: int, size: int = SIZE, **given: Any) -> e.File:
    """A receipt under the second mandate."""
    return e.receipt(index, size=size, log=LOG, **(NEXT | given))


def forked() -> e.File:
    """Two journals of the second registrar."""
    other = LOG.copy(e.FULL + 1)
    other.seal("CC", "2015-12-02 09:00", 1, [c.said(c.act("CC", "report", c.MEMBERS), 1)], ("AA", "BB", "DD"))
    return {"evidence": "conviction-registrar", "version": 1, "centre": e.CENTRE.hex(),
            "first": other.note(SIZE, cosigners=(), **NEXT), "second": LOG.note(SIZE, cosigners=(), **NEXT),
            "instead": c.root(LOG.hashes()).hex(), "path": []}


def public_part(log: c.Log = LOG) -> e.File:
    """The public part after the mandate."""
    return e.public_part(log.size, log, **NEXT)


def vectors() -> Iterator[tuple[str, str, e.File]]:
    """What the new public part proves, and what it does not."""
    yield "receipt under the second mandate", "ok", receipt(SIZE - 1)
    yield "receipt of the mandate's own entry", "ok", receipt(e.FULL)
    yield "receipt under the first mandate, at the size where it ended", "ok", e.receipt(e.MAPS)
    yield "receipt of an old entry under the second mandate", "ok", receipt(e.MAPS)
    yield "conviction of the second registrar", "ok", forked()
    yield "a checkpoint under an older mandate", "evidence.mandate", receipt(
        SIZE - 1, version=1, signer=("registrar", "1"))
    yield "a checkpoint of the second mandate by the first registrar", "note.signature", receipt(
        SIZE - 1, signer=("registrar", "1"))
    yield "a checkpoint of the second mandate below its beginning", "evidence.mandate", receipt(e.MAPS, size=e.FULL)
    yield "a checkpoint of a mandate that nobody made", "evidence.mandate", receipt(SIZE - 1, version=3)


def false_publics() -> Iterator[tuple[str, str, e.File]]:
    """Mandates that do not hold."""
    def promised(*codes: str, **given: Any) -> list[str]:
        return [e.promise(code=code, **({"named": (1, e.FULL)} | given)) for code in codes]

    for what, log in (
        ("a mandate by less than a quorum", taken(promised("AA", "BB"))),
        ("a mandate with one member's promise twice", taken(promised("AA", "BB", "BB"))),
        ("a mandate with promises out of order", taken(promised("BB", "AA", "CC"))),
        ("a mandate with a promise for another key", taken(promised("AA", "BB") + promised("CC", key="other"))),
        ("a mandate with a promise for another version", taken(promised("AA", "BB") + promised("CC", version=3))),
        ("a mandate that starts elsewhere than its promises say", taken(promised("AA", "BB", "CC", named=(1, e.MID)))),
        ("a mandate of the version that is in force", taken(version=1)),
        ("a mandate with another root", taken(root="ab" * 32)),
    ):
        yield what, "mandate" if what.endswith("in force") else "entry.open", public_part(log)


def rows() -> list[e.Vector]:
    """The public part first, which all else is checked against; then files; then public parts that do not hold."""
    made = [("the public part under a second mandate", "ok", public_part()), *vectors(), *false_publics()]
    return [{"what": what, "expected": code, "file": e.text_of_file(file)} for what, code, file in made]
