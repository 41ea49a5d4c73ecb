"""Reconnaissance: who watches what and when, what was seen, and where nobody is looking."""

from tansiq.desks.reconnaissance.acts import Coverage, Seen, Sighting
from tansiq.desks.reconnaissance.desk import DESK

__all__ = ["DESK", "Coverage", "Seen", "Sighting"]
