"""What the second verifier takes from the RFCs and C2SP, and nothing of Tansiq: canonical JSON, trees, signed notes."""

import json
import re
import unicodedata
from base64 import b64decode, b64encode
from hashlib import sha256

from nacl.bindings import crypto_sign_open


def need(holds, why):
    if not holds:
        raise ValueError(why)


def h(data): return sha256(data).digest()


def node(left, right): return h(b"\1" + left + right)


def number(data, at, size): return int.from_bytes(data[at:at + size], "big")


def split(size): return 1 << (size - 1).bit_length() - 1


def canonical(value): return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(text):
    value = json.loads(text, parse_float=lambda given: need(False, "a float"))
    need(canonical(value) == text and unicodedata.is_normalized("NFC", text), "JSON that is not canonical")
    return value


def unhex(text): return bytes.fromhex(re.fullmatch("[0-9a-f]{64}", text)[0])


def unb64(text):
    need(b64encode(b64decode(text, validate=True)).decode() == text, "base64 that is not in its one form")
    return b64decode(text)


def signed(public, signature, message):
    need(len(public) == 33 and public[0] == 1 and len(signature) == 64, "a key or signature of another form")
    crypto_sign_open(signature + message, public[1:])  # libsodium's strict verdict


def tree(leaves):
    left = split(len(leaves)) if len(leaves) > 1 else 0
    return node(tree(leaves[:left]), tree(leaves[left:])) if left else leaves[0]


def follow(leaf, at, size, path):
    """The root to which an inclusion path leads (RFC 9162, 2.1.3)."""
    need(0 <= at < size and (size > 1) == bool(path), "no such place, or a path that is too short or too long")
    left = split(size) if path else 0
    if at < left:
        return node(follow(leaf, at, left, path[:-1]), unhex(path[-1]))
    return node(unhex(path[-1]), follow(leaf, at - left, size - left, path[:-1])) if path else leaf


def consistent(old, old_root, new, new_root, path):
    """RFC 9162, 2.1.4: the newer tree begins with the older."""
    def both(old, new, path, whole):
        if old == new:
            need(len(path) == (not whole), "a proof that is too long")
            return (old_root if whole else unhex(path[0]),) * 2
        side, left = unhex(path[-1]), split(new)
        if old > left:
            return tuple(node(side, root) for root in both(old - left, new - left, path[:-1], False))
        first, second = both(old, left, path[:-1], whole)
        return first, node(second, side)
    need(both(old, new, path, True) == (old_root, new_root), "a journal that does not begin with the other")


def note_of(text):
    found = re.fullmatch(r"((?:.+\n)+)\n((?:— \S+ [A-Za-z0-9+/]+={0,2}\n){1,64})", text)
    need(found and len(text.encode()) <= 16_384, "not a note")
    return found[1], [(name, unb64(blob)) for name, blob in re.findall(r"— (\S+) (\S+)\n", found[2])]


def identity(name, public, kind): return h(f"{name}\n".encode() + bytes([kind]) + public[1:])[:4]


def line_holds(text, line, name, public, kind):
    (given, blob), head = line, f"cosignature/v1\ntime {number(line[1], 4, 8)}\n" if kind == 4 else ""
    need(given == name and blob[:4] == identity(name, public, kind), f"not signed by {name}")
    signed(public, blob[12 if kind == 4 else 4:], (head + text).encode())
