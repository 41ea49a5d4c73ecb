"""Press: what was said in public, what it claims of the record, and the line that members take together."""

from tansiq.desks.press.acts import Approval, Claim, Line, Statement
from tansiq.desks.press.desk import DESK

__all__ = ["DESK", "Approval", "Claim", "Line", "Statement"]
