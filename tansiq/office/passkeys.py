"""Passkeys of officers: how one is made, and how its answer is checked at a door.

py_webauthn reads what a new passkey says of itself; after that only the suite byte and the raw key are kept, and
every answer goes through the one rule that the cells use too (``tansiq.keys.assertions``).
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tansiq import wire
from tansiq.errors import Malformed, Refused, TansiqError, Untrusted
from tansiq.keys import assertions
from tansiq.keys.assertions import Proof
from tansiq.office.file import OfficeFile
from tansiq.office.officers import Officer
from tansiq.office.signin import SignIn

PASSKEYS_PER_OFFICER_MAX = 16
TIMEOUT_MS = 180_000
_ALGORITHMS = (-8, -7)


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of an officer: its id, its public key after a suite byte, the address where it works, the counter that
    it gave last, when it was made and last used (UTC ms)."""

    id: bytes
    officer: str
    public: bytes
    origin: str
    counter: int
    made: int
    used: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brought back from a passkey."""

    credential: bytes
    proof: Proof
    challenge: bytes


class Passkeys:
    """The passkeys of one office."""

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, officer_id: str, made: tuple[bytes, bytes, int], *, origin: str) -> Passkey:
        """Keep a new passkey: its id, public key and counter.

        Raises:
            Refused: ``passkey.known``, it is somebody's already; ``passkey.count``, over 16.
        """
        credential, public, counter = made
        if self.find(credential) is not None:
            raise Refused("passkey.known", "This passkey is an officer's already.")
        if len(self.of(officer_id)) >= PASSKEYS_PER_OFFICER_MAX:
            raise Refused("passkey.count", "An officer has at most {limit} passkeys.", limit=PASSKEYS_PER_OFFICER_MAX)
        kept = Passkey(credential, officer_id, public, origin, counter, self._file.clock(), None)
        self._file.run("INSERT INTO passkey VALUES (?,?,?,?,?,?,?)", kept.id, kept.officer, kept.public, kept.origin,
                       kept.counter, kept.made, kept.used)
        return kept

    def find(self, credential: bytes) -> Passkey | None:
        """The passkey of an id, if there is one here."""
        rows = self._file.rows("SELECT * FROM passkey WHERE id=?", credential)
        return _passkey(rows[0]) if rows else None

    def of(self, officer_id: str) -> list[Passkey]:
        """The passkeys of an officer, the oldest first."""
        return [_passkey(row) for row in
                self._file.rows("SELECT * FROM passkey WHERE officer=? ORDER BY made, id", officer_id)]

    def drop(self, officer_id: str, credential: bytes) -> None:
        """Forget a passkey of an officer; one that is not there is forgotten already."""
        self._file.run("DELETE FROM passkey WHERE id=? AND officer=?", credential, officer_id)

    def check(self, answer: Answer, *, officer: str | None, origin: str) -> Passkey:
        """Hold that a passkey answered, *officer*'s where one is named, and keep its counter.

        Raises:
            Untrusted: ``passkey.unknown``, ``assertion.…``, or ``passkey.counter``: its counter did not rise, so that
                there may be a copy of it.
        """
        found = self.find(answer.credential)
        if found is None or officer not in (None, found.officer):
            raise Untrusted("passkey.unknown", "This passkey is not known here.")
        counter = assertions.verify(found.public, answer.proof, answer.challenge, origin=origin)
        # The count rises in the statement that keeps it, so that of two answers at once one is a copy's.
        risen = self._file.run("UPDATE passkey SET counter=?1, used=?2 WHERE id=?3 AND (counter<?1 OR counter+?1=0)",
                               counter, self._file.clock(), found.id)
        if not risen:
            raise Untrusted("passkey.counter", "The passkey counts backwards: there may be a copy of it. Tell the "
                            "administrator.")
        return found


def question(challenge: bytes, sign_in: SignIn, passkeys: Sequence[Passkey] = ()) -> dict[str, Any]:
    """What ``navigator.credentials.get`` is asked; without *passkeys* the holder picks one that the device knows."""
    return {"challenge": base64url(challenge), "rpId": sign_in.host, "userVerification": "required",
            "timeout": TIMEOUT_MS,
            "allowCredentials": [{"type": "public-key", "id": base64url(one.id)} for one in passkeys]}


def making(challenge: bytes, sign_in: SignIn, officer: Officer, *, named: str, known: Sequence[Passkey]) -> \
        dict[str, Any]:
    """What ``navigator.credentials.create`` is asked: a passkey that verifies its holder and can be found without a
    name. *named* is how the device shows whose it is."""
    handle = wire.sha256(b"tansiq/handle/" + officer.id.encode())[:16]
    return {"challenge": base64url(challenge), "rp": {"id": sign_in.host, "name": "Tansiq"}, "timeout": TIMEOUT_MS,
            "user": {"id": base64url(handle), "name": officer.id, "displayName": named}, "attestation": "none",
            "pubKeyCredParams": [{"type": "public-key", "alg": one} for one in _ALGORITHMS],
            "authenticatorSelection": {"residentKey": "required", "requireResidentKey": True,
                                       "userVerification": "required"},
            "excludeCredentials": [{"type": "public-key", "id": base64url(one.id)} for one in known]}


def read_made(given: Mapping[str, Any], challenge: bytes, sign_in: SignIn) -> tuple[bytes, bytes, int]:
    """Read a new passkey from what a browser brought: its id, its public key after a suite byte, its counter.

    Raises:
        Untrusted: ``passkey.made``, it is none, or does not answer this question.
    """
    # Slow to import, and needed by hardly any process: only where a passkey is made.
    from cbor2 import CBORDecodeError
    from webauthn import verify_registration_response
    from webauthn.helpers.cose import COSEAlgorithmIdentifier
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_registration_response(
            credential=dict(given), expected_challenge=challenge, expected_rp_id=sign_in.host,
            expected_origin=sign_in.origin, require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(one) for one in _ALGORITHMS])
        public = from_cose(found.credential_public_key)
    except (WebAuthnException, CBORDecodeError, TansiqError, ValueError, LookupError, TypeError) as error:
        # The library lets what its parsers meet in foreign bytes through as it is.
        raise Untrusted("passkey.made", "The browser brought no passkey that can be used here.") from error
    if not 1 <= len(found.credential_id) <= assertions.CREDENTIAL_BYTES_MAX:
        raise Untrusted("passkey.made", "The browser brought no passkey that can be used here.")
    return found.credential_id, public, found.sign_count


def from_cose(key: bytes) -> bytes:
    """Turn a COSE key of the two algorithms into a suite byte and raw bytes.

    Raises:
        Malformed: ``key.suite`` or what ``assertions.require_public`` says.
    """
    from webauthn.helpers import decode_credential_public_key
    from webauthn.helpers.decode_credential_public_key import DecodedEC2PublicKey, DecodedOKPPublicKey

    decoded = decode_credential_public_key(key)
    if isinstance(decoded, DecodedOKPPublicKey) and (decoded.alg, decoded.crv) == (-8, 6):
        public = bytes([assertions.EDDSA]) + decoded.x
    elif isinstance(decoded, DecodedEC2PublicKey) and (decoded.alg, decoded.crv) == (-7, 1):
        public = bytes([assertions.ES256]) + decoded.x + decoded.y
    else:
        raise Malformed("key.suite", "Suite {given} of a signing key is not known here.", given=decoded.alg)
    assertions.require_public(public)
    return public


def read_answer(given: Mapping[str, Any]) -> Answer:
    """Read what ``navigator.credentials.get`` gave, as JSON with base64url inside.

    Raises:
        Malformed: ``passkey.answer``.
    """
    try:
        response = given["response"]
        proof = Proof(*(_from_base64url(response[name]) for name in
                        ("authenticatorData", "clientDataJSON", "signature")))
        credential = _from_base64url(given["id"])
        # Only to find the question again; the rule compares the bytes.
        start = proof.client_data.split(b'"challenge":"', 1)[1]
        challenge = _from_base64url(start.split(b'"', 1)[0].decode("ascii"))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise Malformed("passkey.answer", "The browser brought no answer of a passkey.") from error
    return Answer(credential, proof, challenge)


def base64url(data: bytes) -> str:
    """Base64 of addresses, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _from_base64url(text: str) -> bytes:
    if not isinstance(text, str) or len(text) > 8_192:
        raise ValueError("not base64 of addresses")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _passkey(row: tuple[Any, ...]) -> Passkey:
    return Passkey(bytes(row[0]), row[1], bytes(row[2]), *row[3:])
