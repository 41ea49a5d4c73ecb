"""The vectors of evidence: good files, and every forgery of which the design was accused. See ``centre``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from hashlib import sha256
from typing import Any

from tests.vectors import centre as c

File = dict[str, Any]
Vector = dict[str, str]
OCTOBER = c.FIRST_MONTH + 1
ALL = ("BB", "CC", "DD")


def journal() -> c.Log:
    """Two months of a small centre; places in it are named below."""
    log = c.founded()

    def seal(author: str, when: str, desk: int, acts: list[bytes], to: tuple[str, ...], **given: Any) -> int:
        return log.seal(author, f"2015-{when}", desk, [c.said(data, desk, n) for n, data in enumerate(acts)], to,
                        **given)

    def alive(author: str, when: str) -> None:
        seal(author, when, 0, [c.act(author, "heartbeat", c.MEMBERS)], tuple(m for m in c.MEMBERS if m != author))

    seal("AA", "09-29 10:00", 2, [c.act("AA", "request", ("AA", "BB"), "maps", words="September")], ("BB",))
    seal("BB", "09-29 11:00", 1, [c.act("BB", "report", ("AA", "BB"))], ("AA",))
    seal("AA", "10-02 10:00", 2, [c.act("AA", "request", ("AA", "BB"), "maps", words="We ask for maps.")], ("BB",))
    three = ("AA", "BB", "CC")
    seal("AA", "10-03 10:00", 2, [c.act("AA", "request", three, "maps", words="More maps."),
                                  c.act("AA", "counter", three, "maps", words="Or these."),
                                  c.act("AA", "withdrawal", three, words="No longer.")], ("BB", "CC"))
    seal("AA", "10-04 10:00", 2, [c.act("AA", "request", ("AA", "CC"), "sensors", words="To CC alone.")], ("CC",))
    seal("AA", "10-05 10:00", 1, [c.act("AA", "report", c.MEMBERS, words="A road is open.")], ALL)
    seal("CC", "10-05 11:00", 1, [c.act("CC", "report", c.MEMBERS)], ("AA", "BB", "DD"))
    seal("AA", "10-06 10:00", 3, [c.act("AA", "sighting", ("AA", "BB"))], ("BB",), junk=True)
    seal("AA", "10-07 10:00", 2, [c.act("AA", "step", ("AA", "BB", "DD"), "maps")], ("BB",))
    seal("AA", "10-08 10:00", 4, [c.act("AA", "notice", ("AA", "BB", "PP"))], ("BB", "PP"))
    seal("PP", "10-09 10:00", 4, [c.act("PP", "notice", ("AA", "PP"))], ("AA",))
    false = c.said(c.act("AA", "request", ("AA", "BB"), "sensors"), 2, kind="decline", topic=None)
    log.seal("AA", "2015-10-10 10:00", 2, [false], ("BB",))
    for code in ALL:
        alive(code, "10-11 10:00")
    for code in ("AA", "DD", "BB"):
        alive(code, "11-02 10:00")
    return log


LOG = journal()
MAPS, BATCH, TO_CC, JUNK, STEP, FALSE_LABEL = 13, 14, 15, 18, 19, 22
MID, FULL = 26, LOG.size
CENTRE = LOG.centre


def receipt(index: int, seen: tuple[int, ...] = (), size: int = FULL, log: c.Log = LOG, **given: Any) -> File:
    """A receipt."""
    return {"evidence": "receipt", **log.ground(size, **given), "entry": log.placed(index, size),
            "seen": [log.placed(one, size) for one in seen]}


def committed(index: int, position: int) -> File:
    """Where an act stands in its envelope."""
    leaves = [one.leaf for one in LOG.acts[index]]
    return {"position": position, "count": len(leaves), "path": [h.hex() for h in c.path(leaves, position)]}


def disclosure(index: int, position: int = 0, seen: tuple[int, ...] = (), **given: Any) -> File:
    """A disclosure."""
    one = LOG.acts[index][position]
    return receipt(index, seen, **given) | {
        "evidence": "disclosure", "act": one.data.decode(), "salt": one.salt.hex(), "label": one.label.decode(),
        "committed": committed(index, position)}


def label(index: int, position: int = 0) -> File:
    """A label alone."""
    one = LOG.acts[index][position]
    return receipt(index) | {"evidence": "label", "act": one.id.hex(), "label": one.label.decode(),
                             "label_salt": one.label_salt.hex(), "committed": committed(index, position)}


def tag(frm: str, to: str, desk: int, month: int = OCTOBER) -> File:
    """A tag secret with its path."""
    secret, leaves = c.pair(CENTRE, frm, to, month, desk), c.tags(CENTRE, frm, to)
    at = (month - c.FIRST_MONTH) * 32 + desk
    number = 2 if frm == "AA" else 1
    return {"introduction": number, "tag": secret[0].hex(), "wrap_hash": sha256(secret[1]).hexdigest(),
            "path": [h.hex() for h in c.path(leaves, at)]}


def labelled(one: c.Said) -> File:
    """One act by its label."""
    return {"act": one.id.hex(), "label": one.label.decode(), "label_salt": one.label_salt.hex()}


def shut(index: int, frm: str, to: str, desk: int) -> File:
    """The wrap secret and the body that it does not open."""
    return {"wrap": c.pair(CENTRE, frm, to, OCTOBER, desk)[1].hex(), "body": c.b64(LOG.bodies[index])}


def own(author: str, first: int, last: int, log: c.Log = LOG) -> list[int]:
    """Places of an author's entries numbered from *first* to *last*."""
    mine = [n for n, leaf in enumerate(log.leaves) if leaf[54:62] == c.c8(author)]
    return mine[first - 1:last]


def absence(frm: str, to: str, desk: int, kind: str | None, topic: str | None = None, *,
            numbers: tuple[int, int] = (4, 13), size: int = FULL, month: str = "2015-10") -> File:
    """A certificate of absence over an author's entries; what matches is found as a holder of T finds it."""
    entries = own(frm, *numbers)
    wanted = c.pair(CENTRE, frm, to, OCTOBER, desk)[0]
    addressed = []
    for index in entries:
        leaf = LOG.leaves[index]
        if index not in LOG.acts or c.month_of(int.from_bytes(leaf[174:182], "big")) != OCTOBER:
            continue
        number, named = int.from_bytes(leaf[94:102], "big"), leaf[218:250]
        sign = c.digest(wanted, c.u(number, 8) + named, "sha256")[:16]
        if sign in leaf[251:-64]:
            bad = index == JUNK
            addressed.append({"number": number,
                              "labels": None if bad else [labelled(one) for one in LOG.acts[index]],
                              "unopenable": shut(index, frm, to, desk) if bad else None})
    return {"evidence": "absence", **LOG.ground(size), "tags": [tag(frm, to, desk)],
            "asked": {"author": frm, "to": to, "month": month, "desk": desk, "kind": kind, "topic": topic},
            "run": c.b64(b"".join(LOG.leaves[n][48:-64] for n in entries)), "last": LOG.placed(entries[-1], size),
            "addressed": addressed}


def partnered(**doubled: Any) -> c.Log:
    """The journal goes on: AA names the partner thrice more, and says something to the others in between."""
    log, three = LOG.copy(FULL), ("AA", "BB", "PP")

    def seal(when: str, desk: int, kind: str, to: tuple[str, ...], **given: Any) -> None:
        data = c.act("AA", kind, three)
        log.acts[log.seal("AA", when, desk, [c.said(data, desk)], to, **given)] = [c.said(data, desk)]

    seal("2015-11-05 10:00", 4, "notice", ("BB", "PP"))
    seal("2015-11-06 10:00", 4, "notice", ("BB",))
    seal("2015-11-10 10:00", 1, "report", ("BB", "PP"), **doubled)
    seal("2015-12-03 10:00", 4, "closing", ("BB", "PP"))
    return log


PARTNERED = partnered()
NAMING = (20, FULL, FULL + 2, FULL + 3)
"""The places of AA's entries that name the partner, by their running numbers."""
UNNAMED = FULL + 1
LATER = "2015-12-10 00:00"
NOVEMBER = OCTOBER + 1


def counted(desk: int, kind: str | None, places: tuple[int, ...] = NAMING, month: int = NOVEMBER,
            log: c.Log = PARTNERED) -> File:
    """A certificate of absence from AA to the partner, over entries that name it."""
    wanted, addressed = c.pair(CENTRE, "AA", "PP", month, desk)[0], []
    for index in places:
        leaf = log.leaves[index]
        number, there = int.from_bytes(leaf[94:102], "big"), c.month_of(int.from_bytes(leaf[174:182], "big")) == month
        sign = c.digest(wanted, leaf[94:102] + leaf[218:250], "sha256")[:16]
        if there and sign in leaf[251:-64]:
            said = (LOG if index < FULL else log).acts[index]
            addressed.append({"number": number, "labels": [labelled(one) for one in said], "unopenable": None})
    return {"evidence": "absence-counted", **log.ground(log.size, when=LATER), "tags": [tag("AA", "PP", desk, month)],
            "asked": {"author": "AA", "to": "PP", "month": f"2015-{month - 539}", "desk": desk, "kind": kind,
                      "topic": None},
            "entries": [log.placed(n, log.size) for n in places], "addressed": addressed}


def rerun(numbers: tuple[int, ...], author: str = "AA") -> str:
    """A run of these numbers alone, whatever is between them."""
    return c.b64(b"".join(LOG.leaves[own(author, n, n)[0]][48:-64] for n in numbers))


def misaddressed() -> File:
    """AA's entry to BB that does not open."""
    return {"evidence": "conviction-misaddressed", **LOG.ground(FULL), "to": "BB", "desk": 3, "tag": tag("AA", "BB", 3),
            "entry": LOG.placed(JUNK, FULL), "unopenable": shut(JUNK, "AA", "BB", 3)}


def headless() -> File:
    """AA's entry to BB that opens, with an act whose head is none."""
    log = LOG.copy(FULL)
    act = c.said(c.act("AA", "sighting", ("AA", "BB"), precedence="soon"), 3)
    index = log.seal("AA", "2015-11-20 10:00", 3, [act], ("BB",))
    wrap = c.pair(CENTRE, "AA", "BB", NOVEMBER, 3)[1].hex()
    return {"evidence": "conviction-misaddressed", **log.ground(log.size), "to": "BB", "desk": 3,
            "tag": tag("AA", "BB", 3, NOVEMBER), "entry": log.placed(index, log.size),
            "unopenable": {"wrap": wrap, "body": c.b64(log.bodies[index])}}


def unaddressed() -> File:
    """AA's step that names DD, in an entry whose slot for DD is junk."""
    return disclosure(STEP) | {"evidence": "conviction-unaddressed", "to": "DD", "tag": tag("AA", "DD", 2)}


def branched() -> c.Log:
    """Another journal of the same registrar: the same founding, then another story."""
    log = LOG.copy(MAPS)
    log.seal("AA", "2015-10-02 10:00", 2, [c.said(c.act("AA", "request", ("AA", "BB"), "sensors"), 2)], ("BB",))
    return log


def forked() -> File:
    """Two checkpoints that no journal has both."""
    other = branched()
    return {"evidence": "conviction-registrar", "version": 1, "centre": CENTRE.hex(),
            "first": other.note(other.size, cosigners=()), "second": LOG.note(FULL, cosigners=()),
            "instead": c.root(LOG.hashes(other.size)).hex(),
            "path": [h.hex() for h in c.consistency(LOG.hashes(), other.size)]}


def promise(key: str = "next", named: tuple[int, int] = (1, MID), version: int = 2, code: str = "CC") -> str:
    """A promise."""
    text = (f"tansiq-promise/v1\n{CENTRE.hex()}\n{version}\n{c.b64(c.public('registrar', key))}\n"
            f"{named[0]} {named[1]} {c.b64(c.root(LOG.hashes(named[1])))}\n")
    name = f"tansiq/{CENTRE.hex()}/{code}"
    return text + "\n" + c.line(name, 1, c.public(code, "sign"), c.key(code, "sign").sign(text.encode()))


def cosigned(size: int, code: str = "CC", version: int = 1) -> str:
    """A checkpoint with one cosignature, and without the registrar's line."""
    text, _, lines = LOG.note(size, cosigners=(code,), version=version).partition("\n\n")
    return text + "\n\n" + lines.split("\n")[1] + "\n"


def contradicted(other: str, first: str | None = None) -> File:
    """A promise and what contradicts it."""
    both = sorted((first or promise(), other)) if other.startswith("tansiq-promise") else [first or promise(), other]
    return {"evidence": "conviction-member", "version": 1, "centre": CENTRE.hex(), "member": "CC", "promise": both[0],
            "other": both[1]}


def doubled(**second: Any) -> File:
    """Two entries with one number, each under a checkpoint of its own."""
    other = branched()
    ordered = []
    for log, index, given in ((LOG, MAPS, {}), (other, MAPS, second)):
        ground = log.ground(log.size, **given)
        identity = sha256(b"tansiq/entry/v1\n" + log.leaves[index][48:-64]).digest()
        ordered.append((identity, {"checkpoint": ground["checkpoint"], "tip": ground["tip"],
                                   "entry": log.placed(index, log.size)}))
    one, two = (shown for _, shown in sorted(ordered, key=lambda pair: pair[0]))
    return {"evidence": "conviction-author", "version": 1, "centre": CENTRE.hex(), "first": one, "second": two}


def public_part(size: int = FULL, log: c.Log = LOG, **given: Any) -> File:
    """The public part at a size."""
    chain = [{"leaf": c.b64(log.leaves[n]), "body": log.bodies[n].decode()} for n in log.open if n < size]
    return {"evidence": "public", **log.ground(size, **given), "chain": chain}


GOOD: dict[str, Callable[[], File]] = {
    "receipt": lambda: receipt(MAPS, (23, 24, 25)),
    "receipt of an open entry": lambda: receipt(2),
    "receipt that is ordered and not settled": lambda: receipt(MAPS, cosigners=("AA", "BB")),
    "receipt under an older checkpoint": lambda: receipt(MAPS, size=MID),
    "disclosure": lambda: disclosure(MAPS, seen=(23,)),
    "disclosure of one act of three": lambda: disclosure(BATCH, 2),
    "label": lambda: label(BATCH, 1),
    "absence over a whole month": lambda: absence("AA", "BB", 2, "request", "sensors"),
    "absence until an entry": lambda: absence("AA", "BB", 2, "request", "sensors", numbers=(4, 12), size=MID),
    "absence of a kind, whatever the topic": lambda: absence("AA", "BB", 2, "promise"),
    "absence from the author's first entry on": lambda: absence("AA", "CC", 2, "completion", numbers=(1, 13)),
    "absence to a partner": lambda: absence("AA", "PP", 4, "activation"),
    "absence to a partner by its own count": lambda: counted(4, "activation"),
    "absence to a partner by its own count, until an entry": lambda: counted(4, "activation", NAMING[:3]),
    "absence to a partner by its own count, from the first on": lambda: counted(4, "activation", NAMING[:2], OCTOBER),
    "absence to a partner of everything on a desk": lambda: counted(8, None, NAMING[2:], OCTOBER + 2),
    "absence from a partner": lambda: absence("PP", "AA", 4, "closing", numbers=(1, 3)),
    "absence of everything on a desk": lambda: absence("AA", "BB", 8, None),
    "absence over an entry that nobody can open": lambda: absence("AA", "BB", 3, "sighting"),
    "conviction of an author who sealed what does not open": misaddressed,
    "conviction of an author who sealed an act without a head": headless,
    "conviction of an author who named a reader and gave it junk": unaddressed,
    "conviction of a registrar": forked,
    "conviction of a member with two promises": lambda: contradicted(promise("other")),
    "conviction of a member who had cosigned more": lambda: contradicted(cosigned(FULL)),
    "conviction of an author with two settled stories": doubled,
}


def changed(made: File, where: str, value: Any) -> File:
    """A file with one field replaced; *where* is a path of names and numbers."""
    made = deepcopy(made)
    names = [int(part) if part.isdecimal() else part for part in where.split(".")]
    at: Any = made
    for part in names[:-1]:
        at = at[part]
    at[names[-1]] = value(at[names[-1]]) if callable(value) else value
    return made


def text_of_file(made: File) -> str:
    """A file as it is written."""
    return c.canonical(made).decode()


def vectors() -> list[Vector]:
    """Every scenario with the verdict that is due."""
    from tests.vectors.forgeries import forgeries
    good = [{"what": what, "expected": "ok", "file": text_of_file(make())} for what, make in GOOD.items()]
    return [*good, *({"what": what, "expected": code, "file": made if isinstance(made, str) else text_of_file(made)}
                     for what, code, made in forgeries())]


def publics() -> Iterator[tuple[str, str, File]]:
    """The public part, and false ones."""
    from tests.vectors.forgeries import false_publics
    yield "the public part", "ok", public_part()
    yield "the public part at an older size", "ok", public_part(MID)
    yield from false_publics()


def files() -> dict[str, str]:
    """The files of vectors as they are written: one vector a line."""
    parts = [{"what": what, "expected": code, "file": text_of_file(made)} for what, code, made in publics()]

    def lines(made: list[Vector]) -> str:
        return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in made) + "\n]\n"

    from tests.vectors.mandated import rows
    return {"publics": lines(parts), "evidence": lines(vectors()), "mandated": lines(rows())}
