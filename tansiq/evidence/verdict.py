"""What a check comes to: what is proved, by whom, as of when, and what is not proved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from tansiq.charter import Charter
from tansiq.evidence.basis import Ground
from tansiq.journal import Entry
from tansiq.languages.sentences import Sentence


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a file of evidence proves: one sentence; what it shows besides; what it does not prove; how it was checked.

    ``size``, ``settled_ms`` and ``signers`` are its ground: None and nothing where it rests on no checkpoint.
    ``facts`` are the values behind the sentences, for pages.
    """

    evidence: str
    centre: str
    proved: Sentence
    besides: tuple[Sentence, ...] = ()
    not_proved: tuple[Sentence, ...] = ()
    checked: tuple[Sentence, ...] = ()
    size: int | None = None
    settled_ms: int | None = None
    signers: tuple[str, ...] = ()
    facts: dict[str, Any] = {}


def grounded(ground: Ground) -> Sentence:
    """The part of a sentence that says what a proof rests on."""
    if ground.settled_ms is None:
        return Sentence("it has its place as of {size} entries by the registrar's signature alone, and can still be "
                        "lost",
                        {"size": ground.size})
    return Sentence("it is settled as of {size} entries, no later than {settled_ms}, by the signatures of the "
                    "registrar and of {signers}", {"size": ground.size, "settled_ms": ground.settled_ms,
                                         "signers": names(ground.control.charter, ground.signers)})


def name(charter: Charter, code: str) -> dict[str, str]:
    """The name of a member or partner in every language of the charter; its code where it is neither."""
    party = charter.member(code) or charter.partner(code)
    return {"": code} if party is None else dict(party.name)


def names(charter: Charter, codes: Sequence[str]) -> list[dict[str, str]]:
    """The names of several."""
    return [name(charter, code) for code in codes]


def reference(entry: Entry) -> str:
    """How people name an entry: ``IQ 412``."""
    return f"{entry.author} {entry.number}"


def base(ground: Ground) -> dict[str, Any]:
    """The fields of a verdict that its ground gives."""
    return {"centre": ground.control.centre.hex(), "size": ground.size, "settled_ms": ground.settled_ms,
            "signers": ground.signers}
