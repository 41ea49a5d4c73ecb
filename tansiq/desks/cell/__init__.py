"""The cell's own desk: what a member's node says of itself. Passkeys of its officers, published to all members."""

from tansiq.desks.cell.acts import Credential, CredentialEnd
from tansiq.desks.cell.desk import DESK

__all__ = ["DESK", "Credential", "CredentialEnd"]
