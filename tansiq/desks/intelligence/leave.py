"""Leave: an author lets readers of one of its acts, of any desk, pass it on or disclose it."""

from __future__ import annotations

from typing import Literal

from tansiq.acts import Act, Kind, Text
from tansiq.desks.holding import require_text
from tansiq.desks.intelligence.acts import NUMBER, REASON_CHARACTERS_MAX
from tansiq.wire import parse_hash

Use = Literal["pass_on", "disclose"]


class Leave(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Its author's word that those to whom it is released may put the act ``of`` to a use. A recall takes it back.

    It begins a thread of its own, because a thread lies on one desk, and counts from its original's author alone.
    """

    of: str
    use: Use
    text: Text

    def check(self) -> None:
        """Hold the id and the length.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        parse_hash(self.of)
        require_text(self.text, "text", REASON_CHARACTERS_MAX)


LEAVE = Kind("leave", 1, NUMBER, Leave, "Leave")
