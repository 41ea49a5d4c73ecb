"""Decisions on mandates: which version and key a member may name, by what every cell sees alike and by nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq import wire
from tansiq.acts import Text
from tansiq.cell.answering import answer_for, owed
from tansiq.cell.desk import Common, Said, Thread, require_common
from tansiq.cell.moment import Made, Mandates
from tansiq.charter import Charter, parse_charter
from tansiq.desks.chair import DESK, Mandate
from tansiq.errors import Malformed, Refused, TansiqError
from tests.unit.registers.making import HEAD, OCTOBER_7

ALL = ("IQ", "IR", "RU", "SY")
KEYS = tuple(b"\x01" + bytes([n]) * 32 for n in range(3))
NAMES = tuple(wire.write_base64(key) for key in KEYS)
TEXT = (Path(__file__).parents[3] / "charters" / "baghdad.toml").read_text("utf-8")
FREE, ASKING = parse_charter(TEXT), parse_charter(TEXT + '\n[officers]\nassertion = ["mandate"]\n')
VERSIONS = st.integers(1, 6)
HISTORIES = st.dictionaries(st.integers(2, 6), st.sampled_from(KEYS)).map(lambda made: {1: KEYS[0], **made})
WORDS = st.lists(st.tuples(st.sampled_from(ALL), VERSIONS, st.integers(0, 2), st.booleans()), max_size=12)


def mandate(**changes: Any) -> Mandate:
    """Iraq's director decides on mandate 2 by the first key; *changes* replace fields."""
    fields: dict[str, Any] = {**HEAD, "kind": "mandate", "release": ALL, "officer": "IQ-director", "mandate": 2,
                              "key": NAMES[0], "note": None}
    return Mandate(**{**fields, **changes})


class Room:
    """The register of the desk alone: what is admitted is folded, as a cell does."""

    def __init__(self, made: dict[int, bytes], charter: Charter = FREE) -> None:
        self.made, self.charter = made, charter
        self._db = apsw.Connection(":memory:")
        self._db.execute(DESK.schema)
        self._index = 10

    def ask(self, desk: str, name: str, **args: Any) -> Any:
        """A question that rules may ask."""
        assert desk == "chair"
        return DESK.common[name](self._db, **args)

    def rule(self, act: Mandate, **more: Any) -> str | None:
        """The code that voids an act, or None."""
        try:
            DESK.rule(act, Thread(()), Common(OCTOBER_7, self._index, ask=self.ask, mandates=self.made, **more),
                      self.charter)
        except TansiqError as error:
            return error.code
        return None

    def entry(self, *acts: Mandate) -> list[str | None]:
        """Seal acts together: all are ruled on what lies below their entry, then folded."""
        codes = [self.rule(act) for act in acts]
        for position, (act, code) in enumerate(zip(acts, codes, strict=True)):
            said = Said(f"{self._index:062x}{position:02x}", self._index, position, OCTOBER_7, act, code)
            digest = DESK.digest(said, Thread(()), Common(OCTOBER_7, self._index), self.charter)  # type: ignore[misc]
            if code is None and DESK.fold is not None:
                DESK.fold(self._db, Said(said.id, said.index, position, OCTOBER_7, act, None, digest=digest))
        self._index += 1
        return codes

    def answers(self) -> list[Any]:
        """The acts that name promises."""
        return list(DESK.queries["promise_answers"](self._db))


@given(HISTORIES, WORDS)
def test_one_key_a_version_whatever_is_said(made: dict[int, bytes], words: list[tuple[str, int, int, bool]]) -> None:
    """Whatever members say, alone or two in an envelope: a version that came into force is named by its key alone, one
    that was passed over by none, any other by each member's first key."""
    room, named = Room(made), dict[tuple[str, int], int]()
    while words:
        together, words = (words[:2], words[2:]) if words[0][3] else (words[:1], words[1:])
        below = dict(named)
        codes = room.entry(*(mandate(author=member, mandate=version, key=NAMES[key])
                             for member, version, key, _ in together))
        for (member, version, key, _), code in zip(together, codes, strict=True):
            due = version > 1 and (made[version] == KEYS[key] if version in made else version > max(made))
            due = due and below.get((member, version), key) == key
            assert (code is None) == due
            if due:
                named.setdefault((member, version), key)
    found = room.answers()
    assert {(one.member, one.version, one.key) for one in found} == {(*who, KEYS[key]) for who, key in named.items()}
    for member, version in named:
        first = next(one for one in found if (one.member, one.version) == (member, version))
        assert answer_for(found, member, version) == first


@pytest.mark.parametrize(("changes", "code"), [
    ({"mandate": 1}, "chair.mandate"), ({"mandate": -2}, "chair.mandate"), ({"mandate": 2**31}, "chair.mandate"),
    ({"key": ""}, "chair.key"), ({"key": "AA=="}, "chair.key"), ({"key": NAMES[0] + "="}, "chair.key"),
    ({"key": wire.write_base64(b"\x07" + bytes(32))}, "chair.key"),
    ({"note": Text(lang="en", text=" ")}, "text.empty"),
    ({"refers": ("0" * 64,)}, "chair.thread"),
    ({"mandate": 2**31 - 1}, None), ({"mandate": 3, "note": Text(lang="ar", text="بعد المشاورة")}, None),
])
def test_what_no_promise_could_name_is_refused(changes: dict[str, Any], code: str | None) -> None:
    """A version below 2 or too great, bytes that are no registrar's key, words that are none; it begins a
    thread."""
    assert Room({1: KEYS[0]}).rule(mandate(**changes)) == code


def test_it_is_said_to_all_members() -> None:
    """Released to some, it is refused: cells would rule apart."""
    with pytest.raises(Refused) as told:
        require_common(DESK.form("mandate"), mandate(release=("IQ", "RU")), FREE)
    assert told.value.code == "act.common"


def test_what_the_speaker_promised_is_held_while_it_speaks_and_never_in_the_journal() -> None:
    """A cell refuses to say another key than it promised; in the journal nobody knows its promises, nor asks."""
    room = Room({1: KEYS[0]})
    assert room.rule(mandate(), promised=lambda: {2: KEYS[1]}) == "chair.mandate.promised"
    assert room.rule(mandate(), promised=lambda: {2: KEYS[0], 3: KEYS[1]}) is None
    assert room.rule(mandate()) is None


def test_the_same_key_is_said_again_once_the_charter_asks_for_a_signature() -> None:
    """What was said before the charter asked proves nothing; said again it does, and answers from then on."""
    room = Room({1: KEYS[0]})
    assert room.entry(mandate(officer="IQ-releaser")) == [None]
    room.charter = ASKING
    assert room.entry(mandate()) == [None] and room.entry(mandate(key=NAMES[1])) == ["chair.mandate.named"]
    answer = answer_for(room.answers(), "IQ", 2)
    assert [one.proved for one in room.answers()] == [False, True]
    assert answer is not None and (answer.officer, answer.proved, answer.said_at) == ("IQ-director", True, OCTOBER_7)


@pytest.mark.parametrize(("made", "charter", "due"), [
    ({}, ASKING, {2}), ({}, FREE, set()),
    ({2: (KEYS[0], True)}, FREE, {2}), ({2: (KEYS[0], False)}, ASKING, set()),
    ({2: (KEYS[1], True)}, ASKING, set()), ({3: (KEYS[0], True)}, ASKING, set()),
], ids=["drawn and asked", "drawn and not asked", "made when it was asked", "made before it was asked",
        "another key came into force", "another version came into force"])
def test_what_is_owed_hangs_on_the_charter_of_its_own_day(made: dict[int, tuple[bytes, bool]], charter: Charter,
                                                          due: set[int]) -> None:
    """A promise that made a mandate is owed as the charter of that day asked; one that may still make one, as today's;
    one that came to nothing is owed no more, and none that a passkey answers for."""
    known = Mandates((Made(1, KEYS[2], 0, 0, False), *(Made(version, key, 9, 9, asked)
                                                       for version, (key, asked) in made.items())), (), {2: KEYS[0]})
    assert {version for version, _ in owed(known, [], charter, member="IQ")} == due
    room = Room({1: KEYS[2]}, ASKING)
    assert room.entry(mandate(author="RU")) == [None]
    assert {version for version, _ in owed(known, room.answers(), charter, member="IQ")} == due, "another's answer"
    assert room.entry(mandate()) == [None]
    assert owed(known, room.answers(), charter, member="IQ") == []


def test_a_key_is_read_in_its_one_form() -> None:
    """A key in another writing of the same bytes is no key: one meaning, one encoding."""
    spare = NAMES[0][:-1] + ("B" if NAMES[0][-1] == "A" else "A")
    with pytest.raises(Malformed):
        mandate(key=spare + "=").check()
