"""Journal: entries and leaves to the byte, and the contract of a store."""

from tansiq.journal.contract import Checked, Record, Store
from tansiq.journal.entry import (
    Entry,
    Leaf,
    PartnerSlot,
    entry_id,
    parse_entry,
    parse_leaf,
    signed_part,
    write_leaf,
    write_signed,
)

__all__ = ["Checked", "Entry", "Leaf", "PartnerSlot", "Record", "Store", "entry_id", "parse_entry", "parse_leaf",
           "signed_part", "write_leaf", "write_signed"]
