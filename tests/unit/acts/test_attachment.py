"""Attachments open with their own key, in their own centre, and in no other way."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.acts.attachment import ATTACHMENT_BYTES_MAX, open_attachment, seal_attachment
from tansiq.errors import Malformed, Untrusted

KEY, CENTRE = bytes(range(32)), bytes(32)


@given(st.binary(min_size=1, max_size=5_000))
def test_what_was_sealed_opens_to_the_same_bytes(data: bytes) -> None:
    """Whatever the file holds, zeros at its end too."""
    assert open_attachment(seal_attachment(data, KEY, centre=CENTRE), KEY, centre=CENTRE) == data


def test_small_files_look_alike() -> None:
    """Up to 2 KiB nothing of a file's size can be seen."""
    assert len({len(seal_attachment(bytes(size), KEY, centre=CENTRE)) for size in (1, 500, 2_040)}) == 1


def test_one_file_under_one_key_has_one_encoding() -> None:
    """The bytes are those of the specification (docs/spec/attachment.md)."""
    sealed = seal_attachment(b"minutes", KEY, centre=CENTRE)
    assert sha256(sealed).hexdigest() == "4f0fe77d50fd9e3081a46945248bec0cc439b4bfcfb9bac75616ad53170d7e00"


@pytest.mark.parametrize("size", [0, ATTACHMENT_BYTES_MAX + 1])
def test_empty_and_large_files_are_refused(size: int) -> None:
    """The sentence names both sizes."""
    with pytest.raises(Malformed, match="bytes; from 1 to"):
        seal_attachment(bytes(size), KEY, centre=CENTRE)


def test_every_change_is_noticed() -> None:
    """A changed byte, another key, another centre and a cut file open to nothing."""
    sealed = seal_attachment(b"minutes", KEY, centre=CENTRE)
    changed = bytes([sealed[0] ^ 1]) + sealed[1:]
    for data, key, centre in ((changed, KEY, CENTRE), (sealed, bytes(32), CENTRE), (sealed, KEY, bytes([1] * 32)),
                              (sealed[:-1], KEY, CENTRE), (b"", KEY, CENTRE)):
        with pytest.raises(Untrusted, match="cannot be opened"):
            open_attachment(data, key, centre=centre)


def test_the_largest_file_seals_to_a_known_size() -> None:
    """Ten MiB and their length are padded to 41 times 2^18 bytes, the next size of PADMÉ, and have a tag."""
    assert len(seal_attachment(bytes(ATTACHMENT_BYTES_MAX), KEY, centre=CENTRE)) == 41 * 2**18 + 16
