"""A cell's keys, and the pair secrets derived from them.

Keys can be replaced (open entries of kinds 1 and 2): the newest roster says which are in force. Those before are kept,
since what was sealed to them is the member's past; and an unsettled tail that falls can put them in force again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tansiq.errors import Unavailable, Untrusted
from tansiq.keys.introductions import PairSecret, derive_seed, open_introduction, open_own, pair_secret
from tansiq.keys.rosters import Member
from tansiq.keys.sealing import SealingKey
from tansiq.keys.signing import SigningKey
from tansiq.registrar.control import Control, Introduced

_SECRETS_KEPT = 16_384


class Pairs(NamedTuple):
    """The two private keys that a cell holds online."""

    sign: SigningKey
    seal: SealingKey


def _none() -> Sequence[Pairs]:
    return ()


@dataclass
class Keyring:
    """The online keys of *code*: those it began with, and what ``replaced`` gives. Seeds and pair secrets are derived
    once and kept in memory only."""

    code: str
    sign: SigningKey
    seal: SealingKey
    replaced: Callable[[], Sequence[Pairs]] = _none
    """Reads all key files of this cell; asked where a roster names a key that is not known yet."""
    _more: list[Pairs] = field(default_factory=list, repr=False)
    _seeds: dict[tuple[int, str, str], bytes] = field(default_factory=dict, repr=False)
    _pairs: dict[tuple[int, str, str, int, int], PairSecret] = field(default_factory=dict, repr=False)

    def sign_under(self, control: Control) -> SigningKey:
        """The signing key that the newest roster names for this party; where it names none, the first.

        Raises:
            Unavailable: ``keys.absent``, the roster names a key that does not lie here.
        """
        party = self._party(control)
        return self.sign if party is None else self._held(party).sign

    def holds(self, party: Member) -> bool:
        """Tell whether the signing key and the sealing key that a roster names lie here."""
        try:
            self._held(party)
        except Unavailable:
            return False
        return True

    def _held(self, party: Member) -> Pairs:
        for look in (lambda: self._more, self._look_again):
            known = [Pairs(self.sign, self.seal), *look()]
            sign = next((one.sign for one in known if one.sign.public == party.sign), None)
            seal = next((one.seal for one in known if one.seal.public == party.seal), None)
            if sign is not None and seal is not None:
                return Pairs(sign, seal)
        raise Unavailable("keys.absent", "The keys of {code} that are in force do not lie in its cell's folder: "
                          "nothing can be signed until they do.", code=self.code)

    def _look_again(self) -> Sequence[Pairs]:
        self._more = list(self.replaced())
        return self._more

    def _party(self, control: Control) -> Member | None:
        if not control.rosters:
            return None
        roster = control.roster
        return next((party for party in (*roster.members, *roster.partners) if party.code == self.code), None)

    def require_opens(self, control: Control, made: Introduced) -> None:
        """Hold that an introduction to this cell is sealed to the key in force, and opens.

        Raises:
            Untrusted: it does not open, or its tag tree has another root.
            Unavailable: ``keys.absent``.
        """
        party = self._party(control)
        key = self.seal if party is None else self._held(party).seal
        seed = open_introduction(control.centre, made.body, author=made.author, to=self.code, key=key)
        self._seeds[made.index, made.author, self.code] = seed

    def forget(self) -> None:
        """Forget what was derived: the journal fell, and other introductions may come to stand where some stood."""
        self._seeds.clear()
        self._pairs.clear()

    def seed(self, centre: bytes, made: Introduced, frm: str, to: str) -> bytes:
        """The seed of a pair under an introduction: one's own, or one that names this cell.

        Raises:
            Untrusted: it does not open, or its tag tree has another root.
            Malformed: the introduction does not name this cell.
        """
        key = (made.index, frm, to)
        found = self._seeds.get(key)
        if found is None:
            found = self._seeds[key] = self._opened(centre, made, frm, to)
        return found

    def _opened(self, centre: bytes, made: Introduced, frm: str, to: str) -> bytes:
        """Open a seed with whichever key it was sealed to: the newest first."""
        keys = [*reversed([pair.seal for pair in (self._more or self._look_again())]), self.seal]
        for key in keys:
            try:
                if frm == self.code:
                    return derive_seed(centre, open_own(centre, made.body, author=frm, key=key), frm, to)
                return open_introduction(centre, made.body, author=frm, to=to, key=key)
            except Untrusted:
                if key is keys[-1]:
                    raise
        raise AssertionError("a cell has a sealing key")

    def secret(self, centre: bytes, made: Introduced, pair: tuple[str, str],
               place: tuple[int, int]) -> PairSecret | None:
        """Secrets of a (from, to) at a (month, desk); None outside the introduction's 64 months."""
        key = (made.index, *pair, *place)
        found = self._pairs.get(key)
        if found is None:
            if not 0 <= place[0] - made.body.first < 64:
                return None
            seed = self.seed(centre, made, *pair)
            found = pair_secret(centre, seed, frm=pair[0], to=pair[1], month=place[0], desk=place[1])
            if len(self._pairs) >= _SECRETS_KEPT:
                self._pairs.clear()
            self._pairs[key] = found
        return found
