"""Files of keys: drawn in a folder of their own, laid into the folder of the cell that uses them.

``state.json`` holds the state key and stays offline; ``keys.json`` holds the two that a cell works with;
``public.json`` is what is handed on. The keys that a cell began with lie in its folder, those that replaced them in
folders below it: all are kept, since what was sealed to the old ones is the member's past.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from tansiq import wire
from tansiq.cell.founding import KEYS, Secrets, cell_directory, keyring, write_secrets
from tansiq.cell.keyring import Keyring, Pairs
from tansiq.errors import Conflict, Malformed, Unavailable
from tansiq.evidence.instruments import StateKey
from tansiq.keys.sealing import SealingKey
from tansiq.keys.signing import SigningKey
from tansiq.registrar.control import require_keys
from tansiq.registrar.documents import PublicKeys

STATE = "state.json"
PUBLIC = "public.json"


def draw_keys(folder: Path) -> PublicKeys:
    """Draw all keys of a party into a folder; no file there is ever overwritten.

    Raises:
        Conflict: ``keys.drawn``, keys lie there already.
        Unavailable: ``disk``.
    """
    if any((folder / name).exists() for name in (STATE, KEYS, PUBLIC)):
        raise Conflict("keys.drawn", "Keys lie in {given} already: name another folder.", given=str(folder))
    state, sign, seal, b64 = SigningKey.generate(), SigningKey.generate(), SealingKey.generate(), wire.write_base64
    public = PublicKeys(state=b64(state.public), sign=b64(sign.public), seal=b64(seal.public))
    write_secrets(folder / STATE, StateKey(b64(state.seed)))
    write_secrets(folder / KEYS, Secrets("", b64(sign.seed), b64(seal.private), ""))
    write_secrets(folder / PUBLIC, public)
    return public


def public_keys(folder: Path) -> PublicKeys:
    """The public keys that lie in a folder.

    Raises:
        Malformed: ``keys.public``, none lie there, or they are none.
    """
    try:
        found = msgspec.json.decode((folder / PUBLIC).read_bytes(), type=PublicKeys)
        require_keys(*map(wire.parse_base64, (found.state, found.sign, found.seal)))
    except (OSError, msgspec.DecodeError, Malformed) as error:
        raise Malformed("keys.public", "No public keys lie in {given}: `tansiq keys draw` writes them.",
                        given=str(folder)) from error
    return found


def lay_keys(folder: Path, directory: Path, code: str, *, joining: bool = False) -> bool:
    """Lay the keys for a cell's work from *folder* into the cell of *code*; tells whether both are here.

    Nothing is signed with them until a roster names them. Done again it changes nothing. The cell of a party that is
    *joining* begins with them.

    Raises:
        Malformed: ``keys.online``.
        Unavailable: ``disk``.
    """
    try:
        secrets = msgspec.json.decode((folder / KEYS).read_bytes(), type=Secrets)
        sign = SigningKey.from_seed(wire.parse_base64(secrets.sign))
        SealingKey.from_bytes(wire.parse_base64(secrets.seal))
    except FileNotFoundError:
        return False
    except (OSError, msgspec.DecodeError, Malformed) as error:
        raise Malformed("keys.online", "The keys in {given} cannot be read: `tansiq keys draw` writes them.",
                        given=str(folder)) from error
    cell = cell_directory(directory, code)
    if not joining and not (cell / KEYS).exists():
        return False
    target = cell / f"keys-{wire.sha256(sign.public).hex()[:8]}" if (cell / KEYS).exists() else cell
    if not (target / KEYS).exists():
        write_secrets(target / KEYS, Secrets("", secrets.sign, secrets.seal, ""))
    return True


def read_keyring(directory: Path, code: str) -> Keyring:
    """The keys of a cell: those in its folder, and those that replaced them, which are looked for when they are needed.

    Raises:
        Unavailable: ``disk``.
    """
    folder = cell_directory(directory, code)

    def replaced() -> list[Pairs]:
        found = sorted(folder.glob(f"keys-*/{KEYS}"), key=os.path.getmtime)
        return [Pairs(one.sign, one.seal) for one in (keyring(code, _read(path)) for path in found)]

    first = keyring(code, _read(folder / KEYS))
    return Keyring(code, first.sign, first.seal, replaced)


def _read(path: Path) -> Secrets:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Secrets)
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
