"""An officer's signature: one strict rule, the same verdict at a door and in every cell."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from webauthn import verify_authentication_response
from webauthn.helpers.exceptions import WebAuthnException

from tansiq.errors import Malformed, TansiqError, Untrusted
from tansiq.keys import assertions
from tansiq.keys.assertions import EDDSA, ES256, Proof, relying_party, require_public, verify
from tests.authenticator import BACKED_UP, BACKUP_POSSIBLE, ORIGIN, UP, UV, Passkey, base64url

CHALLENGE = bytes(range(32))
BOTH = pytest.mark.parametrize("suite", [ES256, EDDSA])


@BOTH
def test_a_proof_holds_and_gives_its_counter(suite: int) -> None:
    """A passkey's answer holds for its challenge, its address and its key."""
    passkey = Passkey(suite=suite, counter=6)
    assert verify(passkey.public, passkey.prove(CHALLENGE), CHALLENGE, origin=ORIGIN) == 7


@BOTH
def test_members_that_clients_add_are_no_fault(suite: int) -> None:
    """Client data may hold more after what is prescribed, and a passkey may be backed up."""
    passkey = Passkey(suite=suite, more=',"other":"thing"', flags=UP | UV | BACKUP_POSSIBLE | BACKED_UP)
    verify(passkey.public, passkey.prove(CHALLENGE), CHALLENGE, origin=ORIGIN)


@BOTH
@pytest.mark.parametrize(("changed", "code"), [
    ({"origin": "https://other.example"}, "assertion.client"),
    ({"origin": "https://floor.example:8443"}, "assertion.client"),
    ({"flags": UP}, "assertion.authenticator"),
    ({"flags": UV}, "assertion.authenticator"),
    ({"flags": UP | UV | BACKED_UP}, "assertion.authenticator"),
    ({"flags": UP | UV | 0x80}, "assertion.authenticator"),
    ({"more": ',"crossOrigin":true'}, None),
])
def test_another_address_or_an_absent_person_does_not_hold(suite: int, changed: dict[str, Any],
                                                           code: str | None) -> None:
    """The address must be the floor's, the person there and verified, the flags possible."""
    passkey = Passkey(suite=suite)
    forged = replace(passkey, **changed)
    if code is None:
        verify(passkey.public, forged.prove(CHALLENGE), CHALLENGE, origin=ORIGIN)
        return
    with pytest.raises(Untrusted) as refused:
        verify(passkey.public, forged.prove(CHALLENGE), CHALLENGE, origin=ORIGIN)
    assert refused.value.code == code


@BOTH
def test_another_kind_of_answer_does_not_hold(suite: int) -> None:
    """An answer to a registration is none to a question."""
    passkey = Passkey(suite=suite)
    with pytest.raises(Untrusted):
        verify(passkey.public, passkey.prove(CHALLENGE, kind="webauthn.create"), CHALLENGE, origin=ORIGIN)


@BOTH
def test_a_client_in_a_foreign_frame_does_not_hold(suite: int) -> None:
    """Client data that says crossOrigin is refused by its bytes."""
    passkey = Passkey(suite=suite)
    proof = passkey.prove(CHALLENGE)
    framed = proof._replace(client_data=proof.client_data.replace(b"false", b"true"))
    with pytest.raises(Untrusted) as refused:
        verify(passkey.public, framed, CHALLENGE, origin=ORIGIN)
    assert refused.value.code == "assertion.client"


@settings(max_examples=200, deadline=None)
@given(suite=st.sampled_from([ES256, EDDSA]), part=st.integers(0, 2), data=st.data())
def test_no_byte_can_be_changed(suite: int, part: int, data: st.DataObject) -> None:
    """Whatever byte of whatever part is changed, cut or added: the proof no longer holds."""
    passkey = Passkey(suite=suite)
    proof = passkey.prove(CHALLENGE)
    old = proof[part]
    at = data.draw(st.integers(0, len(old) - 1))
    changed = data.draw(st.sampled_from([old[:at], old[:at] + bytes([old[at] ^ 1 << (at % 8)]) + old[at + 1:],
                                         old + b"\0"]))
    parts = [*proof[:part], changed, *proof[part + 1:]]
    with pytest.raises(Untrusted):
        verify(passkey.public, Proof(*parts), CHALLENGE, origin=ORIGIN)


@settings(max_examples=60, deadline=None)
@given(suite=st.sampled_from([ES256, EDDSA]), flags=st.integers(0, 255), other=st.booleans(), seed=st.integers(1, 3))
def test_the_library_and_the_rule_agree(suite: int, flags: int, other: bool, seed: int) -> None:
    """What the rule admits, py_webauthn admits with user verification: the rule only ever asks for more."""
    passkey, asked = Passkey(suite=suite, flags=flags), bytes(32) if other else CHALLENGE
    proof, key = passkey.prove(asked), Passkey(seed=seed, suite=suite).public
    try:
        verify(key, proof, CHALLENGE, origin=ORIGIN)
    except TansiqError:
        return
    shown: Any = {"id": base64url(passkey.id), "rawId": base64url(passkey.id), "type": "public-key",
                  "clientExtensionResults": {}, "response": {
                      "authenticatorData": base64url(proof.authenticator_data),
                      "clientDataJSON": base64url(proof.client_data), "signature": base64url(proof.signature)}}
    cose = passkey.cose()
    try:
        verify_authentication_response(
            credential=shown, expected_challenge=CHALLENGE, expected_rp_id="floor.example", expected_origin=ORIGIN,
            credential_public_key=cose, credential_current_sign_count=0, require_user_verification=True)
    except WebAuthnException as error:
        raise AssertionError(f"the rule is laxer than the library: {error}") from error


@pytest.mark.parametrize("origin", [
    "http://floor.example", "https://floor.example/", "https://Floor.example", "https://floor.example:443",
    "https://10.0.0.1", "https://", "https://localhost:080", "http://localhost:80", "https://floor", "ftp://localhost",
    "https://floor.example:8443/x", "https://a..example", "https://-a.example", "https://user@floor.example", "",
    "https://" + "a." * 200 + "example",
])
def test_an_address_that_is_none_is_refused(origin: str) -> None:
    """The address of a floor has one way to be written, and is safe against listeners."""
    with pytest.raises(Malformed):
        relying_party(origin)


def test_the_relying_party_is_the_host() -> None:
    """A port is no part of it."""
    assert relying_party("https://floor.example:8443") == "floor.example"
    assert relying_party("http://localhost:8400") == relying_party("https://localhost") == "localhost"


def test_a_key_of_no_known_form_is_refused() -> None:
    """A suite that is not known, a length that does not fit, a point that is not on the curve, one that is not
    reduced."""
    good = Passkey().public
    point = good[:1] + (int.from_bytes(good[1:33], "big") ^ 1).to_bytes(32, "big") + good[33:]
    beyond = good[:1] + b"\xff" * 32 + good[33:]
    for key in (b"", b"\x03" + bytes(64), good[:-1], point, beyond, b"\x01" + bytes(31)):
        with pytest.raises(Malformed):
            require_public(key)
    require_public(good)
    require_public(Passkey(suite=EDDSA).public)


def test_the_client_data_begins_as_prescribed() -> None:
    """The prefix is that of the specification's own serialization."""
    start = assertions.client_data_start(CHALLENGE, ORIGIN)
    asked = urlsafe_b64encode(CHALLENGE).rstrip(b"=").decode()
    assert start.decode() == (f'{{"type":"webauthn.get","challenge":"{asked}","origin":"{ORIGIN}",'
                              '"crossOrigin":false')
