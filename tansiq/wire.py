"""Canonical bytes, ids, instants and limits (spec: ``docs/spec/bytes.md``).

One value has one encoding. ``parse`` refuses whatever ``write`` would not have written.
Instants are UTC milliseconds since 1970 as ``int``; angles are degrees × 10⁷ as ``int``.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256 as _sha256
from typing import Any, TypeVar

import msgspec

from tansiq.errors import Malformed

T = TypeVar("T")

ENTRY_OPEN_BODY_BYTES_MAX = 262_144
BODY_BYTES_MIN = 2_048
BODY_BYTES_MAX = 65_536
LEAF_BYTES_MAX = 2_108
ACT_BYTES_MAX = 60_000
ACTS_PER_ENVELOPE_MAX = 1_024
MEMBERS_MAX = 32
PARTNERS_MAX = 8
PARTNERS_PER_ENTRY_MAX = 4
PAIRS_MAX = 40
PROMISES_MAX = 32
NOTE_BYTES_MAX = 16_384
NOTE_SIGNATURES_MAX = 64
EVIDENCE_BYTES_MAX = 256 * 1024 * 1024
JSON_DEPTH_MAX = 16
INTEGER_MAX = 2**53 - 1
DAY_MS = 86_400_000

_CODE = re.compile(r"[A-Z0-9]{2,8}\Z")
_HEX64 = re.compile(r"[0-9a-f]{64}\Z")
_encoder = msgspec.json.Encoder(order="sorted")
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def sha256(data: bytes) -> bytes:
    """Hash *data* with SHA-256 (FIPS 180-4): 32 bytes."""
    return _sha256(data).digest()


def write(value: Any) -> bytes:
    """Write *value* as canonical JSON: sorted keys, no blanks, UTF-8.

    Raises:
        Malformed: an integer is beyond ±(2⁵³−1), or a text has a NUL, a lone surrogate or is not NFC.
    """
    data = _encoded(_encoder.encode, value)
    _check(data)
    return data


def write_many(values: Sequence[Any]) -> list[bytes]:
    """Write each of *values* as canonical JSON: what ``write`` gives for each, or refuses, at less cost for many.

    Raises:
        Malformed: as of ``write``, where any of them cannot be written.
    """
    # A text holds its line breaks escaped, so those that are found here stand between two values.
    data = _encoded(_encoder.encode_lines, values)
    lines = data.split(b"\n")
    lines.pop()
    if not _is_plain(data) or not all(map(_is_flat, set(map(type, values)))):
        for line in lines:
            _check(line)
    return lines


def _encoded(encode: Callable[[Any], bytes], value: Any) -> bytes:
    try:
        return encode(value)
    except UnicodeEncodeError as error:
        raise Malformed("json.text", "A text holds half of a character (a lone surrogate).") from error
    except (msgspec.ValidationError, OverflowError, TypeError, ValueError) as error:
        raise Malformed("json.value", "A value cannot be written: {why}.", why=str(error)) from error


def parse(data: bytes, type_: type[T]) -> T:
    """Read canonical JSON into *type_*, or refuse it.

    Raises:
        Malformed: not JSON, not of the type, too deep, or not equal to its own re-encoding.
    """
    _check(data)
    decoder = _decoders.get(type_)
    if decoder is None:
        decoder = _decoders[type_] = msgspec.json.Decoder(type_, strict=True)
    try:
        value: T = decoder.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("json.shape", "Not the JSON that was expected: {why}.", why=str(error)) from error
    if _encoder.encode(value) != data:
        raise Malformed("json.canonical", "The JSON is not in its one canonical form.")
    return value


def parse_any(data: bytes) -> Any:
    """Read canonical JSON of any shape, as dictionaries, lists, texts, integers, booleans and None.

    Raises:
        Malformed: not JSON, a float, a key that is not ASCII, too deep, or not equal to its own re-encoding.
    """
    _check(data)
    try:
        value = _any.decode(data)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        raise Malformed("json.shape", "Not the JSON that was expected: {why}.", why=str(error)) from error
    if _encoder.encode(value) != data or not _ascii_keys(value):
        raise Malformed("json.canonical", "The JSON is not in its one canonical form.")
    return value


def _no_float(text: str) -> Any:
    raise ValueError(f"{text[:40]} is not an integer")


def _ascii_keys(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_ascii_keys, value))
    return not isinstance(value, dict) or all(key.isascii() and _ascii_keys(part) for key, part in value.items())


_any = msgspec.json.Decoder(float_hook=_no_float)
_SCALARS = (msgspec.inspect.StrType, msgspec.inspect.IntType, msgspec.inspect.BoolType, msgspec.inspect.NoneType,
            msgspec.inspect.LiteralType, msgspec.inspect.EnumType)


def _is_plain(data: bytes) -> bool:
    """Tell whether nothing needs a closer look but the depth: all ASCII, no NUL, no long run of digits."""
    return not (b"\\u0000" in data or b"\0" in data or not data.isascii() or _LONG_RUN in data.translate(_DIGITS))


@lru_cache(maxsize=1_024)
def _is_flat(type_: type) -> bool:
    """Tell whether the fields of a type say that none of its values is nested deeper than the limit."""
    return issubclass(type_, msgspec.Struct) and _ends_within(msgspec.inspect.type_info(type_), JSON_DEPTH_MAX)


def _ends_within(info: Any, levels: int) -> bool:
    if isinstance(info, msgspec.inspect.UnionType):
        return all([_ends_within(one, levels) for one in info.types])
    if isinstance(info, msgspec.inspect.TupleType):
        return levels > 0 and all([_ends_within(one, levels - 1) for one in info.item_types])
    if isinstance(info, msgspec.inspect.StructType):
        return levels > 0 and all([_ends_within(one.type, levels - 1) for one in info.fields])
    if isinstance(info, (msgspec.inspect.VarTupleType, msgspec.inspect.ListType)):
        return levels > 0 and _ends_within(info.item_type, levels - 1)
    return isinstance(info, _SCALARS)


def _check(data: bytes) -> None:
    """Refuse what a decoder would let pass: NUL, text that is not NFC, large integers, depth."""
    if b"\\u0000" in data or b"\0" in data:
        raise Malformed("json.nul", "A text holds a NUL character.")
    if not data.isascii():
        _require_nfc(data)
    # In a long file most bytes stand in texts: they are passed over once, and not counted and translated as well.
    looked = b'"'.join(_between(data)) if len(data) > _LONG_FILE else data
    many = looked.count(b"[") + looked.count(b"{") > JSON_DEPTH_MAX
    long = _LONG_RUN in looked.translate(_DIGITS)
    if not many and not long:
        return
    outside = [looked] if looked is not data else _outside(data)
    if many and _is_deep(b"".join(outside)):
        raise Malformed("json.depth", "The JSON is nested deeper than {limit}.", limit=JSON_DEPTH_MAX)
    for run in _LONG_INTEGER.findall(b'"'.join(outside)) if long else ():
        if len(run) > 17 or abs(int(run)) > INTEGER_MAX:
            raise Malformed("json.integer", "A number is beyond 2^53-1.")


def _require_nfc(data: bytes) -> None:
    # A quotation mark composes with nothing: what stands between two is looked at by itself, and is mostly ASCII.
    for part in data.split(b'"'):
        if not part.isascii():
            try:
                text = part.decode("utf-8")
            except UnicodeDecodeError as error:
                raise Malformed("json.utf8", "The bytes are not UTF-8.") from error
            if not unicodedata.is_normalized("NFC", text):
                raise Malformed("json.nfc", "A text is not in Unicode normal form NFC.")


_LONG_INTEGER = re.compile(rb"-?\d{16,}")
# Every digit becomes 0 and all else a blank: one search then tells whether any number is long, ten times sooner.
_DIGITS = bytes(48 if 48 <= byte < 58 else 32 for byte in range(256))
_LONG_RUN = b"0" * 16
_LONG_FILE = 1 << 20


# Both sorts of brackets become one, and all else goes: taking the innermost pairs away once takes one level away.
_BRACKETS = bytes.maketrans(b"[{]}", b"(())")
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[{]}")


def _outside(data: bytes) -> list[bytes]:
    """What stands outside texts: of the parts between quotes every second one, since escapes stand in texts alone."""
    return data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]


def _between(data: bytes) -> list[bytes]:
    """What stands outside texts, as ``_outside``, without a copy of a long text for each escape that is looked for."""
    outside, inside = [], False
    for part in data.split(b'"'):
        if not inside:
            outside.append(part)
        # A quotation mark after an odd number of backslashes is one of the text's own.
        if not inside or (len(part) - len(part.rstrip(b"\\"))) % 2 == 0:
            inside = not inside
    return outside


def _is_deep(outside: bytes) -> bool:
    """Tell whether JSON is nested deeper than the limit; what is not even paired is left to the decoder."""
    left = outside.translate(_BRACKETS, _NO_BRACKETS)
    for _ in range(JSON_DEPTH_MAX):
        shorter = left.replace(b"()", b"")
        if shorter == left:
            return left.count(b"(") > JSON_DEPTH_MAX
        left = shorter
    return b"(" in left


@lru_cache(maxsize=1_024)
def code_bytes(code: str) -> bytes:
    """Write a member's or partner's code as 8 bytes, padded with 0x00 (written ``c8`` in the spec)."""
    if not _CODE.match(code):
        raise Malformed("code", "A code has 2 to 8 of A-Z and 0-9, not {given!r}.", given=code[:20])
    return code.encode("ascii").ljust(8, b"\0")


def parse_code(data: bytes) -> str:
    """Read 8 bytes as a code; the padding must be 0x00 and at the end."""
    text = data.rstrip(b"\0").decode("ascii", "replace")
    if len(data) != 8 or not _CODE.match(text):
        raise Malformed("code", "A code has 2 to 8 of A-Z and 0-9, not {given!r}.", given=text[:20])
    return text


def is_code(text: str) -> bool:
    """Tell whether *text* has the form of a code."""
    return _CODE.match(text) is not None


def parse_hash(text: str) -> bytes:
    """Read 64 lower-case hex digits as 32 bytes."""
    if not _HEX64.match(text):
        raise Malformed("hash", "A hash or id has 64 digits of 0-9 and a-f, not {given!r}.", given=text[:70])
    return bytes.fromhex(text)


def write_base64(data: bytes) -> str:
    """Write bytes as padded base64."""
    return b64encode(data).decode("ascii")


def parse_base64(text: str) -> bytes:
    """Read padded base64 in its one form."""
    try:
        data = a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise Malformed("base64", "Not base64: {why}.", why=str(error)) from error
    # Only the last four characters have bits to spare.
    if b64encode(data[-(len(data) % 3 or 3):]).decode("ascii") != text[-4:] or len(text) != -(-len(data) // 3) * 4:
        raise Malformed("base64", "Not base64: {why}.", why="not the one encoding")
    return data


def month_of(instant: int) -> int:
    """Number the UTC month of *instant*: (year − 1970)·12 + month − 1."""
    return _month_of_day(instant // DAY_MS)


@lru_cache(maxsize=1_024)
def _month_of_day(day: int) -> int:
    moment = datetime.fromtimestamp(day * (DAY_MS // 1000), UTC)
    return (moment.year - 1970) * 12 + moment.month - 1


def month_start(month: int) -> int:
    """First instant of a numbered month, UTC milliseconds."""
    return int(datetime(1970 + month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp()) * 1000


def write_month(month: int) -> str:
    """Write a numbered month as ``2015-10``."""
    return f"{1970 + month // 12:04d}-{month % 12 + 1:02d}"


def write_instant(instant: int) -> str:
    """Write an instant as ``2015-10-07T09:30:00.000Z``."""
    moment = datetime.fromtimestamp(instant // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{instant % 1000:03d}Z"


def padme(length: int) -> int:
    """Round a length up so that its size tells at most log log bits (Padmé; PURBs, PoPETs 2019)."""
    exponent = length.bit_length() - 1
    step_bits = exponent - exponent.bit_length()
    if step_bits <= 0:
        return length
    mask = (1 << step_bits) - 1
    return (length + mask) & ~mask
