"""Signing, sealing, introductions, slots and rosters."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq import wire
from tansiq.errors import Malformed, Untrusted
from tansiq.keys.introductions import build_introduction, open_introduction, open_own, parse_introduction
from tansiq.keys.pairs import PairSecret, TagPlace, TagTree, derive_seed, pair_secret, verify_tag_path
from tansiq.keys.rosters import Member, Roster, quorum
from tansiq.keys.sealing import OVERHEAD_BYTES, PUBLIC_BYTES, SealingKey, seal
from tansiq.keys.signing import SigningKey, verify, verify_many
from tansiq.keys.slots import matches, slot, unwrap

CENTRE, SECRET, FIRST = bytes(range(32)), bytes([7] * 32), 549
HASH32 = st.binary(min_size=32, max_size=32)
RU, SY = SealingKey.from_bytes(b"\1" + bytes(range(96))), SealingKey.from_bytes(b"\1" + bytes(range(1, 97)))


@given(HASH32, st.binary(max_size=200), st.integers(0))
def test_a_signature_holds_for_its_message_alone(seed: bytes, message: bytes, at: int) -> None:
    """What was signed is verified; with any bit of the signature turned, or another message, it is not."""
    key = SigningKey.from_seed(seed)
    good = key.sign(message)
    verify(key.public, good, message)
    bit = at % 512
    bad = bytearray(good)
    bad[bit // 8] ^= 1 << bit % 8
    for signature, said in ((bytes(bad), message), (good, message + b"x")):
        with pytest.raises(Untrusted):
            verify(key.public, signature, said)
    items = [(key.public, good, message), (key.public, bytes(bad), message), (key.public[1:], good, message),
             (b"\2" + key.public[1:], good, message), (key.public, good[:-1], message)]
    assert verify_many(items) == [True, False, False, False, False]


def test_keys_do_not_show_their_secret() -> None:
    """Neither a signing key, a sealing key nor a pair's secret prints what is private."""
    signing = SigningKey.from_seed(bytes(range(32)))
    for shown, private in ((repr(signing), signing.seed), (repr(RU), RU.private), (repr(PairSecret(SECRET, SECRET)),
                                                                                 SECRET)):
        assert repr(private)[2:-1] not in shown and private.hex() not in shown


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(33)])
def test_a_seed_has_32_bytes(seed: bytes) -> None:
    """Other lengths are refused."""
    with pytest.raises(Malformed):
        SigningKey.from_seed(seed)


def test_what_is_sealed_opens_with_its_key_and_purpose() -> None:
    """Sealed bytes come back; another key, another purpose or an altered byte opens nothing."""
    sealed = seal(RU.public, b"purpose", b"words")
    assert RU.open(b"purpose", sealed) == b"words" and len(sealed) == 5 + OVERHEAD_BYTES
    assert seal(RU.public, b"purpose", b"words") != sealed
    altered = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for key, info, given_bytes in ((SY, b"purpose", sealed), (RU, b"other", sealed), (RU, b"purpose", altered),
                                   (RU, b"purpose", sealed[:40]), (RU, b"purpose", b"")):
        with pytest.raises(Untrusted):
            key.open(info, given_bytes)


@pytest.mark.parametrize("public", [b"", RU.public[:-1], b"\2" + RU.public[1:], b"\1" + b"\xff" * (PUBLIC_BYTES - 1)])
def test_nothing_is_sealed_to_what_is_no_key(public: bytes) -> None:
    """Another length, another suite, or numbers beyond the field are refused."""
    with pytest.raises(Malformed):
        seal(public, b"", b"words")


def test_introductions_open_for_those_they_name() -> None:
    """Each addressee opens its own seed, the author its secret; nobody another's."""
    own = SealingKey.generate()
    made = build_introduction(CENTRE, SECRET, author="IQ", first=FIRST,
                              sealing={"IQ": own.public, "RU": RU.public, "SY": SY.public})
    made = parse_introduction(wire.write(made), "IQ")
    assert [pair.to for pair in made.pairs] == ["RU", "SY"]
    assert open_own(CENTRE, made, author="IQ", key=own) == SECRET
    assert open_introduction(CENTRE, made, author="IQ", to="RU", key=RU) == derive_seed(CENTRE, SECRET, "IQ", "RU")
    with pytest.raises(Untrusted):
        open_introduction(CENTRE, made, author="IQ", to="SY", key=RU)
    with pytest.raises(Untrusted):
        open_introduction(bytes(32), made, author="IQ", to="RU", key=RU)
    with pytest.raises(Malformed):
        open_introduction(CENTRE, made, author="IQ", to="IR", key=RU)
    forged = msgspec.structs.replace(made.pairs[0], root="0" * 64)
    with pytest.raises(Untrusted) as refused:
        open_introduction(CENTRE, msgspec.structs.replace(made, pairs=(forged,)), author="IQ", to="RU", key=RU)
    assert refused.value.code == "introduction.root"
    for pairs in (made.pairs[::-1], made.pairs[:1] * 2, (msgspec.structs.replace(made.pairs[0], to="IQ"),)):
        with pytest.raises(Malformed):
            parse_introduction(wire.write(msgspec.structs.replace(made, pairs=pairs)), "IQ")


@given(st.integers(0, 63), st.integers(0, 31))
def test_a_tag_path_shows_one_month_and_desk(month: int, desk: int) -> None:
    """T and H(W) of a month and desk lead to the root; under another month, desk or tag they do not."""
    secret = pair_secret(CENTRE, SECRET, frm="IQ", to="RU", month=FIRST + month, desk=desk)
    place, path = TagPlace(TREE.root, FIRST, FIRST + month, desk), TREE.path(FIRST + month, desk)
    wrap_hash = wire.sha256(secret.wrap)
    verify_tag_path(place, path, tag=secret.tag, wrap_hash=wrap_hash)
    for other, tag in ((place._replace(desk=desk ^ 1), secret.tag), (place, secret.wrap),
                       (place._replace(month=FIRST + (month ^ 1)), secret.tag),
                       (place._replace(root=bytes(32)), secret.tag)):
        with pytest.raises(Untrusted):
            verify_tag_path(other, path, tag=tag, wrap_hash=wrap_hash)
    with pytest.raises(Malformed):
        verify_tag_path(place, path[:-1], tag=secret.tag, wrap_hash=wrap_hash)


TREE = TagTree(CENTRE, SECRET, "IQ", "RU", FIRST)


@pytest.mark.parametrize(("month", "desk"), [(FIRST - 1, 0), (FIRST + 64, 0), (FIRST, 32), (FIRST, -1)])
def test_an_introduction_reaches_64_months_and_32_desks(month: int, desk: int) -> None:
    """Outside of them there is no path."""
    with pytest.raises(Malformed):
        TREE.path(month, desk)


def test_every_pair_month_and_desk_has_its_own_secret() -> None:
    """Changing author, addressee, month, desk, seed or centre changes T and W."""
    due = pair_secret(CENTRE, SECRET, frm="IQ", to="RU", month=549, desk=3)
    others = [pair_secret(CENTRE, SECRET, frm="RU", to="IQ", month=549, desk=3),
              pair_secret(CENTRE, SECRET, frm="IQ", to="RU", month=550, desk=3),
              pair_secret(CENTRE, SECRET, frm="IQ", to="RU", month=549, desk=4),
              pair_secret(CENTRE, CENTRE, frm="IQ", to="RU", month=549, desk=3),
              pair_secret(SECRET, SECRET, frm="IQ", to="RU", month=549, desk=3)]
    assert len({due.tag, due.wrap, *(o.tag for o in others), *(o.wrap for o in others)}) == 12


@given(HASH32, HASH32, HASH32, HASH32, st.integers(0, 2**64 - 2))
def test_a_slot_gives_its_key_to_its_holder(tag: bytes, wrap: bytes, body_hash: bytes, key: bytes, number: int) -> None:
    """The holder finds the slot and takes the key; with another tag, number or body it is not theirs."""
    secret = PairSecret(tag, wrap)
    made = slot(secret, number, body_hash, key)
    assert len(made) == 48 and matches(secret, number, body_hash, made) and not matches(secret, number, body_hash, b"")
    assert unwrap(secret, number, body_hash, made) == key
    for other, at, named in ((PairSecret(wire.sha256(tag), wrap), number, body_hash), (secret, number + 1, body_hash),
                             (secret, number, wire.sha256(body_hash))):
        assert not matches(other, at, named, made)
        with pytest.raises(Untrusted):
            unwrap(other, at, named, made)


def test_a_quorum_is_more_than_two_thirds() -> None:
    """⌊2u/3⌋ + 1 of the unsuspended; all of them where they are few."""
    assert [quorum(u) for u in range(8)] == [0, 1, 2, 3, 3, 4, 5, 5] and quorum(30) == 21


def test_a_roster_knows_members_and_partners() -> None:
    """Parties are found by code; partners are no members; suspended members stay and do not count."""
    one, two, far = (Member(code, b"", b"", b"", code == "BB") for code in ("AA", "BB", "PP"))
    roster = Roster(0, (one, two), (far,))
    assert roster.party("PP") == far and roster.party("BB") == two
    assert roster.codes == ("AA", "BB") and roster.present == (one,) and roster.quorum == 1
    with pytest.raises(Untrusted):
        roster.party("XX")
