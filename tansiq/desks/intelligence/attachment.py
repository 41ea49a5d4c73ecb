"""An act that carries a file, sealed by itself; it may belong to an act of any desk."""

from __future__ import annotations

import re
from typing import Literal

from tansiq.acts import Act, Kind, Text
from tansiq.acts.attachment import ATTACHMENT_BYTES_MAX
from tansiq.desks.holding import require_line, require_text
from tansiq.desks.intelligence.acts import NUMBER, TITLE_CHARACTERS_MAX
from tansiq.errors import Malformed
from tansiq.wire import parse_base64, parse_hash

NAME_CHARACTERS_MAX = 120
MediaType = Literal["application/pdf", "image/png", "image/jpeg", "text/plain", "text/csv"]
MEDIA_TYPES: tuple[MediaType, ...] = ("application/pdf", "image/png", "image/jpeg", "text/plain", "text/csv")
_NAME = re.compile(r"[^/\\:\x00-\x1f]+\Z")


class Attachment(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file: ``digest`` names its sealed bytes (SHA-256, hex), ``key`` opens them (base64), ``size`` is its own bytes.

    ``of`` is the id of the act that it belongs to, of any desk, or null. The sealed bytes lie in its author's cell.
    """

    of: str | None
    title: Text
    name: str
    media_type: MediaType
    size: int
    digest: str
    key: str

    def check(self) -> None:
        """Hold ids, lengths and names.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        for given in (self.digest, *(() if self.of is None else (self.of,))):
            parse_hash(given)
        require_text(self.title, "title", TITLE_CHARACTERS_MAX)
        require_line(self.name, "name", NAME_CHARACTERS_MAX)
        if not _NAME.match(self.name) or self.name.startswith("."):
            raise Malformed("attachment.name", "{given} is no plain name of a file.", given=repr(self.name[:40]),
                            field="name")
        if not 0 < self.size <= ATTACHMENT_BYTES_MAX:
            raise Malformed("attachment.size", "An attachment has {size} bytes; from 1 to {limit} are taken.",
                            size=self.size, limit=ATTACHMENT_BYTES_MAX, field="file")
        if len(parse_base64(self.key)) != 32:
            raise Malformed("attachment.key", "The key of an attachment has 32 bytes.", field="key")


ATTACHMENT = Kind("attachment", 1, NUMBER, Attachment, "Attachment")
