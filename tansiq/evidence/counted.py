"""The certificate of absence that a partner can write: it holds no member's whole run, but all that names it.

Each entry that names a partner openly carries the author's running number for it. Members check the count before they
sign, so under a settled checkpoint no entry is missing where the numbers follow one another.
"""

from __future__ import annotations

from tansiq.errors import Malformed, Untrusted
from tansiq.evidence.absence import Shown, answer, require_clock, require_question, span_of
from tansiq.evidence.basis import Basis
from tansiq.evidence.files import Counted
from tansiq.evidence.receipt import place
from tansiq.evidence.run import read_entries, require_times
from tansiq.evidence.verdict import Verdict
from tansiq.journal import Entry
from tansiq.languages.sentences import Sentence


def running_of(entry: Entry, code: str) -> int | None:
    """The running number under which an entry names a partner; None where it does not."""
    return next((one.running for one in entry.partners if one.code == code), None)


def verify_counted(evidence: Counted, basis: Basis) -> Verdict:
    """Check a certificate of absence that rests on the running numbers of a partner.

    Raises:
        Malformed: ``evidence.run``, no entry is shown.
        Untrusted: what does not hold, by name; ``evidence.running``, an entry that names the partner is not shown.
        Refused: ``evidence.said``, something of the sort was said.
    """
    asked = evidence.asked
    ground, month = require_question(evidence, basis)
    leaves = [place(one, ground) for one in evidence.entries]
    if not leaves:
        raise Malformed("evidence.run", "The run is not the signed parts of entries, one after the other.")
    run = read_entries(b"".join(leaf.entry.signed for leaf in leaves), centre=basis.centre, author=asked.author)
    begins = _require_count([leaf.entry for leaf in leaves], asked.to) == 1
    require_times(run)
    for leaf in leaves:
        require_clock(leaf)
    return answer(evidence, ground, run, span_of(run, month, asked.author, begins=begins), COUNT)


def _require_count(entries: list[Entry], to: str) -> int:
    """Hold that entries name a partner, counted without a gap; gives the first number.

    Raises:
        Untrusted: ``evidence.running``.
    """
    first = due = running_of(entries[0], to) or 0
    for entry in entries:
        if not due or running_of(entry, to) != due:
            raise Untrusted("evidence.running", "Entry {number} of {author} is not the next one that names {to}: one "
                            "between is not shown, or it names others.", number=entry.number, author=entry.author,
                            to=to)
        due += 1
    return first


CHECKED_COUNT = Sentence("Each of the author's entries that names the receiver openly has a running number, which the "
                         "members check before they sign; the numbers follow one another, and every signature holds.")
COUNT = Shown("absence-counted", Sentence("Its entries that name {to} openly, {first} to {last}, are shown, counted "
                                          "without a gap; {count} of them are on this desk, with {acts} acts."),
              CHECKED_COUNT)
