"""The tree of failures.

    TansiqError
    ├── Malformed     the bytes, the field or the file is not what it must be
    ├── Untrusted     well formed, but not proved: a signature, a hash, a membership
    ├── Refused       understood and proved, and the charter or a rule says no
    ├── Conflict      somebody was faster, or the copy is behind: follow, then say it again
    └── Unavailable   nothing is wrong with what was given: the same again may help later

Every failure has a stable ``code`` (dotted, in ``docs/reference/errors.md``), one plain
English ``sentence`` written as a template, and typed ``fields`` that fill it. The template
is what the message catalogues translate, so a door can say it in any language.
A sentence never holds a secret or a body.
"""

from __future__ import annotations


class TansiqError(Exception):
    """The root of every failure that Tansiq raises on purpose."""

    family = "error"

    def __init__(self, code: str, sentence: str, /, **fields: object) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence
        self.fields = fields

    def __str__(self) -> str:
        return self.sentence.format(**self.fields)

    @property
    def field(self) -> str | None:
        """Name the form field or column that was at fault, where one was."""
        named = self.fields.get("field")
        return named if isinstance(named, str) else None


class Malformed(TansiqError):
    """The bytes, the field or the file is not what it must be."""

    family = "malformed"


class Untrusted(TansiqError):
    """Well formed, but not proved."""

    family = "untrusted"


class Refused(TansiqError):
    """The charter, or a rule of the software, says no; ``article`` names the clause where there is one."""

    family = "refused"

    @property
    def article(self) -> str | None:
        """Number of the charter's article that refuses, as text."""
        named = self.fields.get("article")
        return str(named) if named is not None else None


class Conflict(TansiqError):
    """Somebody was faster, or the copy is behind: follow to the head and say it again."""

    family = "conflict"


class Unavailable(TansiqError):
    """The same bytes may be accepted later."""

    family = "unavailable"


FAMILIES: tuple[type[TansiqError], ...] = (Malformed, Untrusted, Refused, Conflict, Unavailable)
