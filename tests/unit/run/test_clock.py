"""The clock of a trial runs on as real time does, is kept, and never goes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tansiq.errors import Malformed, Refused
from tansiq.run.clock import CLOCK, TrialClock, now
from tansiq.run.demonstration import SAID, Said, read_steps

AUTUMN_2015 = 1_443_254_400_000


def test_a_trial_without_a_clock_has_this_machines_time(tmp_path: Path) -> None:
    """Nothing is written until somebody sets it."""
    assert abs(TrialClock(tmp_path)() - now()) < 1_000
    assert not (tmp_path / CLOCK).exists()


def test_a_clock_is_begun_once_and_kept(tmp_path: Path) -> None:
    """It stands at its story's time after a restart, and cannot be begun again."""
    TrialClock(tmp_path).begin(AUTUMN_2015)
    again = TrialClock(tmp_path)
    assert 0 <= again() - AUTUMN_2015 < 60_000
    with pytest.raises(Refused, match="clock already"):
        again.begin(AUTUMN_2015 + 1)


def test_a_clock_only_goes_forward(tmp_path: Path) -> None:
    """An instant that has passed moves nothing; a later one moves it, durably."""
    clock = TrialClock(tmp_path)
    clock.begin(AUTUMN_2015)
    clock.advance(AUTUMN_2015 + 3_600_000)
    clock.advance(AUTUMN_2015)
    for one in (clock, TrialClock(tmp_path)):
        assert 3_600_000 <= one() - AUTUMN_2015 < 3_660_000


def test_a_clock_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A file that is no clock is named as what it is; nothing is guessed."""
    (tmp_path / CLOCK).write_text('{"ahead":1}')
    with pytest.raises(Malformed, match="clock of this trial"):
        TrialClock(tmp_path)


def test_a_story_goes_on_where_it_was_broken_off(tmp_path: Path) -> None:
    """Steps that were said are known after a restart with the ids of their acts; a broken file is named."""
    Said(tmp_path).keep("first", "ab" * 32)
    Said(tmp_path).keep("second", "cd" * 32)
    assert Said(tmp_path).ids == {"first": "ab" * 32, "second": "cd" * 32}
    (tmp_path / SAID).write_text("[]")
    with pytest.raises(Malformed, match=SAID):
        Said(tmp_path)


def test_steps_are_sorted_by_their_time(tmp_path: Path) -> None:
    """Steps of several files meet in the order of the story; one without a time follows the one before it."""
    step = '{{"cell":"A","kind":"k","name":"{name}","fields":{{}}{at}}}'
    later, sooner = ',"at":"2015-10-07T09:00:00Z"', ',"at":"2015-10-06T09:00:00Z"'
    (tmp_path / "10-first.json").write_text(
        f"[{step.format(name='late', at=later)},{step.format(name='after', at='')}]")
    (tmp_path / "20-second.json").write_text(f"[{step.format(name='soon', at=sooner)}]")
    assert [one.name for one in read_steps(tmp_path)] == ["soon", "late", "after"]
    (tmp_path / "30-third.json").write_text('[{"cell":"A"}]')
    with pytest.raises(Malformed, match="30-third"):
        read_steps(tmp_path)
