"""Forgeries of evidence, each with the code that names what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.vectors import centre as c
from tests.vectors.evidence import (
    BATCH,
    CENTRE,
    FALSE_LABEL,
    FULL,
    JUNK,
    LOG,
    MAPS,
    MID,
    NAMING,
    OCTOBER,
    PARTNERED,
    STEP,
    TO_CC,
    UNNAMED,
    File,
    absence,
    branched,
    changed,
    contradicted,
    cosigned,
    counted,
    disclosure,
    doubled,
    forked,
    label,
    labelled,
    misaddressed,
    own,
    partnered,
    promise,
    public_part,
    receipt,
    rerun,
    shut,
    tag,
    text_of_file,
    unaddressed,
)

Forgery = tuple[str, str, File | str]


def flip(text: str) -> str:
    """Another first hex digit, or another letter of base64."""
    return ("1" if text[0] != "1" else "2") + text[1:]


def cut(made: str, at: int = 40) -> str:
    """Base64 with one bit changed inside."""
    data = bytearray(c.unb64(made))
    data[at] ^= 1
    return c.b64(bytes(data))


def forgeries() -> Iterator[Forgery]:
    """All of them."""
    for part in (forms, receipts, grounds, disclosures, secrets, runs, counts, labels_, questions, registrars, members,
                 authors, addressees):
        yield from part()


def forms() -> Iterator[Forgery]:
    """What is no file of evidence."""
    good = text_of_file(receipt(MAPS))
    yield "nothing", "evidence.kind", ""
    yield "not JSON", "evidence.kind", "{"
    yield "another kind", "evidence.unknown", changed(receipt(MAPS), "evidence", "rumour")
    yield "a blank", "json.canonical", good.replace('"centre":', '"centre": ')
    yield "a field too many", "json.shape", receipt(MAPS) | {"more": 1}
    yield "a field too few", "json.shape", {k: v for k, v in receipt(MAPS).items() if k != "seen"}
    yield "version 2", "json.shape", receipt(MAPS) | {"version": 2}
    yield "the public part itself", "evidence.public.given", public_part()


def receipts() -> Iterator[Forgery]:
    """Receipts."""
    good = receipt(MAPS, (23,))
    yield "another centre", "evidence.elsewhere", changed(good, "centre", flip)
    yield "an entry of another body", "proof.inclusion", changed(good, "entry.leaf", cut)
    yield "another place", "proof.inclusion", changed(good, "entry.leaf", lambda leaf: cut(leaf, 7))
    yield "a path of another entry", "proof.inclusion", changed(good, "entry.path", LOG.placed(BATCH, FULL)["path"])
    yield "a path that is too short", "proof.inclusion", changed(good, "entry.path", lambda path: path[:-1])
    yield "one who had not seen it", "evidence.seen", receipt(MAPS, (12,))
    yield "one who sealed it before it knew", "evidence.seen", receipt(24, (23,))
    yield "two of one", "evidence.seen.order", changed(good, "seen", lambda seen: seen * 2)
    yield "the author as its own witness", "evidence.seen.order", receipt(MAPS, (BATCH,))


def grounds() -> Iterator[Forgery]:
    """Checkpoints, cosignatures, and the chain of open entries."""
    def rested(**given: Any) -> File:
        return receipt(MAPS, **given)

    yield "a checkpoint of another key", "note.signature", rested(signer=("registrar", "2"))
    yield "a checkpoint of another root", "proof.inclusion", rested(named_root=c.seeded("root"))
    yield "a mandate that never was", "evidence.mandate", rested(version=2, signer=("registrar", "2"))
    yield "a checkpoint of another centre", "evidence.origin", changed(
        rested(), "checkpoint", lambda note: note.replace(CENTRE.hex(), c.seeded("other").hex()))
    yield "another size", "evidence.tip", changed(rested(), "checkpoint", lambda n: n.replace("\n29\n", "\n28\n"))
    yield "a partner as cosigner", "evidence.cosigner", rested(cosigners=("AA", "BB", "PP"))
    yield "one cosigner twice", "evidence.cosigner", rested(cosigners=("AA", "BB", "BB"))
    yield "cosigners out of order", "evidence.cosigner", rested(cosigners=("BB", "AA", "CC"))
    yield "a cosignature of another text", "signature", changed(
        rested(), "checkpoint", lambda note: "\n".join([*note.split("\n")[:-2], LOG.note(MID).split("\n")[-2], ""]))
    yield "an extension line", "checkpoint", changed(
        rested(), "checkpoint", lambda note: note.replace("\n\n", "\nmore\n\n", 1))
    yield "another last entry", "evidence.tip", changed(rested(), "tip", LOG.placed(FULL - 2, FULL))
    yield "a journal of the same size that is another", "evidence.fork", _same_size()
    yield "an open entry left out", "evidence.chain", _left_out(12)
    yield "open entries that the charter's file lacks", "evidence.newer", _newer()


def _same_size() -> File:
    other = LOG.copy(FULL - 1)
    other.seal("DD", "2015-11-02 10:00", 0, [c.said(c.act("DD", "heartbeat", c.MEMBERS), 0)], ("AA",))
    return receipt(MAPS, log=other)


def _left_out(size: int) -> File:
    """A journal in which the last open entry is passed over by all that follow."""
    other = LOG.copy(11)
    other.open.remove(10)
    other.seal("AA", "2015-09-29 10:00", 2, [c.said(c.act("AA", "request", ("AA", "BB")), 2)], ("BB",))
    return receipt(11, size=size, log=other)


def _newer() -> File:
    """One more acceptance than the public part knows."""
    other = LOG.copy(FULL)
    other.add("BB", c.ACCEPT, "2015-11-03 10:00", c.canonical({"introductions": [{"author": "AA", "number": 2}]}))
    return receipt(MAPS, size=FULL + 1, log=other)


def disclosures() -> Iterator[Forgery]:
    """Acts and labels."""
    good, one, shown = disclosure(BATCH, 1), LOG.acts[BATCH][1], label(BATCH, 1)
    yield "other words", "evidence.commitment", changed(good, "act", lambda act: act.replace("these", "those"))
    yield "another salt", "evidence.commitment", changed(good, "salt", flip)
    yield "another label", "evidence.commitment", changed(good, "label", lambda x: x.replace("counter", "promise"))
    yield "a position that is another act's", "evidence.commitment", changed(good, "committed.position", 0)
    yield "a position beyond the count", "evidence.position", changed(good, "committed.position", 3)
    yield "another count", "evidence.commitment", changed(good, "committed.count", 4)
    yield "a path that is too short", "evidence.path", changed(good, "committed.path", lambda path: path[:-1])
    yield "a path that is too long", "evidence.path", changed(good, "committed.path", lambda path: [*path, path[0]])
    yield "an act of another entry", "evidence.commitment", disclosure(MAPS) | {
        "act": one.data.decode(), "salt": one.salt.hex(), "label": one.label.decode()}
    yield "an act with a blank", "evidence.act", changed(good, "act", lambda act: act.replace(":", ": ", 1))
    yield "a label that does not fit its act", "evidence.label", disclosure(FALSE_LABEL)
    yield "an act in an open entry", "evidence.sealed", disclosure(MAPS) | {"entry": LOG.placed(2, FULL)}
    yield "a label shown of another act", "evidence.commitment", changed(shown, "act", flip)
    yield "a label with another salt", "evidence.commitment", changed(shown, "label_salt", flip)
    yield "a label with another topic", "evidence.commitment", changed(
        shown, "label", lambda text: text.replace("maps", "sensors"))
    yield "a label with a blank", "json.canonical", changed(shown, "label", lambda text: text.replace(",", ", ", 1))


def secrets() -> Iterator[Forgery]:
    """Tag and wrap secrets that are not the ones introduced."""
    good = absence("AA", "BB", 2, "promise")
    path, addressed = "introduction.path", []  # type: ignore[var-annotated]
    hidden = good | {"addressed": addressed}
    yield "a random tag secret", path, changed(hidden, "tags.0.tag", c.seeded("random").hex())
    yield "a tag secret of another month", path, changed(hidden, "tags.0", tag("AA", "BB", 2, OCTOBER + 1))
    yield "a tag secret of another desk", path, changed(hidden, "tags.0", tag("AA", "BB", 3))
    yield "a tag secret of another pair", path, changed(hidden, "tags.0", tag("AA", "CC", 2))
    yield "a false H(W)", path, changed(good, "tags.0.wrap_hash", flip)
    yield "a tag secret of another introduction", "evidence.tag.extra", changed(good, "tags.0.introduction", 3)
    yield "no tag secret", "evidence.tag.missing", hidden | {"tags": []}
    yield "a tag secret twice", "evidence.tags", changed(good, "tags", lambda tags: tags * 2)
    shut_ = absence("AA", "BB", 3, "sighting")
    yield "a false W", "evidence.wrap", changed(shut_, "addressed.0.unopenable.wrap", flip)
    yield "the body of another entry", "evidence.body.other", changed(
        shut_, "addressed.0.unopenable.body", c.b64(LOG.bodies[MAPS]))
    yield "an entry that opens, passed off as one that does not", "evidence.opens", good | {"addressed": [
        {"number": one["number"], "labels": None, "unopenable": shut(n, "AA", "BB", 2)}
        for one, n in zip(good["addressed"], (MAPS, BATCH, STEP, FALSE_LABEL), strict=True)]}


def runs() -> Iterator[Forgery]:
    """An author's run that is not whole, or not its own."""
    good, last = absence("AA", "BB", 2, "promise"), own("AA", 12, 12)[0]
    yield "a gap at the start", "evidence.run.start", absence("AA", "BB", 2, "promise", numbers=(6, 13))
    yield "a gap in the middle", "evidence.run.gap", good | {"run": rerun((4, 5, 6, 8, 9, 10, 11, 12, 13))}
    yield "a partner's entry left out", "evidence.run.gap", good | {"run": rerun((4, 5, 6, 7, 8, 9, 10, 12, 13))}
    yield "a gap at the end", "evidence.run.end", good | {"run": rerun(tuple(range(4, 13)))}
    yield "a last entry that is not the run's", "evidence.run.end", good | {"last": LOG.placed(last, FULL)}
    yield "entries out of order", "evidence.run.gap", good | {"run": rerun((4, 6, 5, 7, 8, 9, 10, 11, 12, 13))}
    yield "an entry of another author", "evidence.run.author", good | {
        "run": c.b64(c.unb64(rerun(tuple(range(4, 13)))) + c.unb64(rerun((2,), "BB")))}
    yield "an entry altered inside", "evidence.run.prev", changed(good, "run", lambda run: cut(run, 500))
    yield "half an entry", "evidence.run", changed(good, "run", lambda run: c.b64(c.unb64(run)[:-1]))
    yield "no entry", "evidence.run", changed(good, "run", "")
    yield "a run that ends before the month", "evidence.run.month", absence("AA", "BB", 2, "promise", numbers=(1, 4))
    yield "a clock stalled in last month", "evidence.clock", _stalled()
    yield "a checkpoint that is not settled", "evidence.unsettled", good | {
        "checkpoint": LOG.note(FULL, cosigners=("AA", "BB"))}
    yield "another month", "introduction.path", changed(good, "asked.month", "2015-11") | {"addressed": []}


def _stalled() -> File:
    """AA dates an entry of mid-October to the end of September, so that October shows none."""
    other = LOG.copy(MAPS)
    index = other.seal("AA", "2015-09-30 23:59", 2, [c.said(c.act("AA", "request", ("AA", "BB"), "sensors"), 2)],
                       ("BB",), late_ms=14 * 86_400_000)
    made = absence("AA", "BB", 2, "request", "sensors", numbers=(4, 4))
    signed = b"".join(other.leaves[n][48:-64] for n in (11, index))
    return made | other.ground(other.size) | {"run": c.b64(signed), "last": other.placed(index, other.size), "tags": []}


def counts() -> Iterator[Forgery]:
    """Entries that name a partner, left out of its count or passed off as others."""
    good, one, two, three, four = counted(4, "activation"), *NAMING
    twice, late = partnered(again=True), partnered(late_ms=14 * 86_400_000)
    yield "a partner's entry left out of its count", "evidence.running", counted(4, "activation", (one, two, four))
    yield "the partner's first entry of the month left out", "evidence.run.start", counted(
        4, "activation", (three, four))
    yield "a count that ends before the month", "evidence.run.month", counted(4, "activation", (one,))
    yield "the partner's entries out of order", "evidence.running", counted(4, "activation", (one, three, two, four))
    yield "an entry among them that does not name the partner", "evidence.running", counted(
        4, "activation", (one, two, UNNAMED, three, four))
    yield "two entries with one running number", "evidence.running", counted(4, "activation", NAMING, log=twice)
    yield "no entry that names the partner", "evidence.run", changed(good, "entries", [])
    yield "a count for a member", "evidence.running", changed(good, "asked.to", "BB")
    yield "a count of another author", "evidence.run.author", changed(good, "asked.author", "CC")
    yield "an entry of the partner's own among them", "evidence.run.author", counted(4, "activation", (one, 21, two))
    yield "a clock stalled in an entry that names the partner", "evidence.clock", counted(4, "activation", log=late)
    yield "a count under a checkpoint that is not settled", "evidence.unsettled", good | {
        "checkpoint": PARTNERED.note(PARTNERED.size, cosigners=("AA", "BB"))}
    yield "a random tag secret for the partner", "introduction.path", changed(
        good, "tags.0.tag", c.seeded("random").hex())
    yield "an undisclosed label of the partner's", "evidence.undisclosed", changed(good, "addressed", [])
    yield "something that was said to the partner", "evidence.said", counted(4, "notice")
    yield "something that was said to the partner on another desk", "evidence.said", counted(1, None)


def labels_() -> Iterator[Forgery]:
    """Labels that are not shown, or not all, or say what was asked about."""
    good = absence("AA", "BB", 2, "promise")
    yield "an undisclosed label", "evidence.undisclosed", changed(good, "addressed", lambda all_: all_[1:])
    yield "one label of three", "evidence.labels", changed(good, "addressed.1.labels", lambda three: three[:1])
    yield "a false label", "evidence.labels", changed(
        good, "addressed.0.labels.0.label", lambda text: text.replace("request", "dispute"))
    yield "a false label's salt", "evidence.labels", changed(good, "addressed.0.labels.0.label_salt", flip)
    yield "no label at all", "evidence.labels", changed(good, "addressed.0.labels", [])
    yield "labels of an entry to another", "evidence.addressed.extra", changed(
        good, "addressed", lambda all_: sorted([*all_, {"number": 7, "labels": [labelled(LOG.acts[TO_CC][0])],
                                                        "unopenable": None}], key=lambda one: int(one["number"])))
    yield "entries out of their order", "evidence.addressed", changed(good, "addressed", lambda all_: all_[::-1])
    yield "neither labels nor proof", "evidence.addressed", changed(good, "addressed.0.labels", None)
    yield "something of the sort was said", "evidence.said", absence("AA", "BB", 2, "request", "maps")
    yield "something of the kind was said", "evidence.said", absence("AA", "CC", 2, "counter")
    yield "something was said on the desk", "evidence.said", absence("AA", "BB", 1, None)
    yield "a topic that was said, asked by another name", "evidence.said", changed(
        absence("AA", "BB", 2, "request", "sensors"), "asked.topic", "maps")


def questions() -> Iterator[Forgery]:
    """Questions that could not have been answered otherwise."""
    good = absence("AA", "BB", 2, "request", "sensors")
    yield "a kind that does not exist", "evidence.asked.kind", changed(good, "asked.kind", "requests")
    yield "a kind of another desk", "evidence.asked.kind", changed(good, "asked.kind", "report")
    yield "a topic that the charter does not name", "evidence.asked.topic", changed(good, "asked.topic", "sensor")
    yield "a desk that does not exist", "evidence.asked.desk", changed(good, "asked.desk", 9)
    yield "a party that does not exist", "evidence.asked.party", changed(good, "asked.to", "EE")
    yield "from oneself to oneself", "evidence.asked.self", changed(good, "asked.to", "AA")
    yield "a month that does not exist", "evidence.month", changed(good, "asked.month", "2015-13")


def registrars() -> Iterator[Forgery]:
    """Convictions of a registrar who did nothing wrong, or of whom it is not shown."""
    good, other = forked(), branched()
    honest = LOG.note(MAPS, cosigners=())
    yield "two checkpoints that agree", "evidence.consistent", good | {
        "first": honest, "instead": c.root(LOG.hashes(MAPS)).hex(),
        "path": [h.hex() for h in c.consistency(LOG.hashes(), MAPS)]}
    yield "another root in between", "proof.consistency", changed(good, "instead", flip)
    yield "another path", "proof.consistency", changed(good, "path.0", flip)
    yield "the larger first", "evidence.order", good | {"first": good["second"], "second": good["first"]}
    yield "a checkpoint of no entries", "evidence.order", good | {
        "first": LOG.note(0, cosigners=(), named_root=c.seeded("none")), "path": []}
    yield "two mandates", "evidence.origin", good | {
        "first": other.note(other.size, cosigners=(), version=2, signer=("registrar", "2"))}
    yield "a checkpoint that somebody else signed", "note.signature", good | {
        "first": other.note(other.size, cosigners=(), signer=("registrar", "2"))}
    yield "a note with cosignatures", "evidence.lines", good | {"first": other.note(other.size)}


def members() -> Iterator[Forgery]:
    """Convictions of a member who kept its word."""
    good = contradicted(promise("other"))
    yield "one promise twice", "evidence.consistent", contradicted(promise())
    yield "promises of two versions", "evidence.consistent", contradicted(promise("other", version=3))
    yield "a cosignature of what it named", "evidence.consistent", contradicted(cosigned(MID))
    yield "a cosignature under the new mandate", "evidence.consistent", contradicted(cosigned(FULL, version=2))
    yield "promises of two members", "note.signature", good | {"member": "BB"}
    yield "a member that never was", "note.signature", good | {"member": "EE"}
    yield "a promise altered", "signature", changed(good, "promise", lambda note: note.replace("\n2\n", "\n3\n"))
    yield "a promise that is none", "promise", changed(good, "promise", lambda note: note.replace("\n2\n", "\n02\n"))
    yield "a cosignature by another", "note.signature", contradicted(cosigned(FULL, "BB"))


def authors() -> Iterator[Forgery]:
    """Convictions of an author who has one story."""
    good = doubled()
    yield "a refused entry passed off as a second story", "evidence.unsettled", doubled(cosigners=())
    yield "a second story that a quorum did not settle", "evidence.unsettled", doubled(cosigners=("AA", "BB"))
    yield "one entry twice", "evidence.same", good | {"second": good["first"]}
    yield "the stories in the wrong order", "evidence.same", good | {"first": good["second"], "second": good["first"]}
    yield "two numbers", "evidence.same", good | {"second": {
        "checkpoint": LOG.note(FULL), "tip": LOG.placed(FULL - 1, FULL), "entry": LOG.placed(BATCH, FULL)}}


def addressees() -> Iterator[Forgery]:
    """Convictions of an author who addressed its reader as it must."""
    good = misaddressed()
    fine = good | {"desk": 2, "tag": tag("AA", "BB", 2), "entry": LOG.placed(MAPS, FULL),
                   "unopenable": shut(MAPS, "AA", "BB", 2)}
    yield "an entry that opens", "evidence.opens", fine
    yield "an entry to another", "evidence.unaddressed", fine | {"entry": LOG.placed(TO_CC, FULL)}
    yield "a false wrap secret", "evidence.wrap", changed(good, "unopenable.wrap", flip)
    yield "a false tag secret", "introduction.path", changed(good, "tag.tag", flip)
    yield "an open entry", "evidence.pair", good | {"entry": LOG.placed(2, FULL)}
    named = unaddressed()
    yield "a reader whose slot is good", "evidence.addressed.well", named | {"to": "BB", "tag": tag("AA", "BB", 2)}
    yield "one who is no reader", "evidence.release", named | {"to": "CC", "tag": tag("AA", "CC", 2)}
    yield "a junk entry by another body", "evidence.body.other", changed(
        good, "unopenable.body", c.b64(LOG.bodies[JUNK + 1]))


def false_publics() -> Iterator[Forgery]:
    """Public parts that are not whole, or not true."""
    good: File = public_part()
    chain = good["chain"]

    def with_chain(value: list[Any]) -> File:
        return good | {"chain": value}

    yield "an open entry left out", "evidence.chain", with_chain(chain[:5] + chain[6:])
    yield "the last open entry left out", "evidence.chain", with_chain(chain[:-1])
    yield "the first open entry left out", "evidence.chain", with_chain(chain[1:])
    yield "open entries out of order", "evidence.chain", with_chain([*chain[:3], chain[4], chain[3], *chain[5:]])
    yield "no chain", "evidence.centre", with_chain([])
    yield "another charter", "evidence.body", changed(good, "chain.0.body", lambda body: body.replace("maps", "mops"))
    yield "an altered leaf", "evidence.chain", changed(good, "chain.4.leaf", lambda leaf: cut(leaf, 100))
    yield "another centre", "evidence.centre", changed(good, "centre", flip)
    yield "a checkpoint that is not settled", "evidence.unsettled", public_part(cosigners=("AA", "BB"))
    yield "a checkpoint of another key", "note.signature", public_part(signer=("registrar", "2"))
    yield "a sealed entry in the chain", "evidence.chain", with_chain(
        [*chain, {"leaf": c.b64(LOG.leaves[MAPS]), "body": "{}"}])
