"""Protocol: meetings and visits, who takes part in which offices, about what, and with what result."""

from tansiq.desks.protocol.acts import Meeting, Minutes, MinutesAnswer, Rearrangement, Visit
from tansiq.desks.protocol.desk import DESK

__all__ = ["DESK", "Meeting", "Minutes", "MinutesAnswer", "Rearrangement", "Visit"]
