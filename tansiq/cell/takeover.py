"""Taking over: a new registrar is drawn, promised, and put in force with what the cells hold of the journal.

In a trial all lies in one directory: ``registrar`` is the one in force, ``registrar.next`` the one that was drawn. Each
step can be taken again after any crash: what was done is found done.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from tansiq import wire
from tansiq.cell.founding import JOURNAL, KEYS, RegistrarSecrets, write_secrets
from tansiq.cell.keyring import Keyring
from tansiq.cell.links import Peer
from tansiq.cell.sealing import Place, next_entry
from tansiq.errors import Conflict, Malformed, Refused, Unavailable, Untrusted
from tansiq.journal import Checked, Record, Store, parse_leaf
from tansiq.journal.entry import MANDATE
from tansiq.journal.sqlite import SqliteStore
from tansiq.keys.signing import SigningKey
from tansiq.registrar.mandates import Promised, mandate_doc, require_named, require_promised
from tansiq.registrar.order import Offer, Ordered, Registrar
from tansiq.registrar.state import JournalState
from tansiq.registrar.verifying import require_checkpoint, require_leaf, verified_early

FOLDER = "registrar"
NEXT = "registrar.next"
VERSION = "version"
PAGE = 1_024
Clock = Callable[[], int]


class Drawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A registrar that was drawn: for which version of the mandate, and its public key (base64)."""

    version: int
    key: str


def draw(directory: Path, version: int, *, again: bool = False) -> Drawn:
    """Draw a registrar's key for *version*, or tell which was drawn already; *again* gives that one up.

    Raises:
        Unavailable: ``disk``.
    """
    folder = directory / NEXT
    found = drawn(directory)
    if found is not None and not again:
        return found
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        (folder / VERSION).write_text(str(version), "ascii")
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
    key = SigningKey.generate()
    # The key comes last: a folder without one was not drawn.
    write_secrets(folder / KEYS, RegistrarSecrets(wire.write_base64(key.seed)))
    return Drawn(version, wire.write_base64(key.public))


def drawn(directory: Path) -> Drawn | None:
    """The registrar that was drawn and is not in force yet."""
    try:
        key = read_key(directory / NEXT)
        version = int((directory / NEXT / VERSION).read_text("ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=str(error)) from error
    return Drawn(version, wire.write_base64(key.public))


def read_key(folder: Path) -> SigningKey:
    """The private key of the registrar in *folder*; ``FileNotFoundError`` where there is none."""
    kept = msgspec.json.decode((folder / KEYS).read_bytes(), type=RegistrarSecrets)
    return SigningKey.from_seed(wire.parse_base64(kept.sign))


def open_registrar(folder: Path, clock: Clock) -> Registrar:
    """Open the registrar in *folder*; ``FileNotFoundError`` where there is none.

    Raises:
        Unavailable: the disk.
    """
    key = read_key(folder)
    if not (folder / JOURNAL).is_file():
        raise FileNotFoundError(folder / JOURNAL)
    return Registrar(SqliteStore(folder / JOURNAL), key, clock=clock)


def prepare(directory: Path, promises: Sequence[Promised], peers: Mapping[str, Peer], carrier: Keyring, *,
            clock: Clock) -> None:
    """Make the drawn registrar's journal from the cells', and order its mandate as the first entry.

    *carrier* is the member who signs that entry.

    Raises:
        Refused: ``mandate.drawn``, none was drawn; ``mandate.quorum``, too few promises with checkpoints that can be
            fetched whole.
        Unavailable: the disk.
    """
    found = drawn(directory)
    if found is None:
        raise Refused("mandate.drawn", "No registrar is drawn: draw its key first.")
    key, store = read_key(directory / NEXT), SqliteStore(directory / NEXT / JOURNAL)
    try:
        state = JournalState.load(store)
        if state.size and state.control.registrar == key.public:
            return
        counted, state = _gather(store, promises, peers, (found.version, key.public))
        body = wire.write(mandate_doc(found.version, key.public, counted))
        outcome = Registrar(store, key, clock=clock).offer([_entry(carrier, state, body, clock())])[0]
        if not isinstance(outcome, Ordered):
            raise outcome
    finally:
        store.close()


def mandate_entry(directory: Path) -> tuple[bytes, bytes]:
    """The entry of the mandate of the prepared registrar, and its body."""
    store = SqliteStore(directory / NEXT / JOURNAL)
    try:
        record = store.fetch(store.open_indices()[-1], store.size)[0]
        return parse_leaf(record.leaf).entry.data, record.body
    finally:
        store.close()


def put_in_place(directory: Path) -> None:
    """Put the prepared registrar's folder in the place of the one before, which is kept beside it. Both are closed.

    Raises:
        Unavailable: ``disk``.
    """
    # Each rename is whole or not at all. Stopped between the two, no registrar lies here, and the same call ends it.
    before, now = directory / FOLDER, directory / NEXT
    try:
        if before.is_dir():
            before.rename(directory / f"{FOLDER}.before-{(now / VERSION).read_text('ascii')}")
        now.rename(before)
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error


def _gather(store: Store, promises: Sequence[Promised], peers: Mapping[str, Peer],
            word: tuple[int, bytes]) -> tuple[list[Promised], JournalState]:
    """Copy the journal up to the greatest checkpoint that can be fetched whole, and count the promises that agree."""
    needed: int | str = "?"
    for given in sorted(promises, key=lambda p: p.promise.named, reverse=True):
        for code in sorted(peers, key=lambda code: code != given.code):
            state = _copy(store, peers[code], given, word)
            if state is None:
                continue
            needed = state.control.roster.quorum
            rank = given.promise.named[:2]
            counted = [p for p in promises if p.promise.named[:2] <= rank and _counts(p, state, word)]
            if len(counted) >= needed:
                _keep_settled(store, state, peers[code])
                return counted, state
            break
    raise Refused("mandate.quorum", "A mandate needs the promises of {needed} members, with checkpoints that can be "
                  "fetched whole; there are {given}: {codes}.", needed=needed, given=len(promises),
                  codes=", ".join(sorted(p.code for p in promises)) or "-")


def _copy(store: Store, peer: Peer, given: Promised, word: tuple[int, bytes]) -> JournalState | None:
    """Copy and verify a peer's journal up to what a promise names; None where it is not there, or is another."""
    store.truncate(0)
    state, size = JournalState(store), given.promise.named.size
    while state.size < size:
        try:
            records = peer.fetch(state.size, min(state.size + PAGE, size))
            checked = _replay(state, records)
        except (Malformed, Untrusted, Refused, Conflict, Unavailable):
            return None
        if not checked:
            return None
        store.append(checked)
        state.settle()
    control, named = state.control, given.promise.named
    whole = (control.version, state.root(size)) == (named.mandate, named.root)
    return state if whole and _counts(given, state, word) else None


def _replay(state: JournalState, records: Sequence[Record]) -> list[Checked]:
    leaves = [parse_leaf(record.leaf) for record in records]
    early, checked = verified_early(state, leaves), []
    for leaf, record in zip(leaves, records, strict=True):
        require_leaf(state, leaf)
        state.require(leaf.entry, record.body, leaf.time, signed=leaf.index in early)
        checked.append(state.take(leaf.entry, record.body, leaf.time))
    return checked


def _counts(given: Promised, state: JournalState, word: tuple[int, bytes]) -> bool:
    """Tell whether a promise counts in a mandate that starts where *state* ends."""
    try:
        require_promised(given, state.control.centre, state.control.roster, word)
        require_named(given, state.control.mandates, state.size, state.root)
    except (Refused, Untrusted):
        return False
    return True


def _keep_settled(store: Store, state: JournalState, peer: Peer) -> None:
    """Take along the settled checkpoints: whoever was away is led by them across changes of roster."""
    for head in peer.settled(0):
        if head.size <= state.size:
            require_checkpoint(state.control, head, state.root(head.size))
            store.append((), (head.size, head.note))
            store.keep_cosignatures(head.size, head.cosignatures)


def _entry(carrier: Keyring, state: JournalState, body: bytes, now: int) -> Offer:
    """The mandate's entry, in the carrier's own chain as it stands at the start."""
    author, size = state.authors.get(carrier.code), state.size
    number, prev, sent = (author.number, author.last_id, author.sent) if author else (0, bytes(32), 0)
    place = Place(number + 1, prev, size, state.root(size), max(now, sent))
    return next_entry(carrier, state.control, place, kind=MANDATE, body=body)
