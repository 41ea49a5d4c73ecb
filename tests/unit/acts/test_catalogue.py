"""The catalogue: kinds that are known, acts that are written and read."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from tansiq import wire
from tansiq.acts import Act, Catalogue, Kind
from tansiq.acts.catalogue import own_fields
from tansiq.errors import Malformed


class Remark(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind for this test."""

    words: str


CATALOGUE = Catalogue([Kind("trial/remark", 1, 31, Remark, "Remark"), Kind("trial/remark", 2, 31, Remark, "Remark")])
REMARK = Remark(kind="trial/remark", version=1, author="IQ", officer="officer", thread=None, refers=(),
                release=("IQ", "RU"), topic=None, handling="ALL", precedence="routine", assertion=None, words="تنسيق")


def test_what_is_written_is_read_again() -> None:
    """An act comes back from its bytes with the kind it was said as."""
    kind, act = CATALOGUE.parse(CATALOGUE.write(REMARK))
    assert act == REMARK and (kind.name, kind.version, kind.desk) == ("trial/remark", 1, 31)


def test_the_newest_version_is_found() -> None:
    """Without a version the newest kind of a name is meant."""
    assert CATALOGUE.kind("trial/remark").version == 2 and CATALOGUE.kind("trial/remark", 1).version == 1
    assert [field.name for field in own_fields(Remark)] == ["words"]


@pytest.mark.parametrize("kinds", [[Kind("a", 1, 32, Remark, "A")], [Kind("a", 1, -1, Remark, "A")],
                                   [Kind("a", 1, 1, Remark, "A"), Kind("a", 1, 2, Remark, "A")]])
def test_a_catalogue_has_one_kind_of_a_name_and_version(kinds: list[Kind]) -> None:
    """Doubled kinds and desks that do not exist are mistakes of the program."""
    with pytest.raises(ValueError, match="catalogued"):
        Catalogue(kinds)


@pytest.mark.parametrize("change", [{"kind": "trial/other"}, {"version": 3}])
def test_an_unknown_kind_is_told_apart_from_a_broken_act(change: dict[str, Any]) -> None:
    """A kind or version that is not catalogued is unknown, so that it can be kept sealed and not voided."""
    with pytest.raises(Malformed) as refused:
        CATALOGUE.parse(wire.write(msgspec.structs.replace(REMARK, **change)))
    assert refused.value.code == "act.unknown"


@pytest.mark.parametrize("change", [
    {"release": ("RU", "IQ")}, {"release": ("IQ", "IQ")}, {"release": ("RU",)}, {"release": ()},
    {"release": ("IQ", "ru")}, {"thread": "x"}, {"refers": ("A" * 64,)}, {"refers": ("a" * 64,) * 65},
    {"officer": "o" * 81}, {"handling": "h" * 41}, {"topic": "t" * 41}, {"words": "w" * 60_000}])
def test_a_head_that_breaks_its_rules_is_refused(change: dict[str, Any]) -> None:
    """Release in order, with its author; ids that are ids; nothing longer than the spec allows."""
    with pytest.raises(Malformed):
        CATALOGUE.write(msgspec.structs.replace(REMARK, **change))


@pytest.mark.parametrize("change", [{"words": None}, {"words": 1}, {"precedence": "soon"}, {"more": 1}])
def test_a_field_of_another_type_is_refused(change: dict[str, Any]) -> None:
    """Types, choices and unknown fields are held when an act is read."""
    given = json.loads(wire.write(REMARK)) | change
    with pytest.raises(Malformed):
        CATALOGUE.parse(wire.write(given))


def test_every_field_is_present() -> None:
    """Leaving any field of the kind away is refused: there are no defaults on the wire."""
    whole = json.loads(wire.write(REMARK))
    for name in whole:
        with pytest.raises(Malformed):
            CATALOGUE.parse(wire.write({key: value for key, value in whole.items() if key != name}))


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"kind":1,"version":1}', b"null"])
def test_other_bytes_are_no_act(data: bytes) -> None:
    """Bytes that are no object with a kind and a version are malformed."""
    with pytest.raises(Malformed):
        CATALOGUE.parse(data)
