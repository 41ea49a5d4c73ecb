"""The vectors: every file against the package, and each as ``make`` writes it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tansiq import wire
from tansiq.acts import Act, Label, SaltedAct, act_id, commitment, label_hash, officer_challenge
from tansiq.acts.envelope import label_salt, parse_plain
from tansiq.acts.unread import read_head
from tansiq.errors import TansiqError, Untrusted
from tansiq.journal import parse_entry, write_signed
from tansiq.journal.entry import ENTRY_DOMAIN
from tansiq.keys import assertions
from tansiq.keys.pairs import PairSecret, derive_seed, pair_secret
from tansiq.keys.rosters import Member, Roster
from tansiq.keys.signing import verify
from tansiq.keys.slots import slot, unwrap
from tansiq.merkle import signed
from tansiq.merkle.hashes import leaf_hash, node_hash
from tansiq.merkle.proofs import verify_consistency, verify_inclusion
from tansiq.merkle.tree import Growth
from tansiq.registrar.mandates import InForce, parse_mandate, parse_promised, require_log, require_quorum
from tests.vectors.make import FILES, FOLDER, text_of

HEX = {"public", "signature", "message", "centre", "secret", "seed", "tag", "wrap", "body_hash", "key", "slot",
       "leaf", "challenge", "authenticator_data", "client_data", "act", "root", "left", "right", "old_root",
       "new_root", "salt", "label", "data", "id"}
Given = dict[str, Any]


def _equal(found: object, due: object) -> None:
    if found != due:
        raise Untrusted("vector", "The result is another.")


def _signature(g: Given) -> None:
    verify(g["public"], g["signature"], g["message"])


def _pair(g: Given) -> None:
    made = pair_secret(g["centre"], g["seed"], frm=g["from"], to=g["to"], month=g["month"], desk=g["desk"])
    _equal((made.tag + made.wrap).hex(), g["result"])


def _slot(g: Given) -> None:
    secret = PairSecret(g["tag"], g["wrap"])
    _equal(unwrap(secret, g["number"], g["body_hash"], g["slot"]), g["key"])
    _equal(slot(secret, g["number"], g["body_hash"], g["key"]), g["slot"])


def _root(g: Given) -> None:
    growth = Growth()
    for each in g["leaves"]:
        growth.append(bytes.fromhex(each))
    _equal(growth.root().hex(), g["result"])


def _inclusion(g: Given) -> None:
    verify_inclusion(g["leaf"], index=g["index"], size=g["size"], path=list(map(bytes.fromhex, g["path"])),
                     root=g["root"])


def _consistency(g: Given) -> None:
    verify_consistency(old_size=g["old_size"], old_root=g["old_root"], new_size=g["new_size"], new_root=g["new_root"],
                       path=list(map(bytes.fromhex, g["path"])))


def _checkpoint(g: Given) -> None:
    note = signed.parse_note(g["note"].encode())
    _equal(signed.write_note(note).decode(), g["note"])
    checkpoint = signed.parse_checkpoint(note.text)
    _equal(checkpoint.text, note.text)
    signed.verify_text(note, g["name"], g["public"])


def _cosignature(g: Given) -> None:
    note = signed.parse_note(g["note"].encode())
    _equal(signed.verify_cosignature(note.text, note.signatures[-1], g["name"], g["public"]), g["time_s"])


def _commitment(g: Given) -> None:
    salted = [SaltedAct(bytes.fromhex(s), bytes.fromhex(a), g["label"])
              for s, a in zip(g["salts"], g["acts"], strict=True)]
    _equal(commitment(salted).hex(), g["result"])


def _entry(g: Given) -> None:
    entry = parse_entry(g["data"])
    _equal(write_signed(entry) + entry.signature, g["data"])
    _equal(entry.id, g["id"])
    verify(g["public"], entry.signature, ENTRY_DOMAIN + entry.signed)


def _assertion(g: Given) -> None:
    proof = assertions.Proof(g["authenticator_data"], g["client_data"], g["signature"])
    assertions.verify(g["public"], proof, g["challenge"], origin=g["origin"])


def _head(g: Given) -> None:
    head = read_head(g["data"])
    _equal(SaltedAct.of(bytes(32), g["data"], head, g["desk"]).label, g["label"])


def _promise(g: Given) -> None:
    code, promise, note = parse_promised(g["note"].encode())
    _equal((code, note.decode(), promise.text), (g["code"], g["note"], g["note"].split("\n\n")[0] + "\n"))
    signed.verify_text(signed.parse_note(note), signed.member_name(promise.centre, code), g["public"])


def _mandate(g: Given) -> None:
    mandate, log = parse_mandate(g["body"].encode()), g["log"]
    members = [Member(code, bytes(33), bytes.fromhex(key), b"") for code, key in sorted(g["roster"].items())]
    roots = {log["size"]: bytes.fromhex(log["root"])}
    require_log(mandate, [InForce(0, log["version"], bytes(33))], lambda size: roots.get(size, bytes(32)))
    require_quorum(mandate, mandate.promises[0].promise.centre, Roster(0, tuple(members), ()))
    _equal(mandate.start, log["size"])


def _json(g: Given) -> None:
    shape: Any = Label if g["read_as"] == "label" else Any
    _equal(wire.write(wire.parse(g["data"], shape)), g["data"])


OPS = {
    "signature": _signature, "pair": _pair, "slot": _slot, "root": _root, "inclusion": _inclusion,
    "consistency": _consistency, "checkpoint": _checkpoint, "cosignature": _cosignature, "commitment": _commitment,
    "entry": _entry, "json": _json, "assertion": _assertion, "head": _head, "promise": _promise, "mandate": _mandate,
    "challenge": lambda g: _equal(officer_challenge(wire.parse(g["act"], Act)).hex(), g["result"]),
    "seed": lambda g: _equal(derive_seed(g["centre"], g["secret"], g["author"], g["to"]).hex(), g["result"]),
    "leaf": lambda g: _equal(leaf_hash(g["data"]).hex(), g["result"]),
    "node": lambda g: _equal(node_hash(g["left"], g["right"]).hex(), g["result"]),
    "act_id": lambda g: _equal(act_id(g["salt"], g["data"]).hex(), g["result"]),
    "label_salt": lambda g: _equal(label_salt(g["salt"]).hex(), g["result"]),
    "label_hash": lambda g: _equal(label_hash(g["salt"], g["label"]).hex(), g["result"]),
    "padme": lambda g: _equal(wire.padme(g["length"]), g["result"]),
    "plain": lambda g: parse_plain(g["data"]),
}


def _vectors() -> list[Any]:
    return [pytest.param(vector, id=f"{name}: {vector['what']}") for name in FILES
            for vector in json.loads((FOLDER / f"{name}.json").read_text("utf-8"))]


@pytest.mark.parametrize("vector", _vectors())
def test_the_package_gives_the_verdict_of_the_vector(vector: dict[str, Any]) -> None:
    """Each scenario ends as its file says: accepted, malformed or untrusted."""
    given = {name: bytes.fromhex(value) if name in HEX else value for name, value in vector["given"].items()}
    try:
        OPS[given["op"]](given)
    except TansiqError as error:
        verdict = error.family
    else:
        verdict = "ok"
    assert verdict == vector["expected"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_vectors_are_what_make_writes(name: str) -> None:
    """No file was changed by hand: the generator writes the same bytes again."""
    assert (FOLDER / f"{name}.json").read_text("utf-8") == text_of(name)


def test_no_file_is_forgotten() -> None:
    """Every vector file in the folder is run."""
    assert {path.stem for path in FOLDER.glob("*.json")} == set(FILES)
