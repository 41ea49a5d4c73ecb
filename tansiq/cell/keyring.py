"""A cell's keys, and the pair secrets derived from them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tansiq.keys.introductions import PairSecret, derive_seed, open_introduction, open_own, pair_secret
from tansiq.keys.sealing import SealingKey
from tansiq.keys.signing import SigningKey
from tansiq.registrar.control import Introduced

_SECRETS_KEPT = 16_384


@dataclass
class Keyring:
    """The online keys of *code*. Seeds and pair secrets are derived once and kept in memory only."""

    code: str
    sign: SigningKey
    seal: SealingKey
    _seeds: dict[tuple[int, str, str], bytes] = field(default_factory=dict, repr=False)
    _pairs: dict[tuple[int, str, str, int, int], PairSecret] = field(default_factory=dict, repr=False)

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
            if frm == self.code:
                secret = open_own(centre, made.body, author=frm, key=self.seal)
                found = derive_seed(centre, secret, frm, to)
            else:
                found = open_introduction(centre, made.body, author=frm, to=to, key=self.seal)
            self._seeds[key] = found
        return found

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
