"""A centre under random acts, random order of steps and links that fail: all cells come to the same, once."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tansiq.errors import Malformed, TansiqError, Unavailable
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import copied, quiet, set_link

REASON = {"reason": {"lang": "en", "text": "Seen again"}}


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy."""
    return making.found(tmp_path_factory.mktemp("simulation"))


class FlakyLink:
    """A link that is away at random: before a call reaches the registrar, or after it did its work."""

    def __init__(self, inner: Any, chance: random.Random) -> None:
        self._inner = inner
        self._chance = chance
        self.failing = True

    def __getattr__(self, name: str) -> Any:
        true = getattr(self._inner, name)

        def call(*given: Any) -> Any:
            drawn = self._chance.random() if self.failing else 1.0
            if drawn < 0.15:
                raise Unavailable("link.away", "The registrar does not answer.")
            answer = true(*given)
            if drawn < 0.3:
                raise Unavailable("link.away", "The registrar does not answer.")
            return answer
        return call


class Simulation:
    """One run: everything it does follows from its seed."""

    def __init__(self, centre: Centre, seed: int) -> None:
        self.centre = quiet(centre)
        self.chance = random.Random(seed)
        self.codes = making.members(centre)
        self.links = {code: FlakyLink(centre.cells[code].speaker.link, self.chance) for code in self.codes}
        for code, link in self.links.items():
            set_link(centre.cells[code], link)
        self.released: dict[str, frozenset[str]] = {}
        self.words: dict[str, str] = {}
        self.reports: dict[str, list[str]] = {code: [] for code in self.codes}

    def say(self, n: int) -> None:
        """A random member reports, or corrects or recalls one of its reports that it can read."""
        code = self.chance.choice(self.codes)
        cell, mine = self.centre.cells[code], self.reports[code]
        words = f"simulated{n:05}words"
        fields: dict[str, Any] = making.report(words, release=self.chance.sample(self.codes, self.chance.randint(0, 4)))
        kind, readable = "report", [act for act in mine if cell.registers.act(act)]
        if readable and self.chance.random() < 0.35:
            kind = self.chance.choice(["correction", "correction", "recall"])
            fields = {k: v for k, v in fields.items() if k not in ("release", "external_id")}
            fields = (fields if kind == "correction" else {}) | REASON | {"refers": [self.chance.choice(readable)]}
        try:
            act = cell.say(kind, fields, officer=f"{code}-releaser")
        except TansiqError as error:
            assert error.code == "intelligence.recalled", error
            return
        if kind == "report":
            mine.append(act)
            self.released[act] = frozenset({*fields["release"], code})
            self.words[act] = words
        else:
            self.released[act] = self.released[fields["refers"][0]]

    def step(self) -> None:
        """One random cell steps; its link may be away."""
        try:
            self.centre.cells[self.chance.choice(self.codes)].step()
        except Unavailable as error:
            assert error.code == "link.away"

    def run(self, acts: int) -> None:
        """Say and step in random order, then let all links answer and come to rest."""
        for n in range(acts):
            self.say(n)
            for _ in range(self.chance.randint(0, 3)):
                self.step()
        for link in self.links.values():
            link.failing = False
        self.centre.run_until_quiet()

    def require_equal(self) -> None:
        """Every act is settled once, readable in its release alone, and alike in all its readers."""
        making.require_whole(self.centre)
        seen = {code: {row.id: row for row in making.rows(self.centre.cells[code])} for code in self.codes}
        for code in self.codes:
            assert set(seen[code]) == {act for act, release in self.released.items() if code in release}
            assert len(making.rows(self.centre.cells[code])) == len(seen[code])
        for act, release in self.released.items():
            assert len({(r := seen[code][act]).standing + str(r.void) + r.reference for code in release}) == 1
            assert {self.centre.cells[code].receipt(act).state for code in release} == {"settled"}

    def require_sealed(self) -> None:
        """The words of a report are in no register or journal of a cell outside its release."""
        for code in self.codes:
            folder = self.centre.directory / "cells" / code
            data = b"".join(path.read_bytes() for path in sorted(folder.glob("*.db*")))
            for act, words in self.words.items():
                if code not in self.released[act]:
                    assert words.encode() not in data, (code, words)
        registrar = b"".join(path.read_bytes() for path in (self.centre.directory / "registrar").glob("*.db*"))
        assert b"simulated" not in registrar


def _simulate(founded: Path, tmp_path: Path, seed: int, acts: int) -> None:
    centre = copied(founded, tmp_path)
    run = Simulation(centre, seed)
    run.run(acts)
    run.require_equal()
    run.require_sealed()
    before = {code: making.rows(centre.cells[code]) for code in run.codes}
    for code in run.codes:
        centre.rebuild(code, progress=lambda *_: None)
    assert {code: making.rows(centre.cells[code]) for code in run.codes} == before
    centre.stop()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cells_agree_whatever_happens_between_them(founded: Path, tmp_path: Path, seed: int) -> None:
    """After random acts over failing links all cells hold the same, once, and nothing outside its release."""
    _simulate(founded, tmp_path, seed, 60)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 120))
def test_cells_agree_in_the_long_run(founded: Path, tmp_path: Path, seed: int) -> None:
    """The same with many more acts."""
    _simulate(founded, tmp_path, seed, 1_500)


def test_a_cell_whose_clock_is_wrong_waits(founded: Path, tmp_path: Path) -> None:
    """While a cell's clock is far off its acts wait; they are ordered once when the clock is right again."""
    centre = quiet(copied(founded, tmp_path))
    cell = centre.cells["IQ"]
    right = cell.speaker._clock
    cell.speaker._clock = lambda: right() + 3_600_000
    act = making.say(cell, "Early", release=("RU",))
    assert False in [centre.step() for _ in range(9)], "it turns in circles"
    theirs = making.say(centre.cells["SY"], "Others go on", release=("IQ",))
    centre.run_until_quiet()
    assert cell.receipt(act).state == "outbox" and cell.receipt(theirs).state == "settled"
    assert "clocks" in centre.status()["cells"]["IQ"]["fault"] and "fault" not in centre.status()["cells"]["SY"]
    with pytest.raises(Malformed):
        cell.say("nothing", {}, officer="IQ-releaser")
    cell.speaker._clock = right
    centre.run_until_quiet()
    assert centre.cells["RU"].receipt(act).state == "settled"
    assert "fault" not in centre.status()["cells"]["IQ"]
    making.require_whole(centre)
    centre.stop()
