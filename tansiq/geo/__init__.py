"""Places: positions, geometry, and whose territory they touch."""

from __future__ import annotations

from tansiq.geo.coordinates import parse_position, require_position, write_degrees, write_dms, write_mgrs

__all__ = ["parse_position", "require_position", "write_degrees", "write_dms", "write_mgrs"]
