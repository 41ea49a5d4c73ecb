"""Merkle: hashes, trees, tiles, proofs, checkpoints and cosignatures, in the conventions of RFC 6962 and C2SP."""
