"""Acts: the head, the catalogue of kinds, and the envelope that acts travel in."""

from tansiq.acts.assertion import officer_challenge
from tansiq.acts.catalogue import Catalogue, Kind
from tansiq.acts.envelope import (
    Label,
    OpenedBody,
    SaltedAct,
    act_id,
    act_leaf,
    commitment,
    commitment_over,
    label_hash,
    open_body,
    pack_act,
    pad_plain,
    salt_acts,
    seal_body,
    write_label,
    write_plain,
)
from tansiq.acts.head import HEAD_FIELDS, PRECEDENCES, Act, Assertion, Position, Precedence, Record, Text

__all__ = [
    "HEAD_FIELDS", "PRECEDENCES", "Act", "Assertion", "Catalogue", "Kind", "Label", "OpenedBody", "Position",
    "Precedence", "Record", "SaltedAct", "Text", "act_id", "act_leaf", "commitment", "commitment_over", "label_hash",
    "officer_challenge", "open_body", "pack_act", "pad_plain", "salt_acts", "seal_body", "write_label", "write_plain",
]
