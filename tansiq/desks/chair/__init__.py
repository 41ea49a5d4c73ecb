"""The chair: handovers between terms, appointments, proposals and votes, who answers for the registrar, contacts."""

from tansiq.desks.chair.acts import Appointment, Contact, ContactAnswer, Handover, Mandate, Proposal, TakingOver, Vote
from tansiq.desks.chair.desk import DESK

__all__ = ["DESK", "Appointment", "Contact", "ContactAnswer", "Handover", "Mandate", "Proposal", "TakingOver", "Vote"]
