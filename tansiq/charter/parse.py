"""From text to a charter that holds together (spec: ``docs/spec/charter.md``)."""

from __future__ import annotations

from tansiq.charter import articles, decisions, floor, parties, shape
from tansiq.charter.model import Charter
from tansiq.charter.terms import check_calendar
from tansiq.charter.vocabulary import RULES_EDITION
from tansiq.errors import Malformed
from tansiq.wire import ENTRY_OPEN_BODY_BYTES_MAX

# What one party needs beside the text in the body of entry 0: its three keys and its signature in base64, names, marks.
PARTY_BYTES = 2_048
FRAME_BYTES = 1_024


def parse_charter(toml_text: str) -> Charter:
    """Read a charter, or refuse it whole.

    Pure but for the time zones that the machine knows. The charter keeps *toml_text* as ``text``.

    Raises:
        Malformed: a code that begins with ``charter.``; ``fields["place"]`` says where, such as ``members[2].name.fa``.
    """
    tree = shape.read_toml(toml_text)
    floor.check_untouched(tree)
    if "text" in tree:
        shape.refuse("charter.key", "{place}: the spec knows no key {given!r} here.", "text", given="text")
    if "languages" not in tree:
        shape.refuse("charter.missing", "{place}: this key is missing.", "languages")
    shape.check_texts(tree, shape.check_languages(tree["languages"]))
    charter = shape.convert({**tree, "text": toml_text}, Charter)
    if charter.rules != RULES_EDITION:
        raise Malformed("charter.rules", "{place}: this program knows the rules edition {edition}, not {given}.",
                        place="rules", edition=RULES_EDITION, given=charter.rules)
    parties.check(charter)
    check_calendar(charter)
    decisions.check(charter)
    articles.check(charter)
    floor.check_said(charter)
    _check_room(charter)
    return charter


def _check_room(charter: Charter) -> None:
    """Hold that the text and the parties' keys fit together into the one open entry that carries them."""
    parties_count = len(charter.members) + len(charter.partners)
    room = ENTRY_OPEN_BODY_BYTES_MAX - FRAME_BYTES - PARTY_BYTES * parties_count
    size = shape.written_size(charter.text)
    if size > room:
        shape.refuse("charter.size", "{place}: the text has {size} bytes as written in JSON; beside the keys of "
                     "{parties} parties an open entry has room for {limit}.", "charter", size=size, limit=room,
                     parties=parties_count)
