"""Signed notes, checkpoints and cosignatures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.errors import Malformed, Untrusted
from tansiq.keys.signing import SigningKey
from tansiq.merkle import signed

CENTRE = bytes(range(32))
KEY, OTHER = SigningKey.from_seed(bytes(32)), SigningKey.from_seed(bytes([1] * 32))
ORIGIN, COSIGNER = signed.origin(CENTRE, 1), signed.member_name(CENTRE, "IQ")
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1)


@given(st.lists(LINES, min_size=1), st.lists(st.binary(min_size=1, max_size=80), min_size=1, max_size=5))
def test_what_is_written_is_read_again(lines: list[str], payloads: list[bytes]) -> None:
    """A note comes back as it was written, with all its signatures in order."""
    note = signed.Note("\n".join(lines) + "\n",
                       tuple(signed.Signature(f"name{n}", bytes(4), payload) for n, payload in enumerate(payloads)))
    assert signed.parse_note(signed.write_note(note)) == note


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_checkpoints_have_one_text(size: int, root: bytes) -> None:
    """A checkpoint of any size and root comes back from its text."""
    checkpoint = signed.Checkpoint(ORIGIN, size, root)
    assert signed.parse_checkpoint(checkpoint.text) == checkpoint


@pytest.mark.parametrize("text", ["", "a\n1\n", "a\n-1\nAA==\n", "\n1\n" + "A" * 43 + "=\n", "a\n1\nAA==\n",
                                  "a\n1\n" + "A" * 43 + "=\nmore\n", "a\n1\n" + "A" * 43 + "="])
def test_other_texts_are_no_checkpoint(text: str) -> None:
    """Missing lines, extensions, other sizes or roots of another length are refused."""
    with pytest.raises(Malformed):
        signed.parse_checkpoint(text)


def test_a_signature_counts_for_its_name_and_key_alone() -> None:
    """The signer's line is found among others by name and key; another name, key or text is not proved."""
    text = signed.Checkpoint(ORIGIN, 3, bytes(32)).text
    lines = (signed.sign_text(text, COSIGNER, OTHER), signed.sign_text(text, ORIGIN, KEY))
    note = signed.Note(text, lines)
    signed.verify_text(note, ORIGIN, KEY.public)
    for wrong, name, public in ((note, ORIGIN, OTHER.public), (note, COSIGNER, KEY.public),
                                (signed.Note(text.replace("3", "4"), lines), ORIGIN, KEY.public),
                                (signed.Note(text + "x\n", lines), ORIGIN, KEY.public)):
        with pytest.raises(Untrusted):
            signed.verify_text(wrong, name, public)


def test_a_cosignature_tells_its_time_and_proves_it() -> None:
    """The time comes back; with another time, text, name or key the cosignature does not hold."""
    text = signed.Checkpoint(ORIGIN, 3, bytes(32)).text
    line = signed.cosign(text, COSIGNER, KEY, time_s=1_444_210_200)
    assert signed.verify_cosignature(text, line, COSIGNER, KEY.public) == 1_444_210_200
    moved = signed.Signature(line.name, line.key_id, bytes(8) + line.payload[8:])
    for given_text, given_line, name, public in (
            (text, moved, COSIGNER, KEY.public), (text + "x", line, COSIGNER, KEY.public),
            (text, line, COSIGNER[:-1], KEY.public), (text, line, COSIGNER, OTHER.public)):
        with pytest.raises(Untrusted):
            signed.verify_cosignature(given_text, given_line, name, public)
    with pytest.raises(Untrusted):
        signed.verify_text(signed.Note(text, (line,)), COSIGNER, KEY.public)
