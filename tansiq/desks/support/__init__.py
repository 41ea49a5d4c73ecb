"""Support: one member asks another for help, and nothing happens on anyone's ground without its live consent."""

from tansiq.desks.support.desk import DESK

__all__ = ["DESK"]
