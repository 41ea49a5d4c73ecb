"""What the tests of bad input share: a centre founded once and copied, stores and links that fail, forged entries."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tansiq import wire
from tansiq.acts import Act, SaltedAct, commitment, seal_body, write_plain
from tansiq.cell import founding
from tansiq.cell.node import Cell
from tansiq.cell.registers import ActQuery, ActRow
from tansiq.cell.sealing import next_entry
from tansiq.desks import DESKS
from tansiq.errors import Unavailable
from tansiq.journal import Checked, Entry, parse_entry, write_signed
from tansiq.journal.entry import ENTRY_DOMAIN
from tansiq.keys.slots import slot
from tansiq.registrar.order import Offer, Ordered
from tansiq.run import Centre, open_centre
from tests.trial_desk import DESK as TRIAL

CHARTERS = Path(__file__).parents[2] / "charters"
ALL_DESKS = (*DESKS, TRIAL)
SALT = bytes(31)
DECOY = bytes(48)


class Clock:
    """A clock that moves 5 ms each time it is read."""

    def __init__(self, now: int = 1_760_000_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        """UTC milliseconds."""
        self.now += 5
        return self.now


def found(directory: Path, charter: str = "baghdad") -> Path:
    """Found a centre to copy."""
    directory.mkdir(parents=True, exist_ok=True)
    text = (CHARTERS / f"{charter}.toml").read_text("utf-8")
    founding.found(text, directory, clock=Clock(), desks=ALL_DESKS)
    return directory


def opened(directory: Path, *, later_ms: int = 0) -> Centre:
    """Open a centre some time after it was founded; *later_ms* after that where it was open before."""
    return open_centre(directory, ALL_DESKS, clock=Clock(1_760_000_060_000 + later_ms))


def copied(founded: Path, directory: Path) -> Centre:
    """Open a copy of a centre."""
    shutil.copytree(founded, directory / "centre")
    return opened(directory / "centre")


def quiet(centre: Centre) -> Centre:
    """Let acts wait in the outbox until the test steps."""
    for cell in centre.cells.values():
        cell.after_say = lambda: None
    return centre


def report(title: str = "Road open", *, release: Sequence[str] = (), **other: Any) -> dict[str, Any]:
    """Fields of a report."""
    return {"title": {"lang": "en", "text": title}, "text": {"lang": "en", "text": f"{title}, as seen"},
            "occurred_from": 1_444_200_000_000, "occurred_until": 1_444_200_000_000,
            "place": {"lat": 344_830_000, "lon": 419_170_000, "accuracy_m": None}, "place_name": "Al Qaim",
            "source_reliability": "B", "information_credibility": "2", "external_id": None, "source": None,
            "release": list(release), **other}


def say(cell: Cell, title: str = "Road open", *, release: Sequence[str] = ()) -> str:
    """Say a report."""
    return cell.say("report", report(title, release=release), officer=f"{cell.code}-releaser")


def composed(cell: Cell, title: str = "Road open", *, release: Sequence[str] = (), **changed: Any) -> Act:
    """A report's act as the cell would say it, with some of its head replaced."""
    act, _ = cell._compose("report", report(title, release=release), f"{cell.code}-releaser")
    return msgspec.structs.replace(act, **changed)


def salted(act: Act, *, number: int = 1, salt: int = 0) -> SaltedAct:
    """An act with its salt, unchecked: a patched author writes what it likes."""
    return SaltedAct.of(SALT + bytes([salt]), wire.write(act), act, number)


def forge(cell: Cell, acts: Sequence[SaltedAct], readers: Sequence[str], *, desk: int = 1,
          commit: bytes | None = None, plain: bytes | None = None, key: bytes = bytes(32)) -> Offer:
    """Seal and sign as a patched author would: nothing is checked, any part may be another."""
    cell.follower.follow()
    control, place = cell.follower.state.control, cell.speaker._place()
    plain = write_plain(list(acts)) if plain is None else plain
    body = seal_body(plain, key, centre=control.centre, author=cell.code, number=place.number)
    parts = []
    for member in control.roster.members:
        made = control.in_force(cell.code, member.code, place.seen_size)
        month = wire.month_of(place.sent)
        secret = made and cell.keyring.secret(control.centre, made, (cell.code, member.code), (month, desk))
        told = member.code in readers and secret
        parts.append(slot(secret, place.number, wire.sha256(body), bytes(32)) if told and secret else DECOY)
    given = commitment(list(acts)) if commit is None else commit
    return next_entry(cell.keyring, control, place, kind=0, body=body, commit=given, slots=b"".join(parts))


def altered(cell: Cell, offer: Offer, *, body: bytes | None = None, **fields: Any) -> Offer:
    """The same entry with fields replaced, signed again by its author; an entry of another body names that body."""
    entry = parse_entry(offer.entry)
    if body is not None:
        fields |= {"body_size": len(body), "body_hash": wire.sha256(body)}
    signed = write_signed(entry._replace(**fields))
    return Offer(signed + cell.keyring.sign.sign(ENTRY_DOMAIN + signed), offer.body if body is None else body)


def parsed(offer: Offer) -> Entry:
    """The entry of an offer."""
    return parse_entry(offer.entry)


def order(centre: Centre, *offers: Offer) -> list[int]:
    """Have offers ordered, let all cells follow, and give their indices."""
    outcomes = centre.registrar.offer(offers)
    indices = [outcome.index for outcome in outcomes if isinstance(outcome, Ordered)]
    assert len(indices) == len(offers), outcomes
    centre.run_until_quiet()
    assert centre.faults == {}
    return indices


def members(centre: Centre) -> list[str]:
    """Codes of the members, in the charter's order."""
    return [member.code for member in centre.charter.members]


def rows(cell: Cell) -> list[ActRow]:
    """All acts that a cell can read, void ones too."""
    return [*cell.registers.search(ActQuery(limit=10_000)), *cell.registers.search(ActQuery(limit=10_000, void=True))]


def titles(cell: Cell) -> list[str]:
    """Titles of the acts that a cell can read, sorted."""
    return sorted(row.title for row in rows(cell))


def require_whole(centre: Centre) -> None:
    """Hold that every copy verifies from its first entry and that all roots are one."""
    assert centre.faults == {}
    roots = {centre.verify(code, progress=lambda *_: None)["root"] for code in (None, *members(centre))}
    assert len(roots) == 1
    assert {centre.cells[code].registers.latest() for code in members(centre)} == {centre.registrar.store.size}


class FailingStore:
    """A store whose next write fails: ``before`` it is kept, or ``after`` it was kept and is reported as failed."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.fail: str | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def append(self, batch: Sequence[Checked], checkpoint: tuple[int, bytes] | None = None) -> None:
        """Append, or fail."""
        how, self.fail = self.fail, None
        if how == "before":
            raise Unavailable("storage", "The disk does not take the journal: {why}.", why="trial")
        self.inner.append(batch, checkpoint)
        if how == "after":
            raise Unavailable("storage", "The disk does not take the journal: {why}.", why="trial")


class WrappedLink:
    """A link that lies: a test replaces what it wants by name."""

    def __init__(self, inner: Any, lies: Mapping[str, Any]) -> None:
        self.inner = inner
        self.lies = dict(lies)

    def __getattr__(self, name: str) -> Any:
        return self.lies.get(name) or getattr(self.inner, name)


def set_link(cell: Cell, link: Any) -> None:
    """Let a cell reach the registrar through another link."""
    cell.speaker.link = cell.follower._link = link
