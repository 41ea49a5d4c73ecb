"""Doors: ways in and out. Each translates and calls; none imports another.

What all doors share stands here: the contract of what is behind them (``floor.Cell``, ``floor.Centre``), the one
object that they call (``floor.Floor``), the filters of a search, and the guard that keeps strangers out. Nothing is
loaded by naming this room: whoever checks a file of evidence needs none of them.
"""
