"""The certificate of absence: that an author validly said nothing of a sort to one party, in a month, on a desk.

The author's entries stand without a gap. The tag secret of the pair, month and desk tells which of them are
addressed to that party there; of each of those every label is shown, and none is what was asked about.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import Any, NamedTuple

from tansiq import wire
from tansiq.acts import Label, label_hash
from tansiq.acts.desks import DESKS, desk_of
from tansiq.acts.envelope import tree_root
from tansiq.errors import Malformed, Refused, Untrusted
from tansiq.evidence.addressing import Pair, find_addressed, require_unopenable
from tansiq.evidence.basis import Basis, Ground
from tansiq.evidence.disclosure import topic
from tansiq.evidence.files import Absence, Addressed, Asked, Counted, Labelled, Tag
from tansiq.evidence.heads import read_label
from tansiq.evidence.receipt import CHECKED_CHAIN, CHECKED_GROUND, place, require_centre
from tansiq.evidence.run import Run, read_run
from tansiq.evidence.verdict import Verdict, base, grounded, name
from tansiq.journal import Entry, Leaf, parse_entry
from tansiq.languages.sentences import Sentence
from tansiq.merkle.hashes import leaf_hash

SENT_AHEAD_MS = 120_000
SENT_BEHIND_MS = 900_000
_COMMITMENT = b"tansiq/commitment/v1\n"


class Span(NamedTuple):
    """Which entries of a run lie in the month asked about, and whether the run reaches beyond it."""

    first: int
    until: int
    whole: bool


class Shown(NamedTuple):
    """How a certificate shows that no entry is left out: its kind, the sentence that counts them, what was checked."""

    evidence: str
    besides: Sentence
    checked: Sentence


def read_month(text: str) -> int:
    """Read ``2015-10`` as a numbered month.

    Raises:
        Malformed: ``evidence.month``.
    """
    year, dash, month = text[:4], text[4:5], text[5:]
    if len(text) != 7 or dash != "-" or not (year + month).isascii() or not (year + month).isdigit() or not (
            1970 <= int(year) <= 9999 and 1 <= int(month) <= 12):
        raise Malformed("evidence.month", "A month is written 2015-10, not {given}.", given=repr(text[:20]),
                        field="month")
    return (int(year) - 1970) * 12 + int(month) - 1


def require_asked(asked: Asked, ground: Ground) -> None:
    """Hold that the question is one that could have been answered otherwise: parties, desk, kind and topic exist.

    A certificate that no act of the kind "requests" was said would be true, and mislead.

    Raises:
        Malformed: ``evidence.asked.…``, with ``field``.
    """
    charter = ground.control.charter
    for code, field in ((asked.author, "from"), (asked.to, "to")):
        if charter.member(code) is None and charter.partner(code) is None:
            raise Malformed("evidence.asked.party", "{given} is neither a member nor a partner of the centre.",
                            given=code[:20], field=field)
    if asked.author == asked.to:
        raise Malformed("evidence.asked.self", "An absence is of what one said to another, not to itself.", field="to")
    if asked.desk not in DESKS.values():
        raise Malformed("evidence.asked.desk", "There is no desk {given} on which acts lie.", given=asked.desk,
                        field="desk")
    if asked.kind is not None and desk_of(asked.kind) != asked.desk:
        raise Malformed("evidence.asked.kind", "No act of the kind {given} lies on that desk.",
                        given=repr(asked.kind[:40]), field="kind")
    if asked.topic is not None and charter.support_of(asked.topic) is None:
        raise Malformed("evidence.asked.topic", "The charter names no kind of support {given}: nothing could be said "
                        "about it.", given=repr(asked.topic[:40]), field="topic")


def span_of(run: Run, month: int, author: str, *, begins: bool) -> Span:
    """Find the month in a run; *begins*: the author has no entry of the sort before the first of it.

    Raises:
        Untrusted: ``evidence.run.start``, the run begins inside the month; ``evidence.run.month``, it does not reach
        it.
    """
    start, end = wire.month_start(month), wire.month_start(month + 1)
    first, until = int((run.sent < start).sum()), int((run.sent < end).sum())
    if first == 0 and not begins:
        raise Untrusted("evidence.run.start", "The run begins with entry {number} of {author}, inside the month: what "
                        "came before is not shown.", number=int(run.numbers[0]), author=author)
    if first == until == len(run):
        raise Untrusted("evidence.run.month", "The last entry shown is of an earlier month: the run shows nothing of "
                        "{month}.", month=wire.write_month(month))
    return Span(first, until, until < len(run))


def require_clock(leaf: Leaf) -> None:
    """Hold that an entry's own date agrees with the time at which it was ordered, as admission asks.

    Raises:
        Untrusted: ``evidence.clock``.
    """
    if not leaf.time - SENT_BEHIND_MS <= leaf.entry.sent <= leaf.time + SENT_AHEAD_MS:
        raise Untrusted("evidence.clock", "Entry {number} of {author} is dated too far from the time at which it was "
                        "ordered.", number=leaf.entry.number, author=leaf.entry.author)


def verify_absence(evidence: Absence, basis: Basis) -> Verdict:
    """Check a certificate of absence.

    Raises:
        Malformed, Untrusted: what does not hold, by name.
        Refused: ``evidence.said``, something of the sort was said.
    """
    asked = evidence.asked
    ground, month = require_question(evidence, basis)
    run = read_run(wire.parse_base64(evidence.run), centre=basis.centre, author=asked.author)
    last = place(evidence.last, ground)
    if last.entry.signed != run.signed(len(run) - 1):
        raise Untrusted("evidence.run.end", "The entry that closes the run is not its last: entries between are not "
                                            "shown.")
    require_clock(last)
    span = span_of(run, month, asked.author, begins=int(run.numbers[0]) == 1)
    return answer(evidence, ground, run, span, RUN)


def require_question(evidence: Absence | Counted, basis: Basis) -> tuple[Ground, int]:
    """Check what a certificate of absence rests on and asks; gives its ground and the numbered month.

    Raises:
        Malformed, Untrusted: what does not hold, by name; ``evidence.unsettled``.
    """
    require_centre(evidence.centre, basis)
    month = read_month(evidence.asked.month)
    ground = basis.stand(evidence.checkpoint, evidence.tip)
    if ground.settled_ms is None:
        raise Untrusted("evidence.unsettled", "No quorum has signed the checkpoint of size {size}.", size=ground.size)
    require_asked(evidence.asked, ground)
    return ground, month


def answer(evidence: Absence | Counted, ground: Ground, run: Run, span: Span, shown: Shown) -> Verdict:
    """Hold that none of the month's entries that name the receiver says what was asked about.

    Raises:
        Malformed, Untrusted: tag secrets or labels that do not hold.
        Refused: ``evidence.said``.
    """
    asked = evidence.asked
    pair = Pair(asked.author, asked.to, read_month(asked.month), asked.desk)
    matching = find_addressed(run, range(span.first, span.until), ground.control, pair, evidence.tags)
    return _verdict(evidence, ground, run, (span, _labels(evidence, run, matching), shown))


def _labels(evidence: Absence | Counted, run: Run, matching: dict[int, tuple[bytes, Tag]]) -> list[Label]:
    """Every label of the entries that match, each commitment recomputed whole; none may be what was asked about."""
    shown = {one.number: one for one in evidence.addressed}
    numbers = [one.number for one in evidence.addressed]
    if numbers != sorted(set(numbers)):
        raise Malformed("evidence.addressed", "The entries whose labels are shown stand once each, in their order.")
    due = {int(run.numbers[n]): n for n in matching}
    for number in due:
        if number not in shown:
            raise Untrusted("evidence.undisclosed", "Entry {number} of {author} is addressed to {to} on this desk, "
                                                    "and its "
                            "labels are not shown.", number=number, author=evidence.asked.author, to=evidence.asked.to)
    found: list[Label] = []
    for number, one in shown.items():
        if number not in due:
            raise Untrusted("evidence.addressed.extra", "Entry {number} of {author} is not addressed to {to} on this "
                                                        "desk.",
                            number=number, author=evidence.asked.author, to=evidence.asked.to)
        n = due[number]
        entry = parse_entry(run.signed(n) + bytes(64))
        found += _labels_of(one, entry, matching[n], evidence.asked)
    return found


def _labels_of(one: Addressed, entry: Entry, named: tuple[bytes, Tag], asked: Asked) -> list[Label]:
    if (one.labels is None) == (one.unopenable is None):
        raise Malformed("evidence.addressed", "The entries whose labels are shown stand once each, in their order.")
    if one.unopenable is not None:
        require_unopenable(one.unopenable, entry, *named, desk=asked.desk)
        return []
    assert one.labels is not None
    leaves = [_leaf(each) for each in one.labels]
    root = sha256(_COMMITMENT + len(leaves).to_bytes(2, "big") + tree_root(leaves)).digest()
    if not 1 <= len(leaves) <= wire.ACTS_PER_ENVELOPE_MAX or root != entry.commitment:
        raise Untrusted("evidence.labels", "The labels shown of entry {number} are not all that it commits to.",
                        number=entry.number)
    labels = [read_label(each.label) for each in one.labels]
    for label in labels:
        # Of another desk than its envelope's the act is void, and so not validly said: but then no label says so.
        if asked.kind in (None, label.kind) and asked.topic in (None, label.topic):
            raise Refused("evidence.said", "{author} said such an act to {to} in its entry {number}.",
                          author=asked.author,
                          to=asked.to, number=entry.number)
    return labels


def _leaf(one: Labelled) -> bytes:
    hashed = label_hash(wire.parse_hash(one.label_salt), one.label.encode())
    return leaf_hash(hashed + wire.parse_hash(one.act))


def _verdict(evidence: Absence | Counted, ground: Ground, run: Run,
             found: tuple[Span, list[Label], Shown]) -> Verdict:
    asked, charter, (span, labels, shown) = evidence.asked, ground.control.charter, found
    author, to = name(charter, asked.author), name(charter, asked.to)
    end = span.until - 1 if not span.whole else len(run) - 1
    last = {"entry": f"{asked.author} {int(run.numbers[end])}", "sent_ms": int(run.sent[end])}
    when = Sentence("in the whole of {month}", {"month": asked.month}) if span.whole else Sentence(
        "in {month} until its entry {entry} of {sent_ms}", {"month": asked.month, **last})
    proved = Sentence("{author} validly said to {to} under this charter, {when}, on the desk "
                      "{desk}, {what}; {ground}.", {
        "author": author, "to": to, "when": when, "desk": desk_name(asked.desk), "what": _what(asked, ground),
        "ground": grounded(ground)})
    counted = Counter((label.kind, label.topic) for label in labels)
    facts: dict[str, Any] = {
        "author": asked.author, "to": asked.to, "month": asked.month, "desk": desk_name(asked.desk), "kind": asked.kind,
        "topic": asked.topic, "whole": span.whole, "entries": len(run), "first": int(run.numbers[0]),
        "last": int(run.numbers[-1]), "first_ms": int(run.sent[0]), "last_ms": int(run.sent[-1]),
        "in_month": span.until - span.first,
        "counted": isinstance(evidence, Counted), "addressed": [one.number for one in evidence.addressed],
        "labels": [[kind, about, count] for (kind, about), count in sorted(counted.items(), key=str)]}
    besides = (Sentence(shown.besides.text, {
        "first": f"{asked.author} {facts['first']}", "last": f"{asked.author} {facts['last']}",
        "count": len(evidence.addressed), "to": to, "acts": len(labels)}),)
    return Verdict(evidence=shown.evidence, proved=proved, besides=besides, not_proved=(
        ELSEWHERE, Sentence("It says nothing of what was said after entry {entry}.", last),
        Sentence("It speaks of {author} to {to} alone: not of others, of other desks or of other months.",
                 {"author": author, "to": to}), INTENT),
        checked=(CHECKED_CHAIN, CHECKED_GROUND, CHECKED_TAGS, shown.checked, CHECKED_LABELS), facts=facts,
        **base(ground))


def desk_name(number: int) -> str:
    """The name of a desk by its number."""
    return next(name for name, given in DESKS.items() if given == number)


def _what(asked: Asked, ground: Ground) -> Sentence:
    about = None if asked.topic is None else topic(asked.topic, ground.control.charter)
    if asked.kind is None:
        return Sentence("nothing at all") if about is None else Sentence("nothing about {topic}", {"topic": about})
    if about is None:
        return Sentence("nothing of the kind {kind}", {"kind": asked.kind})
    return Sentence("nothing of the kind {kind} about {topic}", {"kind": asked.kind, "topic": about})


ELSEWHERE = Sentence("Telephones, letters and meetings exist: it speaks only of what was said in the centre.")
INTENT = Sentence("It does not show what anybody meant or wanted; only what stands in the record.")
CHECKED_TAGS = Sentence("The tag secrets are those that the author introduced for this month and desk.")
CHECKED_RUN = Sentence("The author's entries follow one another without a gap, and the signature of the last one "
                       "holds.")
RUN = Shown("absence", Sentence("Its entries {first} to {last} are shown without a gap; {count} of them are addressed "
                                "to {to} on this desk, with {acts} acts."), CHECKED_RUN)
CHECKED_LABELS = Sentence("Every entry whose tag names the receiver was counted; all its labels were read, and none "
                          "is what was asked about.")
