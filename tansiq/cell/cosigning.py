"""Cosigning: a member's word that it holds everything below a checkpoint and replayed the rules on each entry."""

from __future__ import annotations

from collections.abc import Callable

from tansiq.cell.keyring import Keyring
from tansiq.cell.links import Link
from tansiq.cell.promises import Cosigned, PromiseBook
from tansiq.merkle import signed
from tansiq.merkle.promises import Named
from tansiq.registrar.control import Control, Head

COSIGN_EVERY_S = 60
AHEAD_S = 120


class Cosigner:
    """Cosigns for one cell what its follower has verified; each cosignature is kept before it is handed in."""

    def __init__(self, book: PromiseBook, keyring: Keyring, *, clock: Callable[[], int]) -> None:
        self.book = book
        self._keyring = keyring
        self._clock = clock
        self.holding_back = False
        """The registrar leaves an admissible entry out: nothing is cosigned until it is ordered."""

    @property
    def code(self) -> str:
        """The member that cosigns."""
        return self._keyring.code

    def cosign(self, control: Control, head: Head, link: Link, *, since: int) -> None:
        """Cosign a checkpoint that was verified, where this member may; *since*: what it knows to be settled.

        A clock that fell says nothing; what was cosigned less than a minute ago is handed in again where it is missing.
        """
        code, now_s = self._keyring.code, self._clock() // 1000
        if self.holding_back or control.version < self.book.version_min or code not in control.cosigners(
                since, head.size):
            return
        last = self.book.cosigned
        if last is not None and now_s - last.time_s < COSIGN_EVERY_S and self.is_last(control, head):
            if code not in head.cosignatures:
                # Stopped between keeping it and handing it in, or the registrar did not answer: the same again.
                link.cosigned(head.size, code, last.payload)
            return
        if last is not None and now_s < last.time_s:
            return
        text = signed.parse_note(head.note).text
        name = signed.member_name(control.centre, code)
        payload = signed.cosign(text, name, self._keyring.sign_under(control), time_s=now_s).payload
        named = Named(control.version, head.size, signed.parse_checkpoint(text).root)
        if self.book.keep_cosigned(Cosigned(named, now_s, payload)):
            link.cosigned(head.size, code, payload)

    def is_last(self, control: Control, head: Head) -> bool:
        """Tell whether a head is what this cell cosigned last."""
        last = self.book.cosigned
        return last is not None and last.named[:2] == (control.version, head.size)

    def recall(self, control: Control, head: Head, times: dict[str, int]) -> None:
        """Take up a cosignature of this cell's under a head that was counted, if the book does not know it."""
        code = self._keyring.code
        if code in times:
            root = signed.parse_checkpoint(signed.parse_note(head.note).text).root
            version = control.mandate_at(head.size).version
            self.book.recall(Cosigned(Named(version, head.size, root), times[code], head.cosignatures[code][1]))

    def is_past(self, index: int, time_ms: int) -> bool:
        """Tell whether an entry would stand below this cell's last cosignature of a tree without it."""
        last = self.book.cosigned
        return last is not None and index >= last.named.size and time_ms < (last.time_s - AHEAD_S) * 1000
