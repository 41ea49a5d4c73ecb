"""The officer's own signature over an act, checked in every cell alike (spec: ``docs/spec/officers.md``).

Which passkey is whose is common knowledge: members publish it on desk 0, released to all. So each cell that can read an
act comes to the same verdict about who signed it.
"""

from __future__ import annotations

import msgspec

from tansiq import wire
from tansiq.acts import Act, officer_challenge
from tansiq.cell.desk import Common, Form
from tansiq.charter import Charter
from tansiq.errors import Refused, TansiqError
from tansiq.keys import assertions

DESK, KIND = "cell", "credential"


class Credential(msgspec.Struct, frozen=True):
    """A passkey that a member published: whose it is, in which roles, at which address of a floor, from when until
    when (UTC ms). ``key`` is a suite byte and a public key."""

    holder: str
    roles: tuple[str, ...]
    key: bytes
    origin: str
    valid_from: int
    valid_until: int


def is_signed(form: Form, author: str, common: Common, charter: Charter) -> bool:
    """Tell whether an act of this kind counts only with its officer's own signature: the charter asks it.

    A passkey's publication is signed where the charter asks for any signature, once the author has an administrator
    who can: so whoever holds only a member's signing key makes no officer of it. The first, and the first after the
    last was ended, has nobody to sign it; that it came so is seen by all.
    """
    if form.kind.name == KIND:
        asked = bool(charter.officers.assertion)
        return asked and bool(common.ask(DESK, "is_administered", author=author, time=common.time))
    return form.signed and form.kind.name in charter.officers.assertion


def require_assertion(act: Act, role: str, common: Common) -> None:
    """Hold that the officer named in *act* signed it, with a passkey that its member had published for *role*.

    Raises:
        Refused: ``act.assertion``.
    """
    given = act.assertion
    if given is None:
        raise Refused("act.assertion", "The charter asks that the officer signs this with a passkey.")
    known: Credential | None = common.ask(DESK, KIND, author=act.author, credential=given.credential)
    if known is None:
        raise Refused("act.assertion", "{member} has published no such passkey, or has ended it.", member=act.author)
    if known.holder != act.officer or role not in known.roles:
        raise Refused("act.assertion", "The passkey is not that of {officer} in the role {role}.",
                      officer=act.officer, role=role)
    if not known.valid_from <= common.time < known.valid_until:
        raise Refused("act.assertion", "The passkey of {officer} is not valid at this time.", officer=act.officer)
    try:
        proof = assertions.Proof(*map(wire.parse_base64, (given.authenticator_data, given.client_data,
                                                          given.signature)))
        assertions.verify(known.key, proof, officer_challenge(act), origin=known.origin)
    except TansiqError as error:
        raise Refused("act.assertion", "The signature of {officer} over this act does not hold.",
                      officer=act.officer) from error
