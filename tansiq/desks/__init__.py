"""Desks: one folder a subject. A new subject is one new folder, and one name in this list."""

from collections.abc import Iterable

from tansiq.acts import Catalogue
from tansiq.cell.desk import Desk
from tansiq.desks import airspace, cell, chair, intelligence, press, protection, protocol, reconnaissance, support

# In the order of the rail.
DESKS: tuple[Desk, ...] = (
    intelligence.DESK,
    reconnaissance.DESK,
    support.DESK,
    airspace.DESK,
    protection.DESK,
    chair.DESK,
    protocol.DESK,
    press.DESK,
    cell.DESK,
)


def catalogue(desks: Iterable[Desk] = DESKS) -> Catalogue:
    """Catalogue the kinds of these desks."""
    return Catalogue(kind for desk in desks for kind in desk.kinds)


__all__ = ["DESKS", "catalogue"]
