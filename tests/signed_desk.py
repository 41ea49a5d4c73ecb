"""A desk that lives only under tests: a decision that counts with its officer's own signature, where the charter asks
it. Its charter is that of the demonstration, and asks."""

from __future__ import annotations

from pathlib import Path

from tansiq.acts import Act, Kind, Text
from tansiq.cell.desk import Common, Description, Desk, Field, Form, Thread
from tansiq.charter import Charter
from tansiq.errors import Refused

NUMBER = 25


class Consent(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision in words."""

    words: Text


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """A decision says something."""
    assert isinstance(act, Consent)
    if act.words.text == "nothing":
        raise Refused("trial.nothing", "It says nothing.", field="words")


def describe(act: Act) -> Description:
    """Show a decision by its words."""
    assert isinstance(act, Consent)
    return Description(act.words.text, (act.words,))


DESK = Desk(
    name="decisions", number=NUMBER, title="Decisions", icon="gavel", rule=rule, describe=describe,
    forms=(Form(Kind("consent", 1, NUMBER, Consent, "Consent"), (Field("words", "Words", "text"),),
                role="consenter", signed=True),))


def charter_text() -> str:
    """The charter of the demonstration, which asks that consents are signed."""
    text = (Path(__file__).parents[1] / "charters" / "baghdad.toml").read_text("utf-8")
    return text + '\n[officers]\nassertion = ["consent"]\n'
