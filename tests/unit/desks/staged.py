"""A whole centre whose clock a test sets: what it says passes through every room, as on any day."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tansiq.acts import Act
from tansiq.cell import founding
from tansiq.cell.registers import ActQuery, ActRow
from tansiq.cell.views import Look
from tansiq.desks import DESKS
from tansiq.errors import TansiqError
from tansiq.run import Centre, open_centre
from tests.faults.making import forge, order, salted

CHARTERS = Path(__file__).parents[3] / "charters"
EVERYONE = ("IQ", "IR", "RU", "SY")


def ms(instant: str) -> int:
    """UTC milliseconds of an instant in ISO 8601."""
    return int(datetime.fromisoformat(instant).timestamp() * 1000)


def text(words: str, lang: str = "en") -> dict[str, str]:
    """Words in a language, as fields take them."""
    return {"lang": lang, "text": words}


def found(directory: Path, at: str, *, charter: str = "baghdad.toml") -> Path:
    """Found a centre a minute before an instant, to be copied."""
    instant = ms(at) - 60_000
    founding.found((CHARTERS / charter).read_text("utf-8"), directory, clock=lambda: instant, desks=DESKS)
    return directory


class Stage:
    """A copy of a centre that was founded before, opened at a time."""

    def __init__(self, founded: Path, directory: Path, at: str) -> None:
        shutil.copytree(founded, directory)
        self._now = ms(at)
        self.centre: Centre = open_centre(directory, DESKS, clock=self.clock)

    def clock(self) -> int:
        """UTC milliseconds; it moves a little each time it is read."""
        self._now += 1
        return self._now

    def move(self, to: str) -> None:
        """Move the clock on to an instant."""
        assert ms(to) >= self._now, "clocks do not run back"
        self._now = ms(to)
        self.centre.run_until_quiet()

    def say(self, code: str, kind: str, /, **fields: Any) -> str:
        """Say an act, and let it arrive everywhere; returns its id."""
        said = self.centre.cells[code].say(kind, fields, officer=f"{code}-director")
        self.centre.run_until_quiet()
        assert not self.centre.faults
        return said

    def refused(self, code: str, kind: str, /, **fields: Any) -> str:
        """The code with which a cell refuses to say an act."""
        with pytest.raises(TansiqError) as caught:
            self.centre.cells[code].say(kind, fields, officer=f"{code}-director")
        return caught.value.code

    def forced(self, code: str, kind: str, /, **fields: Any) -> str | None:
        """What a patched cell says without asking its rule: the code that voids it for the others, or None."""
        act, _ = self.centre.cells[code]._compose(kind, fields, f"{code}-director")
        return self.patched(act).void

    def patched(self, act: Act) -> ActRow:
        """Seal an act as a patched cell would, and give it as every reader's cell has ruled on it."""
        cell = self.centre.cells[act.author]
        desk = cell.catalogue.kind(act.kind).desk
        [index] = order(self.centre, forge(cell, [salted(act, number=desk)], list(act.release), desk=desk))
        found = [row for code in act.release for row in self.rows(code) if row.index == index]
        assert len(found) == len(act.release) and len({row.void for row in found}) == 1, "every reader rules alike"
        return found[0]

    def rows(self, code: str) -> list[ActRow]:
        """All acts that a cell can read, void ones too."""
        return self.centre.cells[code].registers.search(ActQuery(void=None, limit=10_000))

    def look(self, code: str, **params: str) -> Look:
        """What views read at a cell now."""
        return self.centre.cells[code].look(params)

    def view(self, code: str, desk: str, name: str, **params: str) -> Any:
        """What a view of a desk shows at a cell."""
        found = next(one for one in DESKS if one.name == desk).showing
        view = found.view(name) if found is not None else None
        assert view is not None
        made = view.show(self.look(code, **params))
        msgspec.json.encode(made)
        return made

    def panel(self, code: str, act: str) -> Any:
        """Where the thread of an act stands, as a cell shows it."""
        rows = self.centre.cells[code].registers.thread(act)
        found = next(one for one in DESKS if one.name == rows[0].desk).showing
        assert found is not None and found.panel is not None
        return found.panel.show(self.look(code), rows)

    def offers(self, code: str, act: str) -> dict[str, str | None]:
        """What may be said next in a thread, or why not (the message)."""
        rows = self.centre.cells[code].registers.thread(act)
        found = next(one for one in DESKS if one.name == rows[0].desk).showing
        assert found is not None and found.offers is not None
        offers = found.offers(self.look(code), rows)
        return {offer.kind: None if offer.why is None else offer.why.text for offer in offers}

    def needs(self, code: str, desk: str) -> list[str]:
        """What a desk says that a member owes: the messages."""
        found = next(one for one in DESKS if one.name == desk).showing
        assert found is not None and found.needs is not None
        return [need.sentence.text for need in found.needs(self.look(code))]

    def close(self) -> None:
        """Let all files go; every copy of the journal is whole."""
        members = [member.code for member in self.centre.charter.members]
        roots = {self.centre.verify(code, progress=lambda *_: None)["root"] for code in (None, *members)}
        assert len(roots) == 1
        self.centre.stop()
