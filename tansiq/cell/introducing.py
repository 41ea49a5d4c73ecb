"""Introducing: a cell renews its introductions before they run out, and accepts those of others (spec: keys.md).

What is due follows from the journal alone, so it is found again after any crash, and after a tail of the journal fell.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from tansiq import wire
from tansiq.cell.keyring import Keyring
from tansiq.errors import TansiqError
from tansiq.journal import entry as kinds
from tansiq.keys.introductions import Introduction, build_introduction
from tansiq.keys.pairs import MONTHS, SECRET_BYTES
from tansiq.registrar.control import Control, Introduced, party_of
from tansiq.registrar.documents import AcceptBody, IntroductionRef

RENEW_BELOW_MONTHS = 12


class Introducer:
    """What one party has to introduce and to accept. The secret of each introduction is drawn for it alone."""

    def __init__(self, keyring: Keyring, *, random: Callable[[int], bytes] = os.urandom) -> None:
        self._keyring = keyring
        self._random = random
        self._looked: tuple[Control, int, int] | None = None
        self._refused: set[tuple[str, int]] = set()
        self.fault: TansiqError | None = None
        """Why an introduction of another party could not be accepted; None where all could."""

    def due(self, control: Control, now: int) -> tuple[int, Introduction | AcceptBody] | None:
        """The open entry that is due next, as (kind, document); None where nothing is. Cheap while nothing changes."""
        month = wire.month_of(now)
        if not control.rosters or self._is_looked(control, month) or not self._holds_keys(control):
            return None
        made = self._introduction(control, month)
        if made is not None:
            return kinds.INTRODUCTION, made
        accepted = self._accept(control)
        if accepted is not None:
            return kinds.ACCEPT, accepted
        self._looked = (control, control.applied, month)
        return None

    def _is_looked(self, control: Control, month: int) -> bool:
        looked = self._looked
        return looked is not None and looked[0] is control and looked[1:] == (control.applied, month)

    def _holds_keys(self, control: Control) -> bool:
        """Tell whether this cell has the keys that the roster names; where it has not, it can neither sign nor open."""
        codes = [party.code for party in (*control.roster.members, *control.roster.partners)]
        if self._keyring.code not in codes:
            return False
        return self._keyring.holds(party_of(control.roster, self._keyring.code))

    def _introduction(self, control: Control, month: int) -> Introduction | None:
        """One that names every party whose pair runs out in less than a year, or is of a key that it has no more."""
        me = self._keyring.code
        sealing = {to: party_of(control.roster, to).seal for to in spoken_to(control, me)
                   if to != me and not self._lasts(control, to, month)}
        if not sealing and self._own_lasts(control, month):
            return None
        sealing[me] = party_of(control.roster, me).seal
        return build_introduction(control.centre, self._random(SECRET_BYTES), author=me, first=month, sealing=sealing)

    def _lasts(self, control: Control, to: str, month: int) -> bool:
        # Whoever has the key of before has all seeds that were introduced under it: its own new key asks for new ones.
        since = max(_key_since(control, to), _key_since(control, self._keyring.code))
        return any(made.author == self._keyring.code and made.body.pair(to) is not None and made.index > since
                   and _left(made, month) >= RENEW_BELOW_MONTHS for made in control.introductions.values())

    def _own_lasts(self, control: Control, month: int) -> bool:
        me = self._keyring.code
        own = [made for made in control.introductions.values()
               if made.author == me and made.index > _key_since(control, me)]
        return bool(own) and _left(max(own, key=lambda made: made.index), month) >= RENEW_BELOW_MONTHS

    def _accept(self, control: Control) -> AcceptBody | None:
        """The newest introduction of each author that names this party, opened and checked, unless it is accepted."""
        me, named = self._keyring.code, []
        for made in _newest(control, me).values():
            if (made.author, made.number) in self._refused or any(
                    taken.number == made.number for _, taken in control.accepts.get((made.author, me), ())):
                continue
            try:
                self._keyring.require_opens(control, made)
            except TansiqError as error:
                # It does not open, or has another root: it must not be accepted, and is not tried again.
                self._refused.add((made.author, made.number))
                self.fault = error
                continue
            named.append(IntroductionRef(author=made.author, number=made.number))
        return AcceptBody(introductions=tuple(named)) if named else None


def spoken_to(control: Control, code: str) -> list[str]:
    """Whom a party introduces itself to, itself among them: everyone; but partners not to one another."""
    partners = [party.code for party in control.roster.partners]
    return [*control.roster.codes, *(one for one in partners if one == code or code not in partners)]


def _newest(control: Control, me: str) -> dict[str, Introduced]:
    found: dict[str, Introduced] = {}
    for made in control.introductions.values():
        if made.author != me and made.body.pair(me) is not None:
            found[made.author] = max(made, found.get(made.author, made), key=lambda one: one.index)
    return found


def _left(made: Introduced, month: int) -> int:
    """Months that an introduction still covers, this one among them."""
    return made.body.first + MONTHS - month


def _key_since(control: Control, code: str) -> int:
    """Index of the entry that gave a party the sealing key that it has now; -1 where it had it from the founding."""
    now, since = party_of(control.roster, code).seal, -1
    for index, roster in reversed(control.rosters):
        parties = {party.code: party.seal for party in (*roster.members, *roster.partners)}
        if parties.get(code) != now:
            return since
        since = index
    return -1
