"""Cells as on machines of their own: every call between them passes as bytes, and each has a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from tansiq.cell import founding, takeover
from tansiq.cell.links import Link, Peer
from tansiq.cell.links.local import LocalLink
from tansiq.cell.node import Cell
from tansiq.errors import FAMILIES, TansiqError
from tansiq.journal.sqlite import SqliteStore
from tansiq.registrar.order import Offer, Ordered, Outcome
from tests.faults import making

_FAMILY = {family.family: family for family in FAMILIES}


class Failure(msgspec.Struct):
    """A failure as it passes between machines."""

    family: str
    code: str
    sentence: str
    fields: dict[str, str | int | None]

    @classmethod
    def of(cls, error: TansiqError) -> Failure:
        """Take a failure apart."""
        return cls(error.family, error.code, error.sentence,
                   {name: value if isinstance(value, (str, int)) else str(value)
                    for name, value in error.fields.items()})

    @property
    def error(self) -> TansiqError:
        """The failure, made anew."""
        return _FAMILY[self.family](self.code, self.sentence, **self.fields)


def _passed(value: Any, type_: Any) -> Any:
    """What arrives at the other end: made of bytes, no object of the one who sent it."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=type_)


class Across:
    """One end of a link or of a peer, whose other end is somewhere else."""

    def __init__(self, inner: Any, contract: type[Link | Peer]) -> None:
        self._inner = inner
        self._contract = contract
        self.calls = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """A method of the contract, called across."""
        hints = get_type_hints(getattr(self._contract, name), localns={"Outcome": Outcome})
        given = [hint for word, hint in hints.items() if word != "return"]

        def call(*args: Any) -> Any:
            self.calls += 1
            there = [_passed(arg, hint) for arg, hint in zip(args, given, strict=True)]
            try:
                answer = getattr(self._inner, name)(*there)
            except TansiqError as error:
                raise _passed(Failure.of(error), Failure).error from None
            if name == "offer":
                return [_outcome(one) for one in answer]
            return _passed(answer, hints["return"])

        return call

    def offer(self, offers: Sequence[Offer]) -> list[Outcome]:
        """Have entries ordered."""
        answers: list[Outcome] = self.__getattr__("offer")(offers)
        return answers


def _outcome(one: Outcome) -> Outcome:
    if isinstance(one, Ordered):
        return Ordered(*_passed(tuple(one), tuple[int, int]))
    error: TansiqError = _passed(Failure.of(one), Failure).error
    return error


class Apart:
    """A registrar and cells of a founded directory that share nothing but what passes between them."""

    def __init__(self, directory: Path, ahead_ms: Mapping[str, int], *, later_ms: int = 0) -> None:
        """*ahead_ms* says by how much each clock, also the ``registrar``'s, is ahead of the true time."""
        self.clocks = {code: making.Clock(1_760_000_060_000 + later_ms + ms) for code, ms in ahead_ms.items()}
        self.registrar = takeover.open_registrar(directory / takeover.FOLDER, self.clocks["registrar"])
        charter = founding.charter_of(directory)
        self.members = [member.code for member in charter.members]
        self.links: dict[str, Across] = {}
        self.cells: dict[str, Cell] = {}
        for code in [party.code for party in charter.parties]:
            folder = founding.cell_directory(directory, code)
            secrets = msgspec.json.decode((folder / founding.KEYS).read_bytes(), type=founding.Secrets)
            store = SqliteStore(folder / founding.JOURNAL) if code in self.members else None
            link: Any = Across(LocalLink(self.registrar), Link)
            self.links[code] = link
            self.cells[code] = Cell(folder, founding.keyring(code, secrets), link, making.ALL_DESKS, store=store,
                                    clock=self.clocks[code])
        for code, cell in self.cells.items():
            peers: dict[str, Any] = {other: Across(one.as_peer, Peer) for other, one in self.cells.items()
                                     if other != code and one.as_peer is not None}
            cell.peers = peers

    def run(self) -> None:
        """Step all, each by itself, until nothing moves."""
        for _ in range(1_000):
            if not any([cell.step() for cell in self.cells.values()]):
                return
        raise AssertionError("it does not come to rest")

    def pass_time(self, ms: int) -> None:
        """Let time pass, everywhere alike."""
        for clock in self.clocks.values():
            clock.now += ms

    def stop(self) -> None:
        """Let all files go."""
        for cell in self.cells.values():
            cell.close()
        self.registrar.store.close()
