"""Canonical bytes: one value, one encoding."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tansiq import wire
from tansiq.errors import Malformed

WHOLE = st.integers(-wire.INTEGER_MAX, wire.INTEGER_MAX)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\\")).map(lambda t: unicodedata.normalize("NFC", t))
KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=6)
VALUES = st.recursive(st.none() | st.booleans() | WHOLE | TEXT,
                      lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
                      max_leaves=12)


@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    """Any value of the allowed kinds comes back from its bytes, and its bytes are the only ones."""
    data = wire.write(value)
    assert wire.parse(data, Any) == value and wire.write(wire.parse(data, Any)) == data


@given(VALUES, st.sampled_from([b" ", b"\n", b"\t"]), st.integers(0))
def test_a_blank_is_refused_wherever_it_stands(value: Any, blank: bytes, at: int) -> None:
    """Bytes with one blank more are another value or refused, never the same value."""
    data = wire.write(value)
    at %= len(data) + 1
    with suppress(Malformed):
        assert wire.parse(data[:at] + blank + data[at:], Any) != value


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_malformed(data: bytes) -> None:
    """Whatever comes, the answer is a value that writes the same bytes, or Malformed."""
    try:
        value = wire.parse(data, Any)
    except Malformed:
        return
    assert wire.write(value) == data


@pytest.mark.parametrize("value", ["\ud800", "e\u0301", "a\0", wire.INTEGER_MAX + 1, -wire.INTEGER_MAX - 1, 2**70,
                                   object()])
def test_what_has_no_form_is_not_written(value: object) -> None:
    """Half a character, text that is not NFC, NUL, integers beyond 2^53-1 and foreign objects are refused."""
    with pytest.raises(Malformed):
        wire.write({"a": value})


def _written(write: Callable[[], Any]) -> Any:
    try:
        return write()
    except Malformed:
        return "refused"


@example([[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]])
@given(st.lists(VALUES | st.sampled_from([
    "\ud800", "e\u0301", "a\0", "\n", wire.INTEGER_MAX + 1, 2**70, "1" * 20, "[" * 20, ["[", 10**15], [[[]] * 9] * 2,
    json.loads("[" * 16 + "]" * 16), json.loads("[" * 17 + "]" * 17)]), max_size=5))
def test_many_are_written_as_each_is(values: list[Any]) -> None:
    """Several values written at once have the bytes, or the refusal, that each has by itself."""
    assert _written(lambda: wire.write_many(values)) == _written(lambda: [wire.write(value) for value in values])


class _Chain(msgspec.Struct):
    below: _Chain | None


@pytest.mark.parametrize("levels", [1, 16, 17, 40])
@pytest.mark.parametrize("closed", [True, False])
def test_records_are_nested_no_deeper_than_anything(levels: int, closed: bool) -> None:
    """Many records are held to the depth that one is, whether their type tells it (closed) or has no end of its own."""
    value: Any = None
    for level in range(levels):
        made = msgspec.defstruct(f"Level{level}", [("below", type(value) if level else None)])
        value = made(value) if closed else _Chain(value)
    assert _written(lambda: wire.write_many([value])) == _written(lambda: [wire.write(value)])
    assert (_written(lambda: wire.write_many([value])) == "refused") is (levels > wire.JSON_DEPTH_MAX)


@given(st.from_regex(r"[A-Z0-9]{2,8}", fullmatch=True))
def test_codes_have_eight_bytes(code: str) -> None:
    """Every code comes back from its padded form."""
    assert wire.is_code(code) and len(wire.code_bytes(code)) == 8
    assert wire.parse_code(wire.code_bytes(code)) == code


@pytest.mark.parametrize("code", ["", "A", "ABCDEFGHI", "iq", "I Q", "IQ\n", "Ñ1", "IQ\0"])
def test_other_codes_are_refused(code: str) -> None:
    """Too short, too long, other letters, blanks, line breaks."""
    assert not wire.is_code(code)
    with pytest.raises(Malformed):
        wire.code_bytes(code)


@pytest.mark.parametrize("data", [b"", b"IQ", b"IQ\0\0\0\0\0\0\0", b"\0IQ\0\0\0\0\0", b"I\0Q\0\0\0\0\0", bytes(8),
                                  b"IQ      ", b"\xff\xfe\0\0\0\0\0\0"])
def test_other_paddings_are_refused(data: bytes) -> None:
    """Binary codes have 8 bytes, with zeros at the end alone."""
    with pytest.raises(Malformed):
        wire.parse_code(data)


@given(st.binary(max_size=70))
def test_base64_and_hashes_have_one_form(data: bytes) -> None:
    """Bytes come back from base64; a hash from its 64 digits."""
    assert wire.parse_base64(wire.write_base64(data)) == data
    assert wire.parse_hash(wire.sha256(data).hex()) == wire.sha256(data)


@pytest.mark.parametrize("text", ["AA", "AB==", "AA==\n", "A A=", "AA-_", "é", "AAA=A"])
def test_other_base64_is_refused(text: str) -> None:
    """Missing padding, spare bits, blanks and the other alphabet are refused."""
    with pytest.raises(Malformed):
        wire.parse_base64(text)


@pytest.mark.parametrize("text", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "a" * 64 + "\n"])
def test_other_hashes_are_refused(text: str) -> None:
    """Another length, capitals, other letters or a line break are refused."""
    with pytest.raises(Malformed):
        wire.parse_hash(text)


@given(st.integers(0, 4_102_444_799_999))
def test_months_hold_their_instants(instant: int) -> None:
    """An instant lies between the start of its month and that of the next; its text is the ISO form."""
    month = wire.month_of(instant)
    assert wire.month_start(month) <= instant < wire.month_start(month + 1)
    moment = datetime.fromtimestamp(instant // 1000, UTC)
    assert wire.write_instant(instant).startswith(moment.strftime("%Y-%m-%dT%H:%M:%S."))
    assert wire.write_month(month) == moment.strftime("%Y-%m")


@given(st.integers(1, 2**20))
def test_padme_adds_little_and_tells_little(length: int) -> None:
    """A padded length is not smaller, at most 12 in a hundred larger, and pads to itself."""
    padded = wire.padme(length)
    assert length <= padded <= length * 1.12 + 1 and wire.padme(padded) == padded
    assert wire.padme(length + 1) >= padded


JSON_TEXTS = st.text(st.sampled_from('[]{}"\\ab'), max_size=8)
NESTED = st.recursive(JSON_TEXTS | st.integers(0, 9), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    JSON_TEXTS, inner, max_size=3), max_leaves=12)


@given(NESTED)
def test_a_long_file_is_looked_through_as_a_short_one(value: Any) -> None:
    """What stands outside texts is the same, whichever way is taken."""
    data = msgspec.json.encode(value)
    assert wire._between(data) == wire._outside(data)


@pytest.mark.parametrize(("value", "code"), [(json.loads("[" * 16 + "]" * 16), "json.depth"), (
    2**53, "json.integer"), ("e\u0301", "json.nfc"), ("[" * 40 + "9" * 40 + "\\\"", None)])
def test_a_long_file_is_held_to_the_same_rules(value: Any, code: str | None) -> None:
    """Depth, integers and form NFC beside a text of two million characters; in texts brackets and digits are free."""
    whole = {"filler": "A" * 2_000_000, "value": value, "zz": [[]] * 20}
    if code is None:
        assert wire.parse(wire.write(whole), Any) == whole
        return
    with pytest.raises(Malformed) as refused:
        wire.write(whole)
    assert refused.value.code == code


@given(NESTED, st.integers(0, 20))
def test_depth_is_that_of_brackets_outside_texts(value: Any, more: int) -> None:
    """Sixteen levels are read and seventeen refused, whatever brackets and quotes stand in the texts."""
    for _ in range(more):
        value = [value]
    # So many brackets that the depth is looked at.
    whole = [value, *[[]] * 20]

    def depth(of: Any) -> int:
        inner = list(of.values()) if isinstance(of, dict) else of if isinstance(of, list) else None
        return 0 if inner is None else 1 + max(map(depth, inner), default=0)

    if 1 + max(1, depth(value)) > wire.JSON_DEPTH_MAX:
        with pytest.raises(Malformed) as refused:
            wire.write(whole)
        assert refused.value.code == "json.depth"
    else:
        assert wire.parse(wire.write(whole), Any) == whole
