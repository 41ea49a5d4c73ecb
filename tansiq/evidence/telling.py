"""What an instrument does, in plain words: said to whoever is asked to sign it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from typing import NamedTuple

from tansiq import wire
from tansiq.charter import Charter, parse_charter, show
from tansiq.evidence.instruments import Opened
from tansiq.keys.rosters import Member, Roster
from tansiq.languages.isolates import show_controls
from tansiq.languages.sentences import Sentence
from tansiq.registrar import documents

CONTEXT_LINES = 1


class Told(NamedTuple):
    """Sentences, and two comparisons of the charters line by line (empty where none changes): what the charter says to
    people, in one of its languages, and its exact text. Lines that go begin with −, lines that come with +."""

    sentences: tuple[Sentence, ...]
    words: tuple[str, ...]
    text: tuple[str, ...]


def tell(opened: Opened, lang: str) -> Told:
    """Say what an instrument does, who signs it and what it rests on; the charter's words in *lang*, or its first.

    Raises:
        Malformed: the new charter is none.
    """
    sentences = [*_deeds(opened), _who(opened), *_ground(opened)]
    if opened.kind != "charter":
        return Told(tuple(sentences), (), ())
    before, after = opened.control.charter, parse_charter(opened.doc.charter)
    return Told(tuple(sentences), tuple(_words(before, after, lang)), tuple(_lines(before.text, after.text)))


def _deeds(opened: Opened) -> Iterator[Sentence]:
    doc, roster = opened.doc, opened.control.roster
    if opened.kind == "charter":
        yield Sentence("It puts a new charter in the place of the one in force.")
        yield from _parties(opened.control.charter, parse_charter(doc.charter))
        for code in sorted(doc.keys):
            yield from _changed(code, _party(roster, code), doc.keys[code])
    elif opened.kind == "keys":
        yield from _changed(doc.member, _party(roster, doc.member), doc)
    elif opened.kind == "suspension":
        yield Sentence("{code} is suspended: it goes on reading, and what it says counts only where its own territory "
                       "is concerned.", {"code": doc.member})
    else:
        yield Sentence("{code} returns from its suspension: what it says counts again.", {"code": doc.member})


def _parties(before: Charter, after: Charter) -> Iterator[Sentence]:
    old, new = ({party.code: (party.name, charter.member(party.code) is not None) for party in charter.parties}
                for charter in (before, after))
    for code in sorted(old.keys() | new.keys()):
        if code not in new:
            yield Sentence("{code}, {name}, leaves the centre.", {"code": code, "name": dict(old[code][0])})
        elif code in old and old[code][1] == new[code][1]:
            continue
        elif new[code][1]:
            yield Sentence("{code}, {name}, becomes a member.", {"code": code, "name": dict(new[code][0])})
        else:
            yield Sentence("{code}, {name}, becomes a partner.", {"code": code, "name": dict(new[code][0])})


def _party(roster: Roster, code: str) -> Member | None:
    return next((party for party in (*roster.members, *roster.partners) if party.code == code), None)


def _changed(code: str, party: Member | None, keys: documents.PublicKeys | documents.KeysDoc) -> Iterator[Sentence]:
    state, sign, seal = map(wire.parse_base64, (keys.state, keys.sign, keys.seal))
    if party is None or party.state != state:
        yield Sentence("{code} gets the state key {key}.", {"code": code, "key": keys.state})
    if party is None or party.sign != sign:
        yield Sentence("{code} gets the signing key {key}.", {"code": code, "key": keys.sign})
    if party is None or party.seal != seal:
        yield Sentence("{code} gets a sealing key, whose hash is {hash}.", {"code": code,
                                                                          "hash": wire.sha256(seal).hex()})


def _who(opened: Opened) -> Sentence:
    signing = opened.signing
    if signing.enough:
        return Sentence("It needs the signature of {codes}; or, where that cannot be had, those of {enough} of "
                        "{others}.", {"codes": sorted(signing.needed), "enough": signing.enough,
                                      "others": sorted(signing.instead)})
    return Sentence("It needs the signatures of {codes}.", {"codes": sorted(signing.needed)})


def _ground(opened: Opened) -> Iterator[Sentence]:
    ground = opened.basis.ground
    yield Sentence("It makes roster {roster} of the centre {centre}, and counts only while no other comes first.",
                   {"roster": str(opened.doc.roster), "centre": opened.basis.centre.hex()})
    yield Sentence("It was drawn up from {size} settled entries, the last cosignature of {at_ms}.",
                   {"size": ground.size, "at_ms": ground.settled_ms})
    yield Sentence("What is signed has the hash {hash}.", {"hash": opened.hash})


def _words(before: Charter, after: Charter, lang: str) -> Iterator[str]:
    said = lang if lang in after.languages else "en" if "en" in after.languages else after.languages[0]
    earlier = said if said in before.languages else before.languages[0]
    yield from _lines(show(before, earlier), show(after, said))


def _lines(before: str, after: str) -> Iterator[str]:
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=CONTEXT_LINES)
    for number, line in enumerate(lines):
        if number > 1:  # the first two would name files
            yield "…" if line.startswith("@@") else show_controls(line)
