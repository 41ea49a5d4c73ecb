"""Airspace: whose air is used when, what meets what, who gives way, and whether the lines work."""

from tansiq.desks.airspace.acts import Activation, Adjustment, Closing, Footprint, LineCheck, Notice
from tansiq.desks.airspace.desk import DESK

__all__ = ["DESK", "Activation", "Adjustment", "Closing", "Footprint", "LineCheck", "Notice"]
