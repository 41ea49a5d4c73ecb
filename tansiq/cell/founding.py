"""Founding a centre for trial and tests: all keys in one directory, the charter signed, everyone introduced."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from tansiq import wire
from tansiq.cell.desk import Desk
from tansiq.cell.keyring import Keyring
from tansiq.cell.links.local import LocalLink
from tansiq.cell.node import Cell
from tansiq.cell.sealing import Place, next_entry
from tansiq.charter import Charter, parse_charter
from tansiq.errors import Conflict, Refused, TansiqError, Unavailable
from tansiq.journal import entry as kinds
from tansiq.journal import parse_leaf
from tansiq.journal.sqlite import SqliteStore
from tansiq.keys.introductions import build_introduction
from tansiq.keys.sealing import SealingKey
from tansiq.keys.signing import SigningKey
from tansiq.registrar import documents
from tansiq.registrar.control import ENTRY_ZERO_SEEN, Control
from tansiq.registrar.order import Registrar

Clock = Callable[[], int]
KEYS = "keys.json"
JOURNAL = "journal.db"


class Secrets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A party's private keys as they lie in its folder (base64).

    The state key belongs offline: it lies here only in a trial, and is empty otherwise. ``introduction`` is the secret
    of the first introduction; a cell that comes later draws its own.
    """

    state: str
    sign: str
    seal: str
    introduction: str


class RegistrarSecrets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The registrar's private key."""

    sign: str


def charter_of(directory: Path) -> Charter:
    """The newest charter that a directory holds, at the registrar or at any cell: who has a cell here follows from it.

    Raises:
        Refused: ``centre.absent``, nothing is founded there.
        Unavailable: ``storage``.
    """
    best: tuple[int, bytes] | None = None
    for path in (directory / "registrar" / JOURNAL, *sorted(directory.glob(f"cells/*/{JOURNAL}"))):
        if path.is_file():
            best = max(_newest_charter(path), best, key=lambda found: -1 if found is None else found[0])
    if best is None:
        raise Refused("centre.absent", "No centre is founded in {given}.", given=str(directory), field="data")
    return parse_charter(wire.parse(best[1], documents.SignedCharter).doc.charter)


def _newest_charter(path: Path) -> tuple[int, bytes] | None:
    store = SqliteStore(path)
    try:
        for index in reversed(store.open_indices()):
            record = store.fetch(index, index + 1)[0]
            if parse_leaf(record.leaf).entry.kind == kinds.CHARTER:
                return index, record.body
        return None
    finally:
        store.close()


def cell_directory(directory: Path, code: str) -> Path:
    """Where a cell's files lie."""
    return directory / "cells" / code


def write_secrets(path: Path, secrets: msgspec.Struct) -> None:
    """Write private keys, readable by their owner alone; an existing file is never overwritten.

    Raises:
        Conflict: ``founded``.
        Unavailable: ``disk``.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(secrets))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise Conflict("founded", "A centre is founded in {given} already.", given=str(path.parent)) from error
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error


def draw(path: Path) -> tuple[Secrets, documents.PublicKeys]:
    """Draw all keys of a party and keep them."""
    state, sign, seal = SigningKey.generate(), SigningKey.generate(), SealingKey.generate()
    b64 = wire.write_base64
    secrets = Secrets(b64(state.seed), b64(sign.seed), b64(seal.private), b64(os.urandom(32)))
    write_secrets(path, secrets)
    return secrets, documents.PublicKeys(state=b64(state.public), sign=b64(sign.public), seal=b64(seal.public))


def keyring(code: str, secrets: Secrets) -> Keyring:
    """The online keys of a cell."""
    return Keyring(code, SigningKey.from_seed(wire.parse_base64(secrets.sign)),
                   SealingKey.from_bytes(wire.parse_base64(secrets.seal)))


def found(charter_text: str, directory: Path, *, clock: Clock, desks: Sequence[Desk]) -> None:
    """Found a centre: charter, introductions, acceptances; every cell follows to the end.

    Raises:
        Malformed: the charter, with its place.
        Conflict: ``founded``, there is a centre in this directory.
    """
    charter = parse_charter(charter_text)
    registrar_key = SigningKey.generate()
    write_secrets(directory / "registrar" / KEYS, RegistrarSecrets(wire.write_base64(registrar_key.seed)))
    codes = [m.code for m in charter.members] + [p.code for p in charter.partners]
    drawn = {code: draw(cell_directory(directory, code) / KEYS) for code in codes}
    registrar = Registrar(SqliteStore(directory / "registrar" / JOURNAL), registrar_key, clock=clock)
    secrets = {code: kept for code, (kept, _) in drawn.items()}
    _sign_charter(charter, registrar, {code: public for code, (_, public) in drawn.items()}, secrets, clock)
    link = LocalLink(registrar)
    cells = []
    for code in codes:
        folder = cell_directory(directory, code)
        store = SqliteStore(folder / JOURNAL) if code in [m.code for m in charter.members] else None
        cells.append(Cell(folder, keyring(code, secrets[code]), link, desks, store=store, clock=clock))
    _introduce(cells, registrar, secrets, clock)
    for cell in cells:
        cell.step()
        cell.close()
    registrar.store.close()


def _sign_charter(charter: Charter, registrar: Registrar, public: dict[str, documents.PublicKeys],
                  secrets: dict[str, Secrets], clock: Clock) -> None:
    """Entry 0: the charter, signed by the state key of every member."""
    key = registrar.public
    doc = documents.CharterDoc(roster=0, charter=charter.text, keys=public, registrar=wire.write_base64(key))
    states = {m.code: SigningKey.from_seed(wire.parse_base64(secrets[m.code].state)) for m in charter.members}
    signatures = documents.sign_state(states, bytes(32), kinds.CHARTER, doc)
    body = wire.write(documents.SignedCharter(doc=doc, signatures=signatures))
    first = charter.members[0].code
    place = Place(1, bytes(32), 0, ENTRY_ZERO_SEEN, clock())
    offer = next_entry(keyring(first, secrets[first]), Control(), place, kind=kinds.CHARTER, body=body)
    outcome = registrar.offer([offer])[0]
    if isinstance(outcome, TansiqError):
        raise outcome


def _introduce(cells: Sequence[Cell], registrar: Registrar, secrets: dict[str, Secrets], clock: Clock) -> None:
    """Every member introduces itself to every party; every member opens, checks and accepts."""
    control = registrar.state.control
    roster = control.roster
    sealing = {p.code: p.seal for p in (*roster.members, *roster.partners)}
    first = wire.month_of(clock())
    for cell in cells:
        secret = wire.parse_base64(secrets[cell.code].introduction)
        cell.say_open(kinds.INTRODUCTION, build_introduction(control.centre, secret, author=cell.code, first=first,
                                                             sealing=_spoken_to(control, cell.code, sealing)))
    for cell in cells:
        cell.follower.follow()
        made = [one for one in cell.follower.state.control.introductions.values() if one.body.pair(cell.code)]
        for one in made:
            cell.keyring.seed(control.centre, one, one.author, cell.code)
        named = tuple(documents.IntroductionRef(author=one.author, number=one.number) for one in made)
        cell.say_open(kinds.ACCEPT, documents.AcceptBody(introductions=named))


def _spoken_to(control: Control, code: str, sealing: dict[str, bytes]) -> dict[str, bytes]:
    """Whom a party introduces itself to: everyone; but partners not to one another."""
    partners = {p.code for p in control.roster.partners} - {code}
    return {c: k for c, k in sealing.items() if c not in partners} if code in {
        p.code for p in control.roster.partners} else sealing
