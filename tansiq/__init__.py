"""Tansiq: the software of a joint coordination centre of states that do not fully trust each other."""

__version__ = "0.1.0"
