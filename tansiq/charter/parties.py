"""Checks across the parties of a charter: codes, zones, the order of the chair, what they may ask and mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from tansiq.charter.model import Charter
from tansiq.charter.shape import refuse
from tansiq.charter.vocabulary import KINDS, SIGNED_KINDS
from tansiq.wire import MEMBERS_MAX, PARTNERS_MAX

SUPPORT_MAX = 32
HANDLING_MAX = 16
ARTICLES_MAX = 200


def check(charter: Charter) -> None:
    """Hold what types cannot state about parties, rotation, kinds of support and handling codes.

    Raises:
        Malformed: ``charter.count``, ``charter.borders``, ``charter.ground``, ``charter.doubled``, ``charter.zone``,
            ``charter.rotation``, ``charter.term``, ``charter.partner``, ``charter.officers``.
    """
    _check_counts(charter)
    _check_borders(charter)
    _check_ground(charter)
    _check_doubled(charter)
    _check_zones(charter)
    _check_rotation(charter)
    for index, partner in enumerate(charter.partners):
        for position, kind in enumerate(partner.exchanges):
            if kind not in KINDS:
                refuse("charter.partner", "{place}: {given!r} is no kind of act that can be exchanged.",
                       f"partners[{index}].exchanges[{position}]", given=kind[:40])
    _check_officers(charter)


def _check_officers(charter: Charter) -> None:
    """Hold that only decisions are signed, and none that a partner exchanges: its cell is told nobody's passkeys."""
    _refuse_doubled((f"officers.assertion[{i}]", kind) for i, kind in enumerate(charter.officers.assertion))
    for index, kind in enumerate(charter.officers.assertion):
        place = f"officers.assertion[{index}]"
        if kind not in SIGNED_KINDS:
            refuse("charter.officers", "{place}: {given!r} is no decision that an officer can sign; {known} are.",
                   place, given=kind[:40], known=", ".join(sorted(SIGNED_KINDS)))
        if any(kind in partner.exchanges for partner in charter.partners):
            refuse("charter.officers", "{place}: a partner exchanges {given!r}, and could not check who signed it.",
                   place, given=kind)


def _check_counts(charter: Charter) -> None:
    for place, given, least, most in (
        ("members", charter.members, 2, MEMBERS_MAX),
        ("partners", charter.partners, 0, PARTNERS_MAX),
        ("support", charter.support, 1, SUPPORT_MAX),
        ("handling", charter.handling, 1, HANDLING_MAX),
        ("articles", charter.articles, 1, ARTICLES_MAX),
        ("disclaimers", charter.disclaimers, 0, 16),
    ):
        if not least <= len(given) <= most:
            refuse("charter.count", "{place}: {given} are named; from {least} to {most} are possible.", place,
                   given=len(given), least=least, most=most)


def _check_borders(charter: Charter) -> None:
    """Hold that a file of the charter's own is named with its hash: the members sign what it draws, not its name."""
    if (charter.borders.file is None) != (charter.borders.sha256 is None):
        refuse("charter.borders", "{place}: a borders file is named together with its SHA-256.", "borders")


def _check_ground(charter: Charter) -> None:
    """Hold that the lowest ground is not above the highest."""
    if charter.airspace.ground_low_m > charter.airspace.ground_high_m:
        refuse("charter.ground", "{place}: the lowest ground lies above the highest.", "airspace.ground_low_m")


def _check_doubled(charter: Charter) -> None:
    parties = charter.parties
    places = [f"members[{i}]" for i in range(len(charter.members))]
    places += [f"partners[{i}]" for i in range(len(charter.partners))]
    _refuse_doubled((f"{place}.code", party.code) for place, party in zip(places, parties, strict=True))
    _refuse_doubled((f"{place}.territory", party.territory) for place, party in zip(places, parties, strict=True)
                    if party.territory is not None)
    _refuse_doubled((f"support[{i}].id", support.id) for i, support in enumerate(charter.support))
    _refuse_doubled((f"handling[{i}].code", handling.code) for i, handling in enumerate(charter.handling))
    _refuse_doubled((f"articles[{i}].number", article.number) for i, article in enumerate(charter.articles))
    for i, partner in enumerate(charter.partners):
        _refuse_doubled((f"partners[{i}].exchanges[{j}]", kind) for j, kind in enumerate(partner.exchanges))


def _refuse_doubled(given: Iterable[tuple[str, object]]) -> None:
    first: dict[object, str] = {}
    for place, value in given:
        if value in first:
            refuse("charter.doubled", "{place}: {given} stands at {first} already.", place, given=value,
                   first=first[value])
        first[value] = place


def _check_zones(charter: Charter) -> None:
    for index, member in enumerate(charter.members):
        check_zone(member.zone, f"members[{index}].zone")
    check_zone(charter.rotation.zone, "rotation.zone")


def check_zone(name: str, place: str) -> None:
    """Hold that *name* is a zone of the IANA database, written in full (``Asia/Baghdad``, ``Etc/UTC``).

    Raises:
        Malformed: ``charter.zone``.
    """
    try:
        known = "/" in name and name.isascii() and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        known = False
    if not known:
        refuse("charter.zone", "{place}: {given!r} is no time zone of the IANA database such as 'Etc/UTC'.", place,
               given=name[:60])


def _check_rotation(charter: Charter) -> None:
    codes = {member.code for member in charter.members}
    _refuse_doubled((f"rotation.order[{index}]", code) for index, code in enumerate(charter.rotation.order))
    for index, code in enumerate(charter.rotation.order):
        if code not in codes:
            refuse("charter.rotation", "{place}: {given!r} is no member, and only members take the chair.",
                   f"rotation.order[{index}]", given=code[:20])
    _refuse_missing(charter.rotation.order, [member.code for member in charter.members])
    term = charter.rotation.term
    if (term.months is None) == (term.years is None):
        refuse("charter.term", "{place}: give the length of a term as months or as years, one of the two.",
               "rotation.term")


def _refuse_missing(order: Sequence[str], codes: Sequence[str]) -> None:
    missing = [code for code in codes if code not in order]
    if missing:
        refuse("charter.rotation", "{place}: the member {given} is missing; the chair passes to each in turn.",
               "rotation.order", given=missing[0])
