"""The office of a cell: officers and their roles, how they sign in, drafts, the duty roster, the logs."""

from tansiq.charter import ROLES, Role
from tansiq.office.duty import OnDuty
from tansiq.office.office import Deed, Draft, LetGo, Office, Reading
from tansiq.office.officers import OFFICES, Officer, demonstration_officers, named_officer
from tansiq.office.passkeys import Answer, Passkey
from tansiq.office.sessions import SESSION_MS, How, Session, absent
from tansiq.office.signin import SignIn, sign_in_of

__all__ = [
    "OFFICES", "ROLES", "SESSION_MS", "Answer", "Deed", "Draft", "How", "LetGo", "Office", "Officer", "OnDuty",
    "Passkey", "Reading", "Role", "Session", "SignIn", "absent", "demonstration_officers", "named_officer",
    "sign_in_of",
]
