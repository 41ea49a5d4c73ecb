"""The words of the chair's desk: titles of what may be chosen, and the sentences that say where things stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tansiq.cell.views import Sentence
from tansiq.charter import Chairing, Charter, Taken, term_of

OUTCOMES: Mapping[str, str] = {
    "open": "Open for votes until {closes_ms}: {yes} in favour, {no} against, {abstain} abstain, of {members}; "
            "{majority} in favour adopt it.",
    "adopted": "Adopted: {yes} of {members} in favour, {majority} were needed; {no} against, {abstain} abstained.",
    "rejected": "Rejected: {yes} of {members} in favour, {majority} were needed; {no} against, {abstain} abstained.",
    "too_few": "Nothing was decided: {yes} in favour, {no} against, {abstain} abstained, and {quorum} of {members} had "
               "to vote.",
}
HANDOVERS: Mapping[str, str] = {
    "said": "{outgoing} has handed over the chair for the term that begins at {begins_ms}; {incoming} has not taken "
            "over.",
    "taken": "{outgoing} has handed over and {incoming} has taken over at {taken_ms}, for the term that begins at "
             "{begins_ms}.",
    "outgoing": "Handed over by {outgoing}: {reference}, {said_ms}.",
    "incoming": "Taken over by {incoming}: {reference}, {taken_ms}.",
}
CONTACTS: Mapping[str, str] = {
    "standing": "{author} recorded this contact; {other} has not answered for its side.",
    "acknowledged": "{other} has acknowledged this contact as {author} recorded it.",
    "contested": "{other} contests this contact as {author} recorded it.",
}
PROMISES: Mapping[str, str] = {
    "charter": "The registrar is the one that the charter named: no mandate has replaced it.",
    "unasked": "Mandate {version} is in force by {count} promises. The charter asked for no officer's decision.",
    "some": "Mandate {version} is in force. No named officer answers for the promise of {members}.",
    "all": "Mandate {version} is in force. A named officer answers for each of its {count} promises.",
    "nobody": "No named officer answers for this promise.",
    "proved": "{officer} answers for it, proved by its passkey, since {said_ms}.",
    "told": "{officer} answers for it, as its cell says, since {said_ms}: no passkey was asked.",
    "ahead_proved": "{officer} decided on mandate {version} at {said_ms}, proved by its passkey.",
    "ahead_told": "{officer} decided on mandate {version} at {said_ms}, as its cell says: no passkey was asked.",
    "in_force": "Mandate {version} came into force by the key that {author} names here.",
    "not_yet": "Mandate {version} is not in force. {author} promises it by this key alone.",
    "never": "Mandate {version} did not come into force.",
}


@dataclass(frozen=True, slots=True)
class Said:
    """How the chair stands: the sentence first, what is to be known beside it, and how urgent it is."""

    sentence: Sentence
    tone: str = "plain"
    besides: tuple[Sentence, ...] = field(default=())


def name_of(charter: Charter, code: str) -> Mapping[str, str] | str:
    """The name of a party by language; its code where the charter names no such party."""
    return next((dict(party.name) for party in charter.parties if party.code == code), code)


def chair_sentence(charter: Charter, now: Chairing | None, taken: Taken, *, suspended: frozenset[str]) -> Said:
    """Say who has the chair and how it passes."""
    if now is None:
        first = term_of(charter, 1)
        return Said(Sentence("Nobody has the chair yet: {chair} takes it at {begins_ms}.",
                             {"chair": name_of(charter, first.chair), "begins_ms": first.from_ms}))
    fields = {"chair": name_of(charter, now.chair), "following": name_of(charter, now.following.chair),
              "begins_ms": now.following.from_ms, "passes_ms": now.passes_ms, "since_ms": now.since_ms}
    besides = []
    if now.how == "calendar":
        besides.append(Sentence("The handover to {chair} was missed: the chair passed to it by the calendar at "
                                "{since_ms}.", fields))
    if now.chair in suspended:
        besides.append(Sentence("{chair} is suspended: it cannot hand over, and nobody directs the work until the "
                                "chair passes.", fields))
    if now.late:
        return Said(Sentence("The term of {chair} has ended. It keeps the chair until {following} has taken over; at "
                             "{passes_ms} the chair passes by the calendar.", fields), "wait", tuple(besides))
    if (now.following.from_ms, now.following.chair) in taken:
        return Said(Sentence("{chair} has the chair until {begins_ms}; {following} has taken over for the term that "
                             "begins then.", fields), "good", tuple(besides))
    return Said(Sentence("{chair} has the chair until {begins_ms}; then it passes to {following}.", fields),
                "wait" if besides else "plain", tuple(besides))
