"""Every vector of evidence, and every byte of each kind of file altered in turn."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tansiq.errors import FAMILIES, TansiqError
from tansiq.evidence import Basis, open_basis, verify
from tansiq.languages.messages import LANGUAGES
from tansiq.languages.sentences import say_sentence
from tests.vectors import centre, evidence

FOLDER = Path(__file__).parents[2] / "vectors" / "evidence"
Vector = dict[str, str]

FORM = frozenset({"evidence.kind", "evidence.unknown", "json.shape", "json.canonical", "base64", "hash"})
LEAF = frozenset({"code", "entry.body", "entry.malformed", "proof.inclusion"})
NOTE = frozenset({"checkpoint", "cosignature", "evidence.cosigner", "evidence.origin", "evidence.tip", "note",
                  "note.signature", "proof.inclusion", "signature"})
PROMISE = frozenset({"promise", "key.suite"})
NAMED: dict[str, frozenset[str]] = {
    "act": frozenset({"evidence.act", "evidence.commitment"}),
    "addressed": frozenset({"evidence.addressed", "evidence.labels", "evidence.undisclosed"}),
    "asked": frozenset({"evidence.asked.desk", "evidence.asked.kind", "evidence.asked.party", "evidence.asked.topic",
                        "evidence.month", "evidence.run.author", "evidence.run.month", "evidence.run.start",
                        "evidence.tag.extra", "introduction.path"}),
    "centre": frozenset({"evidence.elsewhere"}), "checkpoint": NOTE,
    "committed": frozenset({"evidence.commitment", "evidence.path", "evidence.position"}),
    "desk": frozenset({"introduction.path"}), "entry": LEAF, "entries": LEAF, "evidence": frozenset(),
    "first": NOTE | LEAF,
    "instead": frozenset({"proof.consistency"}), "label": frozenset({"evidence.commitment"}),
    "label_salt": frozenset({"evidence.commitment"}), "last": LEAF, "member": frozenset({"note.signature"}),
    "other": NOTE | PROMISE, "path": frozenset({"proof.consistency"}), "promise": NOTE | PROMISE,
    "run": frozenset({f"evidence.run{part}" for part in ("", ".author", ".end", ".gap", ".prev", ".time")}),
    "salt": frozenset({"evidence.commitment"}), "second": NOTE | LEAF, "seen": LEAF,
    "tag": frozenset({"evidence.tag.missing", "introduction.path"}),
    "tags": frozenset({"evidence.tag.extra", "introduction.path"}), "tip": LEAF | {"evidence.tip"},
    "to": frozenset({"evidence.pair", "evidence.release"}),
    "unopenable": frozenset({"evidence.body.other", "evidence.wrap"}), "version": frozenset(),
}
"""Which reasons may be given where a byte of a field was altered, beside those of its form."""
SWEPT = ("receipt that is ordered and not settled", "disclosure of one act of three", "label", "absence from a partner",
         "absence to a partner by its own count, until an entry",
         "conviction of an author who sealed what does not open",
         "conviction of an author who named a reader and gave it junk", "conviction of a registrar",
         "conviction of a member with two promises", "conviction of a member who had cosigned more",
         "conviction of an author with two settled stories")


def _read(name: str) -> list[Vector]:
    vectors: list[Vector] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return vectors


@pytest.fixture(scope="module")
def basis() -> Basis:
    """The public part of the vectors' centre."""
    return open_basis(centre.canonical(evidence.public_part()))


def _verdict(check: Any) -> str:
    try:
        check()
    except TansiqError as error:
        assert isinstance(error, FAMILIES) and str(error)
        return error.code
    return "ok"


@pytest.mark.parametrize("vector", [pytest.param(one, id=one["what"]) for one in _read("evidence")])
def test_a_file_is_proved_or_refused_with_the_reason(basis: Basis, vector: Vector) -> None:
    """Each file ends as its vector says; what is refused is refused with the code that names what is wrong."""
    assert _verdict(lambda: verify(vector["file"].encode(), basis)) == vector["expected"]


@pytest.mark.parametrize("vector", [pytest.param(one, id=one["what"]) for one in _read("publics")])
def test_a_public_part_is_whole_or_refused(vector: Vector) -> None:
    """Each public part ends as its vector says."""
    assert _verdict(lambda: open_basis(vector["file"].encode())) == vector["expected"]


@pytest.mark.parametrize("vector", [pytest.param(one, id=one["what"]) for one in _read("mandated")])
def test_evidence_under_a_second_mandate(vector: Vector) -> None:
    """A registrar took over: what it signed counts from its mandate on, what the first one signed up to there."""
    if json.loads(vector["file"])["evidence"] == "public":
        assert _verdict(lambda: open_basis(vector["file"].encode())) == vector["expected"]
    else:
        basis = open_basis(_read("mandated")[0]["file"].encode())
        assert _verdict(lambda: verify(vector["file"].encode(), basis)) == vector["expected"]


def test_vectors_are_what_their_generator_writes() -> None:
    """No file was changed by hand, and none is forgotten."""
    assert {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == evidence.files()


@pytest.mark.parametrize("what", evidence.GOOD)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_proved_is_said_in_every_language(basis: Basis, what: str, lang: str) -> None:
    """Every sentence of a verdict can be said, whole, in all four languages; something is always not proved."""
    verdict = verify(centre.canonical(evidence.GOOD[what]()), basis)
    sentences = (verdict.proved, *verdict.besides, *verdict.not_proved, *verdict.checked)
    said = [say_sentence(one, lang) for one in sentences]
    assert all("{" not in text and "Sentence(" not in text for text in said)
    assert verdict.not_proved and verdict.checked


ACCUSED = (
    "a random tag secret", "a tag secret of another month", "a tag secret of another desk", "a gap at the start",
    "a gap in the middle", "a gap at the end", "a false label", "an open entry left out", "a partner's entry left out",
    "a partner's entry left out of its count", "a checkpoint under an older mandate", "a clock stalled in last month",
    "a false W", "a label that does not fit its act", "a refused entry passed off as a second story")
"""The forgeries of which the design was accused."""


def test_each_forgery_of_which_the_design_was_accused_is_a_vector() -> None:
    """Each stands among the vectors by its name, and is refused."""
    vectors = {one["what"]: one["expected"] for one in (*_read("evidence"), *_read("mandated"))}
    assert [what for what in ACCUSED if vectors.get(what, "ok") == "ok"] == []


def _places(made: Any, where: str = "") -> Iterator[str]:
    """Every field of a file by its path; of a list the first and the last."""
    inner = made.items() if isinstance(made, dict) else [
        (n, made[n]) for n in sorted({0, len(made) - 1})] if isinstance(made, list) and made else ()
    for name, value in inner:
        yield f"{where}{name}"
        yield from _places(value, f"{where}{name}.")


@pytest.mark.parametrize("what", SWEPT)
def test_every_field_altered_is_refused(basis: Basis, what: str) -> None:
    """Each field, however deep, emptied, of another type, taken away or doubled by another name: nothing is proved."""
    made = evidence.GOOD[what]()
    proved = []
    for where in _places(made):
        name = where.rpartition(".")[2]
        forged = [evidence.changed(made, where, value) for value in (None, "", 7, [], {}, -1, True)]
        if not name.isdecimal():
            forged += [_without(made, where), evidence.changed(made, f"{where}2", 1)]
        forged = [one for one in forged if one != made]
        proved += [(where, n) for n, one in enumerate(forged)
                   if _verdict(lambda one=one: verify(centre.canonical(one), basis)) == "ok"]
    assert proved == []


def _without(made: evidence.File, where: str) -> evidence.File:
    """A file without one field."""
    made = deepcopy(made)
    at: Any = made
    *above, name = [int(part) if part.isdecimal() else part for part in where.split(".")]
    for part in above:
        at = at[part]
    del at[name]
    return made


def _altered(byte: int) -> int:
    """Another byte of the same sort, so that the file stays as well formed as it can."""
    sign = chr(byte)
    if not sign.isalpha():
        return byte ^ 1
    first = ord("a" if sign.islower() else "A")
    return first + ((byte - first) ^ 1)


def _fields(made: evidence.File) -> list[str]:
    """The top-level field to which each byte of the canonical file belongs; empty for what is between them."""
    owners = [""]
    for name in sorted(made):
        owners += [name] * (len(centre.canonical({name: made[name]})) - 2) + [""]
    return owners


@pytest.mark.parametrize("what", SWEPT)
def test_every_byte_altered_is_refused_by_name(basis: Basis, what: str) -> None:
    """Whichever byte of a file is altered, it proves nothing, and the reason is one of the field that was touched."""
    made = evidence.GOOD[what]()
    data, owners = centre.canonical(made), _fields(made)
    assert len(data) == len(owners) and _verdict(lambda: verify(data, basis)) == "ok"
    reasons: dict[str, set[str]] = defaultdict(set)
    for at, byte in enumerate(data):
        forged = data[:at] + bytes([_altered(byte)]) + data[at + 1:]
        reasons[owners[at]].add(_verdict(lambda forged=forged: verify(forged, basis)))
    strays = {name: codes - FORM - NAMED.get(name, frozenset()) for name, codes in reasons.items()}
    assert not {name: codes for name, codes in strays.items() if codes}
    assert set(reasons) - {""} == set(made)


@pytest.mark.parametrize("field", ["leaf", "body"])
def test_the_public_part_altered_anywhere_is_refused(field: str) -> None:
    """Wherever the chain of open entries is altered, in a leaf or a body, the public part is refused."""
    made = evidence.public_part()
    for n, one in enumerate(made["chain"]):
        text = one[field]
        for at in range(0, len(text), max(len(text) // 40, 1)):
            forged = text[:at] + chr(_altered(ord(text[at]))) + text[at + 1:]
            data = centre.canonical(evidence.changed(made, f"chain.{n}.{field}", forged))
            assert _verdict(lambda data=data: open_basis(data)) != "ok", (n, field, at)
