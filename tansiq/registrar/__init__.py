"""Registrar: admits by the entry alone, puts entries in order, and cannot read them."""
