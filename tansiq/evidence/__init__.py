"""Evidence: proofs that outsiders can check, written and verified by pure functions (``docs/spec/evidence.md``)."""

from tansiq.evidence.basis import Basis, Ground
from tansiq.evidence.files import Evidence, Public, parse_evidence, write_evidence
from tansiq.evidence.verdict import Verdict
from tansiq.evidence.verify import open_basis, verify

__all__ = ["Basis", "Evidence", "Ground", "Public", "Verdict", "open_basis", "parse_evidence", "verify",
           "write_evidence"]
