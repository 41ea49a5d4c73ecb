"""The envelope: ids, labels, commitment, padding, sealing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq import wire
from tansiq.acts import SaltedAct, act_id, commitment, open_body, seal_body, write_plain
from tansiq.acts.envelope import parse_plain, sealed_size, tree_root
from tansiq.errors import Malformed, Untrusted
from tansiq.merkle.hashes import EMPTY_ROOT
from tansiq.merkle.tree import Growth

SALTED = st.builds(SaltedAct, st.binary(min_size=32, max_size=32), st.binary(max_size=3_000), st.just(b"{}"))
PLACE: dict[str, Any] = {"centre": bytes(range(32)), "author": "IQ", "number": 7}


@given(st.lists(SALTED, min_size=1, max_size=8))
def test_what_is_sealed_is_opened(acts: list[SaltedAct]) -> None:
    """Acts come back with their salts, in order; the size is a step of Padmé of at least 2 KiB."""
    plain = write_plain(acts)
    body = seal_body(plain, bytes(32), **PLACE)
    assert len(body) == len(plain) + 16 == wire.padme(len(body)) >= wire.BODY_BYTES_MIN
    assert open_body(body, bytes(32), **PLACE).acts == tuple((act.salt, act.data) for act in acts)


@pytest.mark.parametrize("other", [{"centre": bytes(32)}, {"author": "RU"}, {"number": 8}])
def test_a_body_opens_in_its_place_alone(other: dict[str, Any]) -> None:
    """With another centre, author, number or key, or altered, a body does not open."""
    body = seal_body(write_plain([SaltedAct(bytes(32), b"{}", b"{}")]), bytes(32), **PLACE)
    for given_body, key, place in ((body, bytes(32), {**PLACE, **other}), (body, bytes([1] * 32), PLACE),
                                   (body[:-1] + bytes([body[-1] ^ 1]), bytes(32), PLACE), (b"", bytes(32), PLACE)):
        with pytest.raises(Untrusted) as refused:
            open_body(given_body, key, **place)
        assert refused.value.code == "slot.unopenable"


@given(st.binary(max_size=3_000))
def test_any_plain_bytes_are_acts_or_malformed(data: bytes) -> None:
    """Whatever opens, the answer is a list of acts that writes the same bytes, or Malformed."""
    for plain in (data, data.ljust(2_032, b"\0")):
        try:
            acts = parse_plain(plain).acts
        except Malformed as error:
            assert error.code == "act.malformed"
        else:
            assert write_plain([SaltedAct(salt, act, b"") for salt, act in acts]) == plain


def test_an_envelope_has_limits() -> None:
    """No act, too many, one too large, or too much in all is refused before anything is sealed."""
    small, large = SaltedAct(bytes(32), b"{}", b"{}"), SaltedAct(bytes(32), bytes(60_000), b"{}")
    assert len(write_plain([small] * 1_024)) + 16 <= wire.BODY_BYTES_MAX
    assert sealed_size(2 + 36 + 60_000) <= wire.BODY_BYTES_MAX and len(write_plain([large])) > 60_000
    for acts, code in (([], "envelope.count"), ([small] * 1_025, "envelope.count"), ([large] * 2, "envelope.size"),
                       ([replace(large, data=bytes(60_001))], "act.size")):
        with pytest.raises(Malformed) as refused:
            write_plain(acts)
        assert refused.value.code == code


@given(st.lists(SALTED, min_size=1, max_size=6), st.integers(0))
def test_a_commitment_changes_with_every_part(acts: list[SaltedAct], at: int) -> None:
    """Salt, act, label, order and count are all committed to."""
    at %= len(acts)
    due, one = commitment(acts), acts[at]
    for other in (replace(one, salt=wire.sha256(one.salt)), replace(one, data=one.data + b"x"),
                  replace(one, label=one.label + b"x")):
        assert commitment([*acts[:at], other, *acts[at + 1:]]) != due
    assert commitment([*acts, one]) != due and commitment(acts[:-1]) != due
    assert acts == acts[::-1] or commitment(acts[::-1]) != due


def test_an_id_depends_on_salt_and_bytes() -> None:
    """The same words said twice have two ids."""
    assert len({act_id(bytes(32), b"a"), act_id(bytes([1] * 32), b"a"), act_id(bytes(32), b"b")}) == 3


@pytest.mark.parametrize("size", range(12))
def test_the_small_tree_is_the_journals_tree(size: int) -> None:
    """The root over an envelope's leaves is the one that appending them gives."""
    leaves, growth = [bytes([n] * 32) for n in range(size)], Growth()
    for leaf in leaves:
        growth.append(leaf)
    assert tree_root(leaves) == growth.root() and tree_root([]) == EMPTY_ROOT
