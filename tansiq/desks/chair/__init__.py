"""The chair: handovers between terms, appointments, proposals and votes, contacts outside the centre."""

from tansiq.desks.chair.acts import Appointment, Contact, ContactAnswer, Handover, Proposal, TakingOver, Vote
from tansiq.desks.chair.desk import DESK

__all__ = ["DESK", "Appointment", "Contact", "ContactAnswer", "Handover", "Proposal", "TakingOver", "Vote"]
