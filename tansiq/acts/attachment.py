"""Attachments: small files sealed by themselves, outside the journal (spec: ``docs/spec/attachment.md``).

The act that carries one holds its key and the hash of its sealed bytes, and is sealed for its readers as any act. The
sealed bytes may lie anywhere: who has no such act cannot open them, and who has it knows them from any others.
"""

from __future__ import annotations

import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from tansiq import wire
from tansiq.errors import Malformed, Untrusted

ATTACHMENT_BYTES_MAX = 10 * 1024 * 1024
_DOMAIN = b"tansiq/attachment/v1\n"
_NONCE = bytes(12)
_LENGTH = struct.Struct(">Q")


def seal_attachment(data: bytes, key: bytes, *, centre: bytes) -> bytes:
    """Seal a file under a key that is used once; its size is padded so that it tells little (Padmé).

    Raises:
        Malformed: ``attachment.size``, empty or over 10 MiB.
    """
    if not 0 < len(data) <= ATTACHMENT_BYTES_MAX:
        raise Malformed("attachment.size", "An attachment has {size} bytes; from 1 to {limit} are taken.",
                        size=len(data), limit=ATTACHMENT_BYTES_MAX, field="file")
    plain = (_LENGTH.pack(len(data)) + data).ljust(_padded(len(data)), b"\0")
    return ChaCha20Poly1305(key).encrypt(_NONCE, plain, _DOMAIN + centre)


def open_attachment(sealed: bytes, key: bytes, *, centre: bytes) -> bytes:
    """Open sealed bytes.

    Raises:
        Untrusted: ``attachment.sealed``, they were not sealed under this key for this centre, or not as the spec says.
    """
    wrong = Untrusted("attachment.sealed", "The attachment cannot be opened with the key that its act holds.")
    try:
        plain = ChaCha20Poly1305(key).decrypt(_NONCE, sealed, _DOMAIN + centre)
    except InvalidTag as error:
        raise wrong from error
    if len(plain) < _LENGTH.size:
        raise wrong
    (length,) = _LENGTH.unpack_from(plain)
    data = plain[_LENGTH.size:_LENGTH.size + length]
    if not 0 < length <= ATTACHMENT_BYTES_MAX or len(data) != length or len(plain) != _padded(length) or any(
            plain[_LENGTH.size + length:]):
        raise wrong
    return data


def _padded(length: int) -> int:
    return wire.padme(max(wire.BODY_BYTES_MIN, _LENGTH.size + length))
