"""Registers: what a cell knows, folded from the journal, searchable, and always to be made again from it."""

from tansiq.cell.registers.entry import ActRow, EntryRow, FoldedEntry, Unread
from tansiq.cell.registers.query import ActQuery
from tansiq.cell.registers.read import Registers
from tansiq.cell.registers.rows import parse_reference, row_number, write_reference
from tansiq.cell.registers.write import STANDING, VOID, Writer, set_standing, set_thread_standing

__all__ = [
    "STANDING", "VOID", "ActQuery", "ActRow", "EntryRow", "FoldedEntry", "Registers", "Unread", "Writer",
    "parse_reference", "row_number", "set_standing", "set_thread_standing", "write_reference",
]
