"""A second verifier of Tansiq's evidence, written from docs/spec alone. Usage: verify_evidence.py PUBLIC FILE

It shares no line with the package; what RFCs and C2SP give stands in rfc.py. Exit status 0 only if it is proved.
The fields of a file are the parameters of the function that checks it: one too many or too few is refused.
"""
import re  # noqa: I001
import struct
import sys
import tomllib
from calendar import timegm
from collections import namedtuple
from hmac import digest
from pathlib import Path
from types import SimpleNamespace as Record

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from rfc import canonical, consistent, follow, h, identity, line_holds, need, note_of, number
from rfc import read, signed, tree, unb64, unhex

HEAD = {*re.findall(r"\w+", "kind version author officer thread refers release topic handling precedence assertion")}
SPEC = (Path(__file__).parents[1] / "docs/spec/evidence.md").read_text("utf-8")
KINDS = {int(n): kinds.split() for n, kinds in re.findall(r"\n\| ([1-8]) \w+ \| ([a-z_ ]+) \|(?=\n)", SPEC)}
Label = namedtuple("Label", "desk kind topic")
NAMES = re.findall(r"\w+", "form kind roster author centre number prev seen root sent commitment size body_hash slots")
ZERO, MANDATE = bytes(32), r"([1-9][0-9]{0,8})"
def code_of(data): return data.rstrip(b"\0").decode("ascii")
def quorum(count): return min(count, 2 * count // 3 + 1)

def entry_of(data):
    """The signed part of an entry at the beginning of *data*, by its offsets."""
    it = Record(**dict(zip(NAMES, struct.unpack_from(">BBI8s32sQ32sQ32sQ32sI32sB", data), strict=True)))
    after = 203 + 48 * it.slots
    it.data, it.author, count = data[:after + 1 + 64 * data[after]], code_of(it.author), data[after]
    fits = it.form == 1 and it.kind <= 7 and it.slots <= 32 and count <= 4
    need(fits and len(it.data) == after + 1 + 64 * count, "no entry")
    it.id, it.named, it.body = h(b"tansiq/entry/v1\n" + it.data), data[46:54] + it.body_hash, (it.size, it.body_hash)
    it.partners = {code_of(data[n:n + 8]): data[n + 16:n + 64] for n in range(after + 1, len(it.data), 64)}
    return it
def leaf_of(text):
    data = unb64(text)
    entry = entry_of(data[48:])
    need(len(data) == 48 + len(entry.data) + 64, "a leaf with something after it")
    return Record(index=number(data, 0, 8), time=number(data, 8, 8), open=data[16:48], entry=entry,
                  hash=h(b"\0" + data), signature=data[-64:])

class Centre:
    """The public part, and what its chain of open entries has established up to a size."""
    def __init__(self, centre, checkpoint, tip, chain):
        self.id, self.chain, self.own, before = unhex(centre), [], None, Record(index=-1, hash=ZERO)
        for one in chain:
            leaf, body = leaf_of(one.pop("leaf")), one.pop("body")
            need(leaf.open == before.hash and leaf.index > before.index and leaf.entry.kind and not one, "no chain")
            need((len(body.encode()), h(body.encode())) == leaf.entry.body, "an open entry with another body")
            self.chain, before = [*self.chain, (leaf, read(body))], leaf
        need(self.chain[0][0].index == 0 and self.chain[0][0].entry.id == self.id, "a file that names another centre")
        self.own = self.stand(checkpoint, tip)
        need(self.own.settled and before.index < self.own.size, "a public part that is not settled")

    def at(self, size):
        it = Record(rosters=[], made={}, accepts=[], registrar=None, charter=None)
        for leaf, body in ((leaf, body) for leaf, body in self.chain if leaf.index < size):
            if it.rosters:
                self.belongs(leaf, it)
            if leaf.entry.kind == 3:
                it.made[leaf.entry.author, leaf.entry.number] = (leaf.index, leaf.entry.number, body)
            elif leaf.entry.kind == 4:
                it.accepts += [(leaf.index, r["author"], leaf.entry.author, r["number"]) for r in body["introductions"]]
            else:
                it.rosters.append(self.roster(leaf, it, **body))
        self.belongs(self.chain[0][0], it)
        return it

    def roster(self, leaf, it, doc, signatures):
        """(index, keys, members, suspended): the roster that a charter, new keys, a suspension or a return makes."""
        kind, (_, keys, members, held) = leaf.entry.kind, it.rosters[-1] if it.rosters else (0, {}, [], set())
        need(kind in (1, 2, 5, 6) and doc["roster"] == len(it.rosters), "an open entry not known, or out of turn")
        wanted = {m: keys[m]["state"] for m in members if m not in held and m != doc.get("member")}
        if kind == 1:
            it.charter, it.registrar = tomllib.loads(doc["charter"]), it.registrar or unb64(doc["registrar"])
            keys, members = doc["keys"], sorted(one["code"] for one in it.charter["members"])
            wanted |= {m: keys[m]["state"] for m in members if m not in held}
        elif kind == 2:
            need([*signatures] == [doc["member"]] or len(signatures) >= quorum(len(wanted)), "no quorum for new keys")
            wanted |= {doc["member"]: keys[doc["member"]]["state"]} if len(signatures) == 1 else {}
            wanted, keys = {m: wanted[m] for m in signatures}, keys | {doc["member"]: doc}
        else:
            need(len(wanted) >= 3 and doc["member"] in members, "a suspension or return by fewer than three")
            held = held | {doc["member"]} if kind == 5 else held - {doc["member"]}
        need(set(signatures) == set(wanted), "an open entry that lacks a signature")
        for code, public in wanted.items():
            message = (self.id if leaf.index else ZERO) + bytes([kind]) + h(canonical(doc).encode())
            signed(unb64(public), unb64(signatures[code]), b"tansiq/state/v1\n" + message)
        return leaf.index, keys, members, held
    def belongs(self, leaf, it):
        """Hold that an entry is of this centre, for the roster in force at its index, and signed by its author."""
        entry, due = leaf.entry, max([n for n, made in enumerate(it.rosters) if made[0] < leaf.index], default=0)
        need(entry.centre == (self.id if leaf.index else ZERO) and entry.roster == due, "another centre or roster")
        signed(unb64(it.rosters[due][1][entry.author]["sign"]), leaf.signature, b"tansiq/entry/v1\n" + entry.data)
    def checkpoint(self, text):
        found = re.fullmatch(rf"tansiq/{self.id.hex()}/{MANDATE}\n(0|[1-9][0-9]{{0,18}})\n(.{{44}})\n", text)
        return int(found[1]), int(found[2]), unb64(found[3])

    def stand(self, checkpoint, tip):
        """Check a checkpoint with its last leaf, and that no open entry below it is missing here."""
        (text, lines), last = note_of(checkpoint), leaf_of(tip.pop("leaf"))
        version, size, root = self.checkpoint(text)
        it, below = self.at(size), [leaf for leaf, _ in self.chain if leaf.index < size]
        need(version == 1, "a mandate that was not in force")
        need(last.index == size - 1 and follow(last.hash, size - 1, size, **tip) == root, "another last entry")
        need(below[-1].hash == (last.hash if last.entry.kind else last.open), "open entries that are missing")
        line_holds(text, lines[0], f"tansiq/{self.id.hex()}/{version}", it.registrar, 1)
        codes, present = [n.rpartition("/")[2] for n, _ in lines[1:]], set(it.rosters[-1][2]) - it.rosters[-1][3]
        need(codes == sorted(set(codes)) and set(codes) <= present, "cosigners that may not be")
        for code, line in zip(codes, lines[1:], strict=True):
            line_holds(text, line, f"tansiq/{self.id.hex()}/{code}", unb64(it.rosters[-1][1][code]["sign"]), 4)
        need(not self.own or self.own.size != size or self.own.root == root, "another journal of the same size")
        return Record(size=size, root=root, settled=len(codes) >= quorum(len(present)), it=it)
    def place(self, ground, leaf, path):
        leaf = leaf_of(leaf)
        need(follow(leaf.hash, leaf.index, ground.size, path) == ground.root, "an entry that is not in the journal")
        self.belongs(leaf, ground.it)
        return leaf
def receipt(centre, checkpoint, tip, entry, seen):
    ground = centre.stand(checkpoint, tip)
    leaf, seen = centre.place(ground, **entry), [centre.place(ground, **one) for one in seen]
    authors = [one.entry.author for one in seen]
    need(authors == sorted({*authors} - {leaf.entry.author}), "witnesses out of order, or the author among them")
    need(all(min(one.entry.seen, one.index) > leaf.index for one in seen), "a witness that had not seen it")
    return ground, leaf
def commitment(count, root): return h(b"tansiq/commitment/v1\n" + count.to_bytes(2, "big") + root)
def act_leaf(act, label, label_salt):
    return h(b"\0" + h(b"tansiq/label/v1\n" + unhex(label_salt) + label.encode()) + unhex(act))
def salted_leaf(salt, act, label):
    identity, label_salt = h(b"tansiq/act/v1\n" + salt + act.encode()), h(b"tansiq/label-salt/v1\n" + salt)
    return act_leaf(identity.hex(), label, label_salt.hex())
def label_of(text): return Label(**read(text))
def committed_to(entry, leaf, position, count, path):
    root = follow(leaf, position, count, path)
    need(entry.kind == 0 and commitment(count, root) == entry.commitment, "not what the entry commits to")
def disclosure(centre, act, salt, label, committed, **rest):
    (ground, leaf), said, shown = receipt(centre, **rest), read(act), label_of(label)
    committed_to(leaf.entry, salted_leaf(unhex(salt), act, label), **committed)
    need(set(said) >= HEAD and (said["kind"], said["topic"]) == shown[1:], "a label that does not fit")
    desks = [desk for desk, kinds in KINDS.items() if said["kind"] in kinds]
    need(said["author"] == leaf.entry.author and desks in ([], [shown.desk]), "another author, or another desk")
    return ground, leaf, said, shown
def label_only(centre, act, label, label_salt, committed, **rest):
    (_, leaf), _ = receipt(centre, **rest), label_of(label)
    committed_to(leaf.entry, act_leaf(act, label, label_salt), **committed)
def in_force(it, author, to, seen):
    """(index, number, body) of the introduction under which *author* addresses *to*."""
    named = (it.made[author, made] for at, frm, who, made in it.accepts if at < seen and (frm, who) == (author, to))
    return max(named, key=lambda one: one[0], default=None)
def slot_of(entry, it, to):
    members = it.rosters[entry.roster][2]
    return entry.data[203 + 48 * members.index(to):][:48] if to in members else entry.partners.get(to, b"")
def tagged(entry, slot, secret): return bool(slot) and slot[:16] == digest(secret, entry.named, "sha256")[:16]
def padme(size):
    step = 1 << size.bit_length() - 1 - (size.bit_length() - 1).bit_length()
    return -(-size // step) * step
def start_of(month): return timegm((1970 + month // 12, month % 12 + 1, 1, 0, 0, 0)) * 1000
def secret_of(pair, to, month, desk, *, introduction, tag, wrap_hash, path):
    """T, where it is the one introduced for that month and desk."""
    need(introduction == pair[1] and 0 <= month - pair[2]["first"] < 64 and 0 <= desk < 32, "another introduction")
    root = {one["to"]: one["root"] for one in pair[2]["pairs"]}[to]
    here = h(b"\0" + unhex(tag) + unhex(wrap_hash))
    need(follow(here, (month - pair[2]["first"]) * 32 + desk, 2_048, path) == unhex(root), "a secret not introduced")
    return unhex(tag)

def fails(entry, slot, tag, desk, *, wrap, body):
    """Hold that the body does not open as it must."""
    wrap, body = unhex(wrap), unb64(body)
    need(h(wrap) == unhex(tag["wrap_hash"]) and (len(body), h(body)) == entry.body, "another wrap secret or body")
    key = bytes(a ^ b for a, b in zip(slot[16:], digest(wrap, entry.named, "sha256"), strict=True))
    try:
        aad = b"tansiq/body/v1\n" + entry.centre + entry.data[6:14] + entry.data[46:54]
        plain, at, leaves = ChaCha20Poly1305(key).decrypt(bytes(12), body, aad), 2, []
        for _ in range(number(plain, 0, 2)):
            end = at + 36 + number(plain, at + 32, 4)
            text = plain[at + 36:end].decode()
            act = read(text)
            need(set(act) >= HEAD and end <= len(plain), "no act")
            label = canonical({"desk": desk, "kind": act["kind"], "topic": act["topic"]})
            leaves, at = [*leaves, salted_leaf(plain[at:at + 32], text, label)], end
        fine = commitment(len(leaves), tree(leaves)) == entry.commitment
        need(not any(plain[at:]) and len(plain) + 16 == padme(max(2_048, at + 16)), "padding that is not of its size")
    except Exception:  # whatever is wrong with it, it does not open as it must
        return
    need(not fine, "a body that opens as it must")

def run_of(centre, data, author):
    """The entries of a run, numbered without a gap, each naming the one before."""
    before = None
    while data:
        entry = entry_of(data)
        first = Record(number=entry.number - 1, id=entry.prev if entry.number > 1 else ZERO, sent=0, seen=0)
        before = before or first
        need((entry.author, entry.number, entry.prev) == (author, before.number + 1, before.id), "a gap in the run")
        need(entry.centre == (ZERO if entry.id == centre.id else centre.id), "another centre")
        need(entry.sent >= before.sent and entry.seen >= before.seen, "a time that falls")
        yield entry
        before, data = entry, data[len(entry.data):]

def absence(centre, checkpoint, tip, asked, tags, run, last, addressed):
    ground, (author, desk, kind, month, to, topic) = centre.stand(checkpoint, tip), (asked[n] for n in sorted(asked))
    it, charter, written = ground.it, ground.it.charter, re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month)
    month = (int(written[1]) - 1970) * 12 + int(written[2]) - 1
    known = {one["code"] for one in charter["members"] + charter.get("partners", [])}
    need(ground.settled and {author, to} <= known and author != to, "a question about nobody")
    need(kind in (None, *KINDS[desk]) and topic in (None, *(one["id"] for one in charter["support"])), "no such thing")
    run, leaf = [*run_of(centre, unb64(run), author)], centre.place(ground, **last)
    need(leaf.entry.data == run[-1].data and -120_000 <= leaf.time - leaf.entry.sent <= 900_000, "another last entry")
    start, end = start_of(month), start_of(month + 1)
    need((run[0].sent < start or run[0].number == 1) and run[-1].sent >= start, "a run that does not reach the month")
    given, secrets, found = {tag["introduction"]: tag for tag in tags}, {}, {}
    for entry in (one for one in run if start <= one.sent < end):
        pair = in_force(it, author, to, entry.seen)
        if pair is not None and 0 <= month - pair[2]["first"] < 64:
            if pair[1] not in secrets:
                secrets[pair[1]] = secret_of(pair, to, month, desk, **given[pair[1]])
            need(entry.kind or entry.slots == len(it.rosters[entry.roster][2]), "slots of another roster")
            slot = slot_of(entry, it, to)
            if entry.kind == 0 and tagged(entry, slot, secrets[pair[1]]):
                found[entry.number] = (entry, slot, given[pair[1]])
    shown = ([tag["introduction"] for tag in tags], [one["number"] for one in addressed])
    need(shown == (sorted(secrets), sorted(found)), "tag secrets that are not needed, or labels that are not shown")
    for one in addressed:
        labels_of(*found[one["number"]], (desk, kind, topic), **one)
def labels_of(entry, slot, tag, asked, *, number, labels, unopenable):
    need((labels is None) != (unopenable is None), "neither labels nor proof")
    if labels is None:
        return fails(entry, slot, tag, asked[0], **unopenable)
    need(commitment(len(labels), tree([act_leaf(**one) for one in labels])) == entry.commitment, "not all labels")
    for label in (label_of(one["label"]) for one in labels):
        need(asked[1] not in (None, label.kind) or asked[2] not in (None, label.topic), "something that was said")
def secret_for(ground, leaf, to, desk, tag):
    """Whether the slot of *to* fits the tag secret in force, and the slot."""
    entry, it = leaf.entry, ground.it
    month, slot = next(n for n in range(1 << 16) if start_of(n + 1) > entry.sent), slot_of(entry, it, to)
    need(entry.kind == 0, "an open entry")
    return tagged(entry, slot, secret_of(in_force(it, entry.author, to, entry.seen), to, month, desk, **tag)), slot
def misaddressed(centre, checkpoint, tip, entry, to, desk, tag, unopenable):
    ground = centre.stand(checkpoint, tip)
    leaf = centre.place(ground, **entry)
    fits, slot = secret_for(ground, leaf, to, desk, tag)
    need(fits, "an entry that is not addressed")
    fails(leaf.entry, slot, tag, desk, **unopenable)
def unaddressed(centre, to, tag, **rest):
    ground, leaf, act, label = disclosure(centre, **rest)
    need(to in act["release"] and not secret_for(ground, leaf, to, label.desk, tag)[0], "a slot that is good")
def registrar(centre, first, second, instead, path):
    (one, lines), (two, more) = note_of(first), note_of(second)
    (mandate, old, root), (other, new, new_root) = centre.checkpoint(one), centre.checkpoint(two)
    need(mandate == other == 1 and 1 <= old <= new and len(lines) == len(more) == 1, "two mandates, or out of order")
    for text, line in ((one, lines[0]), (two, more[0])):
        line_holds(text, line, f"tansiq/{centre.id.hex()}/{mandate}", centre.at(1).registrar, 1)
    consistent(old, unhex(instead), new, new_root, path)
    need(unhex(instead) != root, "two checkpoints that agree")

def member(centre, member, promise, other):
    name, texts = f"tansiq/{centre.id.hex()}/{member}", []
    keys = [unb64(made[1][member]["sign"]) for made in centre.own.it.rosters if member in made[2]]
    for text, (line,) in (note_of(promise), note_of(other)):
        kind = 1 if text.startswith("tansiq-promise") else 4
        line_holds(text, line, name, {identity(name, key, kind): key for key in keys}[line[1][:4]], kind)
        texts.append(text)
    form = rf"tansiq-promise/v1\n{centre.id.hex()}\n{MANDATE}\n(.+)\n{MANDATE} (0|[1-9][0-9]*) (.{{44}})\n"
    one, two = (re.fullmatch(form, text) for text in texts)
    if two:
        return need(one[1] == two[1] and one[0] != two[0] and promise < other, "two promises that agree")
    mandate, size, _ = centre.checkpoint(texts[1])
    return need(mandate < int(one[1]) and (mandate, size) > (int(one[3]), int(one[4])), "a promise that was kept")
def author(centre, first, second):
    def settled(checkpoint, tip, entry):
        ground = centre.stand(checkpoint, tip)
        need(ground.settled, "a story that is not settled")
        return centre.place(ground, **entry).entry
    one, two = settled(**first), settled(**second)
    need((one.author, one.number) == (two.author, two.number) and one.id < two.id, "one story")

CHECKS = {"receipt": receipt, "disclosure": disclosure, "label": label_only, "absence": absence,
          "conviction-registrar": registrar, "conviction-member": member, "conviction-misaddressed": misaddressed,
          "conviction-unaddressed": unaddressed, "conviction-author": author}
def open_public(text):
    """The public part of a centre, checked."""
    file = read(text)
    need((file.pop("version"), file.pop("evidence")) == (1, "public"), "no public part")
    return Centre(**file)
def verify(text, centre):
    """Raise unless a file is proved."""
    file = read(text)
    need(file.pop("version") == 1 and unhex(file.pop("centre")) == centre.id, "another version, or another centre")
    CHECKS[file.pop("evidence")](centre, **file)
if __name__ == "__main__":
    try:
        public, given = (Path(name).read_text("utf-8") for name in sys.argv[1:])
        verify(given, open_public(public))
    except Exception as error:  # whatever goes wrong, it is not proved
        sys.exit(f"Not proved: {type(error).__name__}: {error}")
    print("Proved.")
