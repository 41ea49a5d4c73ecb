"""Open entries that change a roster or the charter, signed by whom they need: for tests of what follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from tansiq import wire
from tansiq.cell import founding
from tansiq.journal import entry as kinds
from tansiq.keys.signing import SigningKey
from tansiq.registrar import documents
from tansiq.run import Centre


def state_key(centre: Centre, code: str) -> SigningKey:
    """The state key of a party of a centre that lies in one directory."""
    path = founding.cell_directory(centre.directory, code) / founding.KEYS
    kept = msgspec.json.decode(path.read_bytes(), type=founding.Secrets)
    return SigningKey.from_seed(wire.parse_base64(kept.state))


def signed(centre: Centre, kind: int, doc: Any, codes: Sequence[str]) -> dict[str, str]:
    """State signatures of these parties over a document."""
    keys = {code: state_key(centre, code) for code in codes}
    return documents.sign_state(keys, centre.registrar.state.control.centre, kind, doc)


def set_suspended(centre: Centre, code: str, suspended: bool) -> None:
    """Suspend a member, or let it return, by the signatures of all the others."""
    others = [member.code for member in centre.registrar.state.control.roster.present if member.code != code]
    kind = kinds.SUSPENSION if suspended else kinds.RETURN
    doc = documents.StandingDoc(roster=len(centre.registrar.state.control.rosters), member=code)
    whole = documents.SignedStanding(doc=doc, signatures=signed(centre, kind, doc, others))
    centre.cells[others[0]].say_open(kind, whole)
    centre.run_until_quiet()
    assert not centre.faults


def amend(centre: Centre, text: str) -> None:
    """Put a new text in the place of the charter, signed by all unsuspended members; keys stay."""
    control = centre.registrar.state.control
    members = [member.code for member in control.roster.present]
    b64 = wire.write_base64
    keys = {party.code: documents.PublicKeys(state=b64(party.state), sign=b64(party.sign), seal=b64(party.seal))
            for party in (*control.roster.members, *control.roster.partners)}
    doc = documents.CharterDoc(roster=len(control.rosters), charter=text, keys=keys, registrar=None)
    whole = documents.SignedCharter(doc=doc, signatures=signed(centre, kinds.CHARTER, doc, members))
    centre.cells[members[0]].say_open(kinds.CHARTER, whole)
    centre.run_until_quiet()
    assert not centre.faults
