"""The catalogue: which kinds of act exist, on which desk, in which struct."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from tansiq import wire
from tansiq.acts.head import HEAD_FIELDS, Act
from tansiq.errors import Malformed

_PROBE = msgspec.json.Decoder(msgspec.defstruct("Probe", [("kind", str), ("version", int)]))


@dataclass(frozen=True)
class Kind:
    """One kind of act in one version. ``name`` is unique in the whole catalogue; ``title`` is a message id."""

    name: str
    version: int
    desk: int
    type: type[Act]
    title: str


class Catalogue:
    """All kinds that this program can fold.

    Raises:
        ValueError: two kinds share a name and version, or a desk number is not 0-31.
    """

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds: dict[tuple[str, int], Kind] = {}
        self._newest: dict[str, Kind] = {}
        for kind in kinds:
            if (kind.name, kind.version) in self._kinds or not 0 <= kind.desk < 32:
                raise ValueError(f"kind {kind.name} version {kind.version} on desk {kind.desk} cannot be catalogued")
            self._kinds[kind.name, kind.version] = kind
            self._newest[kind.name] = max(kind, self._newest.get(kind.name, kind), key=lambda k: k.version)

    def __iter__(self) -> Any:
        return iter(self._kinds.values())

    def kind(self, name: str, version: int | None = None) -> Kind:
        """Find a kind; without *version* the newest.

        Raises:
            Malformed: ``act.unknown``, there is no such kind.
        """
        found = self._newest.get(name) if version is None else self._kinds.get((name, version))
        if found is None:
            raise Malformed("act.unknown", "This program does not know the kind of act {given!r}.", given=name[:40])
        return found

    def parse(self, data: bytes) -> tuple[Kind, Act]:
        """Read the canonical JSON of an act.

        Raises:
            Malformed: ``act.unknown`` for a kind or version that is not catalogued (keep it sealed:
                it is not void); any other code for bytes that are not the one encoding of an act.
        """
        try:
            probe: Any = _PROBE.decode(data)
        except msgspec.DecodeError as error:
            raise Malformed("json.shape", "Not the JSON that was expected: {why}.", why=str(error)) from error
        kind = self._kinds.get((probe.kind, probe.version))
        if kind is None:
            raise Malformed("act.unknown", "This program does not know the kind of act {given!r}.",
                            given=f"{probe.kind[:40]} {probe.version}")
        act = wire.parse(data, kind.type)
        check_head(act)
        return kind, act

    def write(self, act: Act) -> bytes:
        """Write an act as canonical JSON. Its types were held when it was made: by ``parse``, or by conversion.

        Raises:
            Malformed: the act cannot be said as it is: which field, why.
        """
        return self.write_many((act,))[0]

    def write_many(self, acts: Sequence[Act]) -> list[bytes]:
        """Write acts as canonical JSON, each as ``write`` does.

        Raises:
            Malformed: one of the acts cannot be said as it is: which field, why.
        """
        written = wire.write_many(acts)
        for act, data in zip(acts, written, strict=True):
            if len(data) > wire.ACT_BYTES_MAX:
                raise Malformed("act.size", "The act has {size} bytes; at most {limit} can be said in one act.",
                                size=len(data), limit=wire.ACT_BYTES_MAX)
            check_head(act)
        return written


def check_head(act: Act) -> None:
    """Hold the rules of the head that a type cannot state.

    Raises:
        Malformed: release unsorted, doubled or without the author; ids that are not ids; a text that is too long.
    """
    release = act.release
    if not _is_release(release):
        raise Malformed("act.head", "The release names members in ascending order, each once.", field="release")
    if act.author not in release:
        raise Malformed("act.author", "The author {author} is not in the release.", author=act.author, field="release")
    if act.thread is not None:
        wire.parse_hash(act.thread)
    for given in act.refers:
        wire.parse_hash(given)
    if len(act.kind) > 40 or len(act.handling) > 40 or len(act.topic or "") > 40 or len(act.officer) > 80 or (
            len(act.refers) > 64):
        raise Malformed("act.head", "A field of the head is longer than the spec allows.")


@lru_cache(maxsize=4_096)
def _is_release(release: tuple[str, ...]) -> bool:
    return list(release) == sorted(set(release)) and all(map(wire.is_code, release))


@lru_cache(maxsize=512)
def own_fields(type_: type[Act]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Fields that a kind adds to the head, in alphabetical order."""
    return tuple(sorted((f for f in msgspec.structs.fields(type_) if f.name not in HEAD_FIELDS), key=lambda f: f.name))
