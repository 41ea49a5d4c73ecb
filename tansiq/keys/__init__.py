"""Keys: signing, sealing, introductions, slots and rosters."""
