"""Check any file of evidence against the public part of a centre: one entrance for every door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tansiq.errors import Malformed
from tansiq.evidence.absence import verify_absence
from tansiq.evidence.basis import Basis
from tansiq.evidence.conviction import (
    verify_author,
    verify_member,
    verify_misaddressed,
    verify_registrar,
    verify_unaddressed,
)
from tansiq.evidence.counted import verify_counted
from tansiq.evidence.disclosure import verify_disclosure, verify_label
from tansiq.evidence.files import (
    Absence,
    AuthorConviction,
    Counted,
    Disclosure,
    LabelOnly,
    MemberConviction,
    Misaddressed,
    Public,
    Receipt,
    RegistrarConviction,
    Unaddressed,
    parse_evidence,
)
from tansiq.evidence.receipt import verify_receipt
from tansiq.evidence.verdict import Verdict

_BY_TYPE: Mapping[type[Any], Callable[[Any, Basis], Verdict]] = {
    Receipt: verify_receipt, Disclosure: verify_disclosure, LabelOnly: verify_label, Absence: verify_absence,
    Counted: verify_counted, RegistrarConviction: verify_registrar, MemberConviction: verify_member,
    Misaddressed: verify_misaddressed, Unaddressed: verify_unaddressed, AuthorConviction: verify_author,
}


def open_basis(data: bytes) -> Basis:
    """Read and check the public part of a centre.

    Raises:
        Malformed, Untrusted, Refused: what does not hold, by name; ``evidence.public``, it is another kind of file.
    """
    public = parse_evidence(data)
    if not isinstance(public, Public):
        raise Malformed("evidence.public", "This is no public part of a centre: `tansiq charter export` writes one.")
    return Basis.of(public)


def verify(data: bytes, basis: Basis) -> Verdict:
    """Check a file of evidence.

    Raises:
        Malformed, Untrusted, Refused: it proves nothing, and why.
    """
    evidence = parse_evidence(data)
    check = _BY_TYPE.get(type(evidence))
    if check is None:
        raise Malformed("evidence.public.given", "This is the public part of a centre itself; it is what others are "
                                                 "checked against.")
    return check(evidence, basis)
