"""A second verifier of Tansiq's evidence, written from docs/spec alone: verify_evidence.py PUBLIC FILE

It shares no line with the package. The fields of a file are the parameters of the function that checks it, so that one
too many or too few is refused; so is whatever raises. Exit status 0 only if the file is proved."""
import base64, collections, hashlib, hmac, itertools, json, pathlib, re, struct, sys, time  # noqa: E401, I001
import tomllib, types, unicodedata  # noqa: E401
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from nacl.bindings import crypto_sign_open

SPEC = (pathlib.Path(__file__).parents[1] / "docs/spec/evidence.md").read_text("utf-8")
KINDS = {int(n): kinds.split() for n, kinds in re.findall(r"\n\| ([1-8]) \w+ \| ([a-z_ ]+) \|(?=\n)", SPEC)}
NAMES = "form kind roster author centre number prev seen seen_root sent commitment size body_hash slots"
HEAD = "kind version author officer thread refers release topic handling precedence assertion"
Roster, Made, Label = itertools.starmap(collections.namedtuple, (
    ("Roster", "number keys members present"), ("Made", "index number first roots"), ("Label", "desk kind topic")))
ZERO, CODE, HASH, BASE64 = bytes(32), "[A-Z0-9]{2,8}", "[0-9a-f]{64}", "[A-Za-z0-9+/]+={0,2}"

# ---- Bytes, trees and notes: bytes.md, keys.md, checkpoint.md, and the RFCs and C2SP pages that they name ----
def need(why, *holds):
    if not all(holds):
        raise ValueError(why)
def h(data): return hashlib.sha256(data).digest()
def mac(key, data): return hmac.digest(key, data, "sha256")
def node(left, right): return h(b"\1" + left + right)
def split(size): return 1 << (size - 1).bit_length() - 1
def quorum(count): return min(count, 2 * count // 3 + 1)
def unhex(text): return bytes.fromhex(re.fullmatch(HASH, text)[0])
def integer(data): return int.from_bytes(data, "big")
def canonical(value): return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
def month_of(instant): return time.strftime("%Y-%m", time.gmtime(instant / 1000))
def since(first, month): return (int(month[:4]) - 1970) * 12 + int(month[5:]) - 1 - first
def last(made, size): return [what for index, what in made if index < size][-1]
def words(form, text): return [int(one) if one.isdecimal() else one for one in re.fullmatch(form, text).groups()]
def read(text):
    value = json.loads(text, parse_float=int, parse_constant=int)  # int takes no float
    need("JSON that is not canonical", canonical(value) == text, unicodedata.is_normalized("NFC", text))
    return value
def unb64(text):
    need("base64 that is not in its one form", base64.b64encode(base64.b64decode(text, validate=True)).decode() == text)
    return base64.b64decode(text)
def signed(key, signature, message):  # libsodium's strict verdict
    need("a key or signature of another form", unb64(key)[0] == 1, len(unb64(key)) == 33, len(signature) == 64)
    crypto_sign_open(signature + message, unb64(key)[1:])
def tree(leaves):
    left = split(len(leaves)) if len(leaves) > 1 else 0
    return node(tree(leaves[:left]), tree(leaves[left:])) if left else leaves[0]
def follow(leaf, at, size, path):  # the root to which an inclusion path leads
    need("no such place, or a path too short or too long", 0 <= at < size, (size > 1) == bool(path))
    if size == 1:
        return leaf
    left, beside, rest = split(size), unhex(path[-1]), path[:-1]
    return node(*(follow(leaf, at, left, rest), beside) if at < left else
                (beside, follow(leaf, at - left, size - left, rest)))
def consistent(old, root, new, path, whole=True):  # the roots of both trees to which a consistency proof leads
    if old == new:
        need("a proof too short or too long", len(path) == (not whole))
        return [root if whole else unhex(path[0])] * 2
    left, beside, rest = split(new), unhex(path[-1]), path[:-1]
    if old > left:
        return [node(beside, each) for each in consistent(old - left, root, new - left, rest, False)]
    first, second = consistent(old, root, left, rest, whole)
    return [first, node(second, beside)]
def note_of(text):  # the text of a signed note, and (name, bytes) of each line
    found = re.fullmatch(rf"((?:.+\n)+)\n((?:— \S+ {BASE64}\n){{1,64}})", text)
    need("not a note", found, len(text.encode()) <= 16_384)
    return found[1], [(name, unb64(blob)) for name, blob in re.findall(r"— (\S+) (\S+)\n", found[2])]
def holds(text, line, name, kind, *keys):  # a line is by one of these keys under a name; kind 4 is a cosignature
    (given, blob), head = line, f"cosignature/v1\ntime {integer(line[1][4:12])}\n" if kind == 4 else ""
    ids = {h(f"{name}\n".encode() + bytes([kind]) + unb64(key)[1:])[:4]: key for key in keys}
    need(f"not signed by {name}", given == name, blob[:4] in ids)
    signed(ids[blob[:4]], blob[12 if head else 4:], (head + text).encode())

# ---- Entries, leaves and acts: envelope.md, journal.md, act.md ----
def code_of(data): return re.fullmatch(CODE, data.rstrip(b"\0").decode())[0]
def entry_of(data):  # the signed part of an entry at the beginning of data
    fields = struct.unpack_from(">BBI8s32sQ32sQ32sQ32sI32sB", data)
    it = types.SimpleNamespace(**dict(zip(NAMES.split(), fields, strict=True)))
    start = 204 + 48 * it.slots
    it.data, it.author = bytes(data[:start + 64 * data[start - 1]]), code_of(it.author)
    named = [struct.unpack_from(">8sQ48s", it.data, at) for at in range(start, len(it.data), 64)]
    need("no entry", it.form == 1, it.kind <= 7, (it.slots > 0) == (it.kind == 0), len(named) == data[start - 1])
    it.partners = {code_of(code): (running, slot) for code, running, slot in named}
    it.id, it.named, it.body = h(b"tansiq/entry/v1\n" + it.data), it.data[46:54] + it.body_hash, (it.size, it.body_hash)
    return it
def leaf_of(text):
    data = unb64(text)
    (index, at, before), entry = struct.unpack_from(">QQ32s", data), entry_of(data[48:])
    need("a leaf with something after it", len(data) == 48 + len(entry.data) + 64)
    return types.SimpleNamespace(index=index, time=at, open=before, entry=entry, by=data[-64:], hash=h(b"\0" + data))
def head_of(text):  # an act; its head is alike in every kind
    act = read(text)
    kind, _, author, officer, thread, refers, release, topic, handling, haste, _ = (act[name] for name in HEAD.split())
    need("no head", release == sorted({*release, author}), all(re.fullmatch(CODE, one) for one in release),
         all(map(unhex, [*refers, thread or "0" * 64])), max(map(len, (kind, handling, topic or ""))) <= 40,
         len(officer) <= 80, len(refers) <= 64, haste in ("routine", "priority", "immediate", "flash"))
    return act
def ids_of(salt, act):  # an act's id, and the salt of its label
    return h(b"tansiq/act/v1\n" + salt + act.encode()).hex(), h(b"tansiq/label-salt/v1\n" + salt).hex()
def act_leaf(act, label, label_salt):
    return h(b"\0" + h(b"tansiq/label/v1\n" + unhex(label_salt) + label.encode()) + unhex(act))
def commits(entry, count, root):
    due = h(b"tansiq/commitment/v1\n" + count.to_bytes(2, "big") + root)
    need("not what the entry commits to", entry.kind == 0, entry.commitment == due)
def opens(entry, body, key, desk):  # raises unless a body opens to the acts that its entry commits to
    aad = b"tansiq/body/v1\n" + entry.centre + entry.data[6:14] + entry.data[46:54]
    plain, at, leaves = ChaCha20Poly1305(key).decrypt(bytes(12), body, aad), 2, []
    for _ in range(integer(plain[:2])):
        salt, start, at = plain[at:at + 32], at + 36, at + 36 + integer(plain[at + 32:at + 36])
        (act, label_salt), head = ids_of(salt, plain[start:at].decode()), head_of(plain[start:at].decode())
        label = canonical({"desk": desk, "kind": head["kind"], "topic": head["topic"]})
        leaves.append(act_leaf(act, label, label_salt))
    commits(entry, len(leaves), tree(leaves))
    size = max(2_048, at + 16)
    step = 1 << size.bit_length() - 1 - (size.bit_length() - 1).bit_length()
    need("padding of another size", len(body) == -(-size // step) * step, not any(plain[at:]))

# ---- The public part: what its chain of open entries has established, each thing with the index of its entry ----
class Centre:
    def __init__(self, centre, checkpoint, tip, chain):
        self.id, self.name, self.own, self.made, self.accepts = unhex(centre), f"tansiq/{centre}/", None, {}, []
        self.leaves, self.rosters, self.charters, self.mandates = [], [], [], []
        for one in chain:
            self.take(**one)
        self.own, (index, leaf) = self.stand(checkpoint, tip), self.leaves[0]
        need("another centre, or unsettled", (index, leaf.entry.id) == (0, self.id), self.own.settled,
             self.leaves[-1][0] < self.own.size)
    def take(self, leaf, body):  # one more open entry, by the rule of its kind
        leaf, data, (index, before) = leaf_of(leaf), body.encode(), self.leaves[-1] if self.leaves else (-1, None)
        need("an open entry missing, out of order or with another body", leaf.open == (before.hash if before else ZERO),
             leaf.index > index, leaf.entry.kind, leaf.entry.body == (len(data), h(data)))
        rule = {3: self.introduce, 4: self.accept, 7: self.mandate}.get(leaf.entry.kind, self.roster)
        rule(leaf, **read(body))
        self.leaves.append((leaf.index, leaf))
        self.belongs(leaf)
    def belongs(self, leaf):  # of this centre, for the roster in force at its index, and signed by its author
        entry, roster = leaf.entry, last(self.rosters, leaf.index or 1)
        need("another centre, roster or author", entry.centre == (self.id if leaf.index else ZERO),
             entry.roster == roster.number, entry.author in roster.members or entry.kind in (0, 3, 4))
        signed(roster.keys[entry.author]["sign"], leaf.by, b"tansiq/entry/v1\n" + entry.data)
    def roster(self, leaf, doc, signatures):  # a charter, new keys, a suspension or a return makes the next roster
        kind, number, member = leaf.entry.kind, len(self.rosters), doc.get("member")
        keys, members, present = self.rosters[-1][1][1:] if number else ({}, [], set())
        due = {code: keys[code] for code in present - {member}}
        if kind == 1:
            charter, keys, held = tomllib.loads(doc["charter"]), doc["keys"], {*members} - present
            members, partners = (sorted(one["code"] for one in charter.get(of, [])) for of in ("members", "partners"))
            need("keys or registrar", {*keys} == {*members, *partners}, (doc["registrar"] is None) == (number > 0))
            present, self.mandates = {*members} - held, self.mandates or [(0, (1, doc["registrar"]))]
            due |= {code: keys[code] for code in present}
            self.charters.append((leaf.index, charter))
        elif kind == 2:
            alone = [*signatures] == [member]
            need("no quorum for new keys", member in keys, alone or len(signatures) >= quorum(len(due)))
            due, keys = {code: (keys if alone else due)[code] for code in signatures}, keys | {member: doc}
        else:
            need("a suspension or return by fewer than three", len(due) >= 3, member in members)
            present = present - {member} if kind == 5 else present | {member}
        need("out of turn, or without a signature that is due", doc["roster"] == number, {*signatures} == {*due})
        message = b"tansiq/state/v1\n" + (self.id if number else ZERO) + bytes([kind]) + h(canonical(doc).encode())
        for code in due:
            signed(due[code]["state"], unb64(signatures[code]), message)
        self.rosters.append((leaf.index, Roster(number, keys, members, present)))
    def introduce(self, leaf, first, own, pairs):
        roots = {one["to"]: unhex(one["root"]) for one in pairs}
        self.made[leaf.entry.author, leaf.entry.number] = Made(leaf.index, leaf.entry.number, first, roots)
    def accept(self, leaf, introductions):
        made = [(one["author"], self.made[one["author"], one["number"]]) for one in introductions]
        self.accepts += [(leaf.index, (author, leaf.entry.author), one) for author, one in made]
    def mandate(self, leaf, key, promises, root, start, version):  # the roots that it names are for members to compare
        (_, roster), (_, (before, _)), named = self.rosters[-1], self.mandates[-1], {}
        for text, (line,) in map(note_of, promises):
            code, word = line[0].removeprefix(self.name), self.promise(text)
            need("a promise that does not count", code in roster.present - {*named}, word[:2] == [version, key])
            holds(text, line, self.name + code, 1, roster.keys[code]["sign"])
            named[code] = [*word[2:4], unb64(word[4])]
        need("no quorum, or another beginning", len(named) >= quorum(len(roster.present)), [*named] == sorted(named),
             max(named.values()) == [before, start, unhex(root)], start == leaf.index)
        self.mandates.append((leaf.index, (version, key)))
    def promise(self, text):  # version, key, mandate, size, root
        word = words(rf"tansiq-promise/v1\n{self.id.hex()}\n([1-9]\d*)\n(.+)\n([1-9]\d*) ([1-9]\d*) (.{{44}})\n", text)
        need("a promise of no later mandate", word[2] < word[0] < 2**31)
        return word
    def checkpoint(self, text): return words(self.name + r"([1-9]\d*)\n(0|[1-9]\d*)\n(.{44})\n", text)
    def stand(self, checkpoint, tip):  # a checkpoint with its signatures; no open entry below it is missing here
        text, (first, *lines) = note_of(checkpoint)
        (mandate, size, root), codes = self.checkpoint(text), [name.removeprefix(self.name) for name, _ in lines]
        (version, key), roster, leaf = last(self.mandates, size), last(self.rosters, size), last(self.leaves, size)
        ground = types.SimpleNamespace(size=size, root=unb64(root), settled=len(codes) >= quorum(len(roster.present)))
        tip = self.place(ground, tip, False)
        need("another mandate, tip or cosigner, or an open entry missing", mandate == version, tip.index == size - 1,
             leaf.hash == (tip.hash if tip.entry.kind else tip.open), codes == sorted({*codes} & roster.present),
             not self.own or self.own.size != size or self.own.root == ground.root)
        holds(text, first, f"{self.name}{version}", 1, key)
        for code, line in zip(codes, lines, strict=True):
            holds(text, line, self.name + code, 4, roster.keys[code]["sign"])
        return ground
    def place(self, ground, given, signed=True):
        leaf, path = (lambda leaf, path: (leaf_of(leaf), path))(**given)
        need("an entry without its place", follow(leaf.hash, leaf.index, ground.size, path) == ground.root)
        if signed:
            self.belongs(leaf)
        return leaf
    def addressing(self, ground, entry, to):  # the introduction under which an entry addresses "to", and its slot
        made = max((made for at, pair, made in self.accepts
                    if at < min(entry.seen, ground.size) and pair == (entry.author, to)), default=None)
        members = self.rosters[entry.roster][1].members
        need("slots of another roster", entry.kind or entry.slots == len(members))
        slot = entry.data[203 + 48 * members.index(to):][:48] if to in members else entry.partners.get(to, (0, b""))[1]
        return made if made and 0 <= since(made.first, month_of(entry.sent)) < 64 else None, slot

# ---- The files: evidence.md ----
def receipt(centre, entry, seen, **ground):
    ground = centre.stand(**ground)
    leaf, seen = centre.place(ground, entry), [centre.place(ground, one) for one in seen]
    authors = [one.entry.author for one in seen]
    need("a witness out of order, or that had not seen it", authors == sorted({*authors} - {leaf.entry.author}),
         *(min(one.entry.seen, one.index) > leaf.index for one in seen))
    return ground, leaf
def label_only(centre, act, label, label_salt, committed, **rest):
    (ground, leaf), shown, here = receipt(centre, **rest), Label(**read(label)), act_leaf(act, label, label_salt)
    count, root = (lambda count, path, position: (count, follow(here, position, count, path)))(**committed)
    commits(leaf.entry, count, root)
    return ground, leaf, shown
def disclosure(centre, act, salt, **rest):
    (name, label_salt), said = ids_of(unhex(salt), act), head_of(act)
    ground, leaf, shown = label_only(centre, act=name, label_salt=label_salt, **rest)
    need("a label, desk or author that does not fit", (shown.kind, shown.topic) == (said["kind"], said["topic"]),
         said["author"] == leaf.entry.author, all(desk == shown.desk for desk in KINDS if said["kind"] in KINDS[desk]))
    return ground, leaf, said, shown
def secret_of(made, to, month, desk, *, introduction, tag, wrap_hash, path):  # T, if introduced for month and desk
    root = follow(h(b"\0" + unhex(tag) + unhex(wrap_hash)), since(made.first, month) * 32 + desk, 2_048, path)
    need("a secret not introduced", introduction == made.number, 0 <= desk < 32, root == made.roots[to])
    return unhex(tag)
def bears(entry, slot, secret): return entry.kind == 0 and slot[:16] == mac(secret, entry.named)[:16]
def named_in(centre, ground, entry, to, desk, tag):  # the slot of "to", and whether it fits the tag secret in force
    made, slot = centre.addressing(ground, entry, to)
    return slot, bears(entry, slot, secret_of(made, to, month_of(entry.sent), desk, **tag))
def fails(entry, slot, tag, desk, *, wrap, body):  # a body does not open as it must
    wrap, body = unhex(wrap), unb64(body)
    need("another wrap secret or body", h(wrap) == unhex(tag["wrap_hash"]), (len(body), h(body)) == entry.body)
    try:
        opens(entry, body, bytes(a ^ b for a, b in zip(slot[16:], mac(wrap, entry.named), strict=True)), desk)
    except Exception:  # whatever is wrong with it
        return
    raise ValueError("a body that opens as it must")
def absence(centre, run, last, asked, **rest):
    data, entries = memoryview(unb64(run)), []
    while data:
        entries.append(entry_of(data))
        data = data[len(entries[-1].data):]
    need("a gap in the run", entries[0].number > 1 or entries[0].prev == ZERO,
         *(two.number == one.number + 1 and two.prev == one.id for one, two in itertools.pairwise(entries)),
         *(one.centre == (ZERO if one.id == centre.id else centre.id) for one in entries))
    [leaf] = answered(centre, entries, [last], entries[0].number == 1, **asked, **rest)
    need("another last entry", leaf.entry.data == entries[-1].data)
def counted(centre, entries, asked, **rest):
    shown = [leaf_of(one["leaf"]).entry for one in entries]
    numbers = [entry.partners[asked["to"]][0] for entry in shown]
    need("a partner's entry left out", numbers[0] > 0, numbers == [*range(numbers[0], numbers[0] + len(numbers))])
    answered(centre, shown, entries, numbers[0] == 1, **asked, **rest)
def answered(centre, entries, placed, whole, author, to, month, desk, kind, topic, *, tags, addressed, **ground):
    ground, months = centre.stand(**ground), [month_of(one.sent) for one in entries]
    charter, leaves = last(centre.charters, ground.size), [centre.place(ground, one) for one in placed]
    known = {one["code"] for of in ("members", "partners") for one in charter.get(of, [])}
    need("a question that nobody can answer", {author, to} <= known, author != to, kind in (None, *KINDS[desk]),
         re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month), topic in (None, *(one["id"] for one in charter["support"])))
    need("another author, times that do not fit, or unsettled", ground.settled, whole or months[0] < month,
         months[-1] >= month, *(one.author == author for one in entries),
         *(one.sent <= two.sent and one.seen <= two.seen for one, two in itertools.pairwise(entries)),
         *(-120_000 <= leaf.time - leaf.entry.sent <= 900_000 for leaf in leaves))
    given, secrets, named = {tag["introduction"]: tag for tag in tags}, {}, {}
    for entry in (entry for entry, at in zip(entries, months, strict=True) if at == month):
        made, slot = centre.addressing(ground, entry, to)
        if made:
            secrets[made.number] = secrets.get(made.number) or secret_of(made, to, month, desk, **given[made.number])
            if bears(entry, slot, secrets[made.number]):
                named[entry.number] = entry, slot, given[made.number]
    need("tag secrets or labels missing, or not needed", [tag["introduction"] for tag in tags] == sorted(secrets),
         [one["number"] for one in addressed] == [*named])
    for one in addressed:
        labelled(*named[one["number"]], (desk, kind, topic), **one)
    return leaves
def labelled(entry, slot, tag, asked, *, number, labels, unopenable):  # all its labels, or that nobody can open it
    if labels is None:
        return fails(entry, slot, tag, asked[0], **unopenable)
    commits(entry, len(labels), tree([act_leaf(**one) for one in labels]))
    shown = [Label(**read(one["label"])) for one in labels]
    need("something that was said, or proof beside labels", unopenable is None, all(
        asked[1] not in (None, one.kind) or asked[2] not in (None, one.topic) for one in shown))
def misaddressed(centre, to, desk, tag, unopenable, **rest):
    ground, leaf = receipt(centre, seen=[], **rest)
    slot, fits = named_in(centre, ground, leaf.entry, to, desk, tag)
    need("an entry to another", fits)
    fails(leaf.entry, slot, tag, desk, **unopenable)
def unaddressed(centre, to, tag, **rest):
    ground, leaf, act, shown = disclosure(centre, **rest)
    _, fits = named_in(centre, ground, leaf.entry, to, shown.desk, tag)
    need("no reader, or one whose slot is good", to in act["release"], not fits)
def registrar(centre, first, second, instead, path):
    (one, [line]), (two, [other]) = note_of(first), note_of(second)
    (mandate, old, was), (again, new, root) = centre.checkpoint(one), centre.checkpoint(two)
    for text, by in ((one, line), (two, other)):
        holds(text, by, f"{centre.name}{mandate}", 1, dict(made for _, made in centre.mandates)[mandate])
    need("no two journals of one mandate", mandate == again, 1 <= old <= new, unhex(instead) != unb64(was),
         consistent(old, unhex(instead), new, path) == [unhex(instead), unb64(root)])
def member(centre, member, promise, other):
    (one, [line]), (two, [by]), again = note_of(promise), note_of(other), other.startswith("tansiq-promise")
    keys = [roster.keys[member]["sign"] for _, roster in centre.rosters if member in roster.members]
    for text, each, kind in ((one, line, 1), (two, by, 1 if again else 4)):
        holds(text, each, centre.name + member, kind, *keys)
    version, _, *named, _ = centre.promise(one)
    mandate, size, *_ = centre.promise(two) if again else centre.checkpoint(two)
    need("two notes that agree", mandate == version and one != two and promise < other if again
         else mandate < version and [mandate, size] > named)
def author(centre, first, second):
    (ground, one), (other, two) = receipt(centre, seen=[], **first), receipt(centre, seen=[], **second)
    need("no two settled stories", ground.settled, other.settled, one.entry.id < two.entry.id,
         (one.entry.author, one.entry.number) == (two.entry.author, two.entry.number))
CHECKS = {"receipt": receipt, "disclosure": disclosure, "label": label_only, "absence": absence,
          "absence-counted": counted, "conviction-registrar": registrar, "conviction-member": member,
          "conviction-misaddressed": misaddressed, "conviction-unaddressed": unaddressed, "conviction-author": author}
def verify(text, centre=None):  # raises unless a file is proved; without a centre the file is a public part
    file = read(text)
    kind, known = file.pop("evidence"), centre is None or unhex(file.pop("centre")) == centre.id
    need("another version, centre or kind", file.pop("version") == 1, known, (kind == "public") == (centre is None))
    return Centre(**file) if centre is None else CHECKS[kind](centre, **file)
if __name__ == "__main__":
    sys.excepthook = lambda kind, error, _: print(f"Not proved: {kind.__name__}: {error}", file=sys.stderr)
    public, given = (pathlib.Path(name).read_text("utf-8") for name in sys.argv[1:])
    verify(given, verify(public))
    print("Proved.")
