"""By which mandate the registrar orders, and which officer answers for each member's promise of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from tansiq import wire
from tansiq.cell import answering
from tansiq.cell.answering import Answer
from tansiq.cell.moment import Made
from tansiq.cell.views import Look, Need, Sentence
from tansiq.desks.chair.acts import Mandate
from tansiq.desks.chair.words import PROMISES, name_of

FORM = "/desks/chair/say/mandate"


class PromiseShown(msgspec.Struct, frozen=True):
    """A member's promise for a version and key (base64), and the officer who answers for it by an act (UTC ms).

    ``proved``: the officer's passkey signed the act, and this cell has checked it.
    """

    member: str
    version: int
    key: str
    officer: str | None
    act: str | None
    said_at: int | None
    proved: bool
    sentence: Sentence
    tone: str


class RegistrarView(msgspec.Struct, frozen=True):
    """The mandate in force, with its promises; and what members' officers have decided on later ones.

    ``asked``: the charter of the day on which it came into force asks for a named officer behind each promise.
    """

    sentence: Sentence
    tone: str
    version: int
    key: str
    asked: bool
    promises: tuple[PromiseShown, ...]
    ahead: tuple[PromiseShown, ...]


def show_registrar(look: Look) -> RegistrarView:
    """Which mandate is in force, and who answers for each promise that made it."""
    known, found = look.mandates(), answering.answers(look.ask_all)
    made = known.made[-1]
    promises = tuple(_promise(made, code, answering.answer_for(found, code, made.version)) for code in known.promisers)
    ahead = tuple(_ahead(answer) for answer in found if answer.version > made.version
                  and answer == answering.answer_for(found, answer.member, answer.version))
    sentence, tone = _in_force(look, made, promises)
    return RegistrarView(sentence, tone, made.version, wire.write_base64(made.key), made.asked, promises, ahead)


def _in_force(look: Look, made: Made, promises: Sequence[PromiseShown]) -> tuple[Sentence, str]:
    unnamed = [name_of(look.charter, one.member) for one in promises if not one.proved]
    fields = {"version": made.version, "count": len(promises), "members": unnamed}
    if not promises:
        return Sentence(PROMISES["charter"], fields), "plain"
    if not made.asked:
        return Sentence(PROMISES["unasked"], fields), "plain"
    return (Sentence(PROMISES["some"], fields), "wait") if unnamed else (Sentence(PROMISES["all"], fields), "good")


def _promise(made: Made, code: str, answer: Answer | None) -> PromiseShown:
    key = wire.write_base64(made.key)
    if answer is None or answer.key != made.key:
        return PromiseShown(code, made.version, key, None, None, None, False,
                            Sentence(PROMISES["nobody"]), "wait" if made.asked else "plain")
    return _answered(answer, "proved" if answer.proved else "told", "good" if answer.proved else "plain")


def _ahead(answer: Answer) -> PromiseShown:
    return _answered(answer, "ahead_proved" if answer.proved else "ahead_told", "plain")


def _answered(answer: Answer, how: str, tone: str) -> PromiseShown:
    fields = {"officer": answer.officer, "said_ms": answer.said_at, "version": answer.version}
    return PromiseShown(answer.member, answer.version, wire.write_base64(answer.key), answer.officer, answer.act,
                        answer.said_at, answer.proved, Sentence(PROMISES[how], fields), tone)


def standing_of(look: Look, act: Mandate) -> tuple[Sentence, str]:
    """Where a decision on a mandate stands: whether that mandate came into force by the key that it names."""
    made = look.mandates().made
    fields, key = {"author": name_of(look.charter, act.author), "version": act.mandate}, wire.parse_base64(act.key)
    if (act.mandate, key) in [(one.version, one.key) for one in made]:
        return Sentence(PROMISES["in_force"], fields), "good"
    if act.mandate > made[-1].version:
        return Sentence(PROMISES["not_yet"], fields), "wait"
    return Sentence(PROMISES["never"], fields), "plain"


def _owed(look: Look) -> list[tuple[int, bytes]]:
    if look.member in look.in_force(look.now).suspended:
        return []
    found = answering.answers(look.ask_all, member=look.member)
    return answering.owed(look.mandates(), found, look.charter, member=look.member)


def owed_needs(look: Look) -> Iterator[Need]:
    """Promises that this member gave and that no named officer of it answers for yet, though the charter asks it."""
    since = {made.version: made.at for made in look.mandates().made}
    for version, _ in _owed(look):
        yield Need(sentence=Sentence("You promised mandate {version} before an officer's decision was ordered: it is "
                                     "owed, signed with a passkey.", {"version": version}), act="", href=FORM, title="",
                   lang="", precedence="priority", since_ms=since.get(version) or look.now, role="director")


def opens(look: Look) -> Mapping[str, str]:
    """What stands in the form of a decision: the oldest promise that is owed, as this cell gave it."""
    return next(({"mandate": str(version), "key": wire.write_base64(key)} for version, key in _owed(look)), {})
