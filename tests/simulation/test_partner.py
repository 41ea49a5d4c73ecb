"""A partner's cell: what it gets, what it proves, and what it never holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tansiq.acts import Act, Kind
from tansiq.cell.desk import Common, Description, Desk, Field, Form, Thread
from tansiq.charter import Charter
from tansiq.desks import DESKS
from tansiq.errors import Refused, Untrusted
from tansiq.merkle import signed
from tansiq.registrar.control import Head
from tansiq.registrar.order import Feed
from tansiq.run import Centre, found, open_centre

CHARTERS = Path(__file__).parents[2] / "charters"


class Notice(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind that the charter lets the partner exchange."""

    words: str


def _anything(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Everything may be said."""


TRIAL = Desk(name="trial", number=30, title="Trial", icon="flask", rule=_anything,
             forms=(Form(Kind("notice", 1, 30, Notice, "Notice"), (Field("words", "Words", "line"),)),),
             describe=lambda act: Description(title=getattr(act, "words", "")))


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    found((CHARTERS / "baghdad.toml").read_text("utf-8"), tmp_path)
    # The trial desk stands in for the one that has a kind of this name.
    centre = open_centre(tmp_path, (*(desk for desk in DESKS if desk.name != "airspace"), TRIAL))
    yield centre
    centre.stop()


def _say(centre: Centre, author: str, words: str, *release: str) -> str:
    return centre.cells[author].say("notice", {"words": words, "release": release}, officer=f"{author}-releaser")


def _partner(centre: Centre) -> str:
    return centre.charter.partners[0].code


def test_a_partner_reads_what_is_released_to_it_and_holds_nothing_else(centre: Centre, tmp_path: Path) -> None:
    """An act for the partner is read there and by the members named; of any other its files hold nothing."""
    partner = _partner(centre)
    members = [m.code for m in centre.charter.members]
    shared = _say(centre, members[0], "shared-with-partner", members[1], partner)
    kept = _say(centre, members[0], "kept-among-members", members[1])
    centre.run_until_quiet()
    cell = centre.cells[partner]
    assert cell.registers.act(shared) is not None and cell.registers.act(kept) is None
    assert centre.cells[members[1]].registers.act(shared) is not None
    assert centre.cells[members[2]].registers.act(shared) is None
    assert cell.receipt(shared).state == "settled"
    assert len(cell.follower.leaves(0, 1_000)) == len(centre.registrar.store.open_indices()) + 1
    assert not centre.faults


def test_a_partner_answers_and_reads_its_own_words_after_a_rebuild(centre: Centre) -> None:
    """A partner says an act to a member; both read it, and the partner's rebuild finds it again."""
    partner, member = _partner(centre), centre.charter.members[0].code
    said = _say(centre, partner, "from-outside", member)
    centre.run_until_quiet()
    assert centre.cells[member].registers.act(said) is not None
    centre.rebuild(partner, progress=lambda done, total: None)
    row = centre.cells[partner].registers.act(said)
    assert row is not None and row.author == partner


def test_a_kind_that_the_charter_does_not_list_is_refused(centre: Centre) -> None:
    """What is not in the partner's list is refused when said, with the partner and the kind named."""
    partner = _partner(centre)
    with pytest.raises(Refused) as caught:
        _report(centre, partner)
    assert caught.value.code == "partner.exchange" and partner in str(caught.value)


def _report(centre: Centre, partner: str) -> None:
    text = {"lang": "en", "text": "words"}
    fields = {"title": text, "text": text, "occurred_from": 1_444_200_000_000, "occurred_until": 1_444_200_000_000,
              "place": None, "place_name": None, "source_reliability": "B", "information_credibility": "2",
              "external_id": None, "source": None, "release": [partner]}
    centre.cells[centre.charter.members[0].code].say("report", fields, officer="x")


@pytest.mark.parametrize("left_out", ["open", "own"])
def test_an_entry_left_out_is_noticed(centre: Centre, left_out: str) -> None:
    """A registrar that leaves out an entry of the partner's, or an open one, is caught; the copy stays as it was."""
    partner, member = _partner(centre), centre.charter.members[0].code
    cell = centre.cells[partner]
    link = cell.follower._link
    before = cell.follower.size
    centre.cells.pop(partner)
    for words in ("one", "two"):
        _say(centre, member, words, partner)
    centre.run_until_quiet()

    class Lying:
        def __getattr__(self, name: str) -> object:
            return getattr(link, name)

        def feed(self, code: str, start: int, size: int) -> Feed:
            whole = link.feed(code, 0 if left_out == "open" else start, size)
            return whole._replace(proved=whole.proved[1:])

    cell.follower._link = Lying()
    with pytest.raises(Untrusted):
        cell.follower.follow()
    assert cell.follower.size == before
    cell.follower._link = link
    assert cell.follower.follow() and cell.follower.size > before
    centre.cells[partner] = cell


@pytest.mark.parametrize(("lie", "code"), [("older", "journal.back"), ("other root", "journal.tree")])
def test_a_partner_is_shown_no_older_and_no_other_journal(centre: Centre, lie: str, code: str) -> None:
    """A head that is older, or of the same size over another root, is a lie, and nothing settles by it."""
    cell = centre.cells[_partner(centre)]
    link = cell.follower._link
    before = (cell.follower.size, cell.follower.root, cell.follower.settled_size)

    class Lying:
        def __getattr__(self, name: str) -> object:
            return getattr(link, name)

        def head(self) -> Head:
            honest = link.head()
            size = honest.size - (lie == "older")
            note = signed.parse_note(honest.note)
            other = signed.Checkpoint(signed.parse_checkpoint(note.text).origin, size, bytes(32)).text
            return Head(size, signed.write_note(signed.Note(other, note.signatures)), honest.cosignatures)

    cell.follower._link = Lying()
    with pytest.raises(Untrusted) as caught:
        cell.follower.follow()
    assert caught.value.code == code
    assert (cell.follower.size, cell.follower.root, cell.follower.settled_size) == before
