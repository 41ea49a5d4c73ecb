"""The office of a cell: officers and their roles, sessions, drafts, the reading log."""

from tansiq.charter import ROLES, Role
from tansiq.office.office import SESSION_MS, Draft, Office, Reading
from tansiq.office.officers import OFFICES, Officer, demonstration_officers

__all__ = ["OFFICES", "ROLES", "SESSION_MS", "Draft", "Office", "Officer", "Reading", "Role", "demonstration_officers"]
