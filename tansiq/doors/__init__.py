"""Doors: ways in and out. Each translates and calls; none imports another.

What all doors share stands here: the contract of what is behind them (``Centre``, ``Cell``), the one
object that they call (``Floor``), the filters of a search, and the guard that keeps strangers out.
"""

from tansiq.doors.filters import Filters
from tansiq.doors.floor import Cell, Centre, Floor
from tansiq.doors.guard import ANSWERED_HOSTS, Loopback, host_is_loopback, origin_is_own
from tansiq.doors.sentences import languages_asked, sentence

__all__ = [
    "ANSWERED_HOSTS", "Cell", "Centre", "Filters", "Floor", "Loopback", "host_is_loopback", "languages_asked",
    "origin_is_own", "sentence",
]
