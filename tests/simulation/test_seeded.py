"""Whole centres, played by dice: who speaks, to whom, who is slow, and when everything is closed and opened again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tansiq.cell.registers import ActQuery
from tansiq.run import Centre, found, open_centre

CHARTERS = Path(__file__).parents[2] / "charters"
NAMES = ("baghdad", "maritime")
PAGE = 1_000
TWICE = "intelligence.recalled"
"""The one way in which an honest member's act falls: a second recall, said before the first had come round."""


class Clock:
    """A clock that goes on by itself and that dice push: UTC milliseconds."""

    def __init__(self) -> None:
        self.time = 1_760_000_000_000

    def __call__(self) -> int:
        """Look at the clock."""
        self.time += 3
        return self.time


class Play:
    """One centre under one seed, and what each member must be able to read at the end."""

    def __init__(self, directory: Path, charter: str, seed: int) -> None:
        self.dice = random.Random(seed)
        self.clock = Clock()
        self.directory = directory
        found((CHARTERS / f"{charter}.toml").read_text("utf-8"), directory)
        self.clock.time = 1_900_000_000_000  # after every act of the founding, which read the machine's own clock
        self.centre = self._open()
        self.members = [member.code for member in self.centre.charter.members]
        self.readers: dict[str, frozenset[str]] = {}

    def _open(self) -> Centre:
        centre = open_centre(self.directory, clock=self.clock)
        for cell in centre.cells.values():
            cell.after_say = lambda: None  # what is said waits until the dice let its cell step
        return centre

    def run(self, steps: int) -> None:
        """Let the dice choose *steps* times; then let everything come to rest."""
        ways = (self.say, self.say, self.say_many, self.recall, self.step, self.step, self.step, self.wait, self.cut)
        for _ in range(steps):
            self.dice.choice(ways)()
        self.centre.run_until_quiet()

    def _fields(self, release: list[str]) -> dict[str, Any]:
        words = {"lang": "en", "text": f"Exercise {self.dice.random()}"}
        return {"title": words, "text": words, "occurred_from": self.clock(), "occurred_until": self.clock(),
                "place": None, "place_name": None, "source_reliability": "F", "information_credibility": "6",
                "source": None, "external_id": None, "release": release}

    def _release(self, author: str) -> list[str]:
        return sorted({author, *self.dice.sample(self.members, self.dice.randrange(len(self.members) + 1))})

    def say(self, count: int = 1) -> None:
        """A member says reports for some members."""
        author = self.dice.choice(self.members)
        release = self._release(author)
        items = [("report", self._fields(release)) for _ in range(count)]
        for act in self.centre.cells[author].say_many(items, officer=f"{author}-releaser"):
            self.readers[act] = frozenset(release)

    def say_many(self) -> None:
        """A member says many reports at once."""
        self.say(self.dice.randrange(2, 200))

    def recall(self) -> None:
        """A member recalls a report of its own that it has folded."""
        author = self.dice.choice(self.members)
        cell = self.centre.cells[author]
        own = [row for row in cell.registers.search(ActQuery(author=author, kinds=("report",), limit=50))
               if row.standing == "standing"]
        if own:
            row = self.dice.choice(own)
            fields = {"reason": {"lang": "en", "text": "Exercise."}, "refers": [row.id]}
            self.readers[cell.say("recall", fields, officer=f"{author}-releaser")] = frozenset(row.release)

    def step(self) -> None:
        """One cell alone sends, follows, cosigns and folds."""
        self.centre.cells[self.dice.choice(self.members)].step()

    def wait(self) -> None:
        """Some seconds pass, and never a cell for so long that it is behind the times."""
        self.clock.time += self.dice.randrange(20_000)
        self.centre.step()

    def cut(self) -> None:
        """Everything is closed where it stands, and opened again from the disk."""
        if self.dice.random() < 0.3:
            self.centre.stop()
            self.centre = self._open()

    def shown(self, member: str) -> list[tuple[Any, ...]]:
        """All that a member's registers show, in the order of the journal."""
        registers, rows = self.centre.cells[member].registers, []
        while page := registers.search(ActQuery(void=None, limit=PAGE, offset=len(rows))):
            rows += page
        return sorted((row.index, row.position, row.id, row.standing, row.void, row.thread) for row in rows)


@pytest.fixture(name="plays")
def _plays() -> Iterator[list[Play]]:
    plays: list[Play] = []
    yield plays
    for play in plays:
        play.centre.stop()


def _check(play: Play) -> None:
    """Nothing said is lost, everyone reads just what was released to it, journals hold, registers can be made again."""
    status = play.centre.status()
    assert status["settled"] == status["size"] and not play.centre.faults
    for member in play.members:
        cell = play.centre.cells[member]
        before = play.shown(member)
        assert {row[2] for row in before} == {act for act, readers in play.readers.items() if member in readers}
        assert {row[4] for row in before} <= {None, TWICE}
        play.centre.verify(member, progress=lambda done, total: None)
        cell.rebuild(lambda done, total: None)
        assert play.shown(member) == before
        assert {cell.receipt(act).state for act, readers in play.readers.items() if member in readers} <= {"settled"}
    play.centre.verify(None, progress=lambda done, total: None)


@pytest.mark.parametrize("charter", NAMES)
@pytest.mark.parametrize("seed", range(2))
def test_a_centre_played_by_dice_keeps_its_promises(plays: list[Play], tmp_path: Path, charter: str, seed: int) -> None:
    """Under every interleaving and every cut: nothing lost, nothing shown to others, rebuilt equals live."""
    play = Play(tmp_path, charter, seed)
    plays.append(play)
    play.run(60)
    assert len(play.readers) > 20
    _check(play)


@pytest.mark.soak
@pytest.mark.parametrize("charter", NAMES)
@pytest.mark.parametrize("seed", range(100, 125))
def test_many_centres_played_for_long_keep_their_promises(plays: list[Play], tmp_path: Path, charter: str,
                                                          seed: int) -> None:
    """The same for many seeds and many more steps."""
    play = Play(tmp_path, charter, seed)
    plays.append(play)
    play.run(800)
    _check(play)
