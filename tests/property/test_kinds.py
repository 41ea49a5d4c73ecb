"""What holds for every kind of act of every desk: what is made is written in its one encoding, and read back."""

from __future__ import annotations

import types
import typing
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq import wire
from tansiq.acts import Catalogue, Kind
from tansiq.acts.catalogue import own_fields
from tansiq.desks import DESKS
from tansiq.errors import Malformed
from tests.trial_desk import DESK as TRIAL

CATALOGUE = Catalogue(kind for desk in (*DESKS, TRIAL) for kind in desk.kinds)
KINDS = [kind for kind in CATALOGUE if CATALOGUE.kind(kind.name) is kind]
HEAD = {"author": "IQ", "officer": "IQ-releaser", "thread": None, "refers": (), "release": ("IQ", "RU"), "topic": None,
        "handling": "open", "precedence": "routine", "assertion": None}
TEXTS = st.text(max_size=8) | st.text(alphabet="aé\u0301\u0627\u200c\0\x1f\"\\\u2028", max_size=6)
INTEGERS = st.integers(-2**60, 2**60) | st.integers(-99, 99)


def values(type_: Any) -> st.SearchStrategy[Any]:
    """Plain values of a field's type, as a form gives them."""
    origin, inner = typing.get_origin(type_), typing.get_args(type_)
    plain: dict[Any, st.SearchStrategy[Any]] = {str: TEXTS, int: INTEGERS, bool: st.booleans(),
                                                type(None): st.none()}
    if type_ in plain:
        return plain[type_]
    if origin is typing.Literal:
        return st.sampled_from(inner)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([values(one) for one in inner])
    if origin is tuple:
        many = inner[1:] == (...,)
        return st.lists(values(inner[0]), max_size=2) if many else st.tuples(*map(values, inner))
    assert issubclass(type_, msgspec.Struct), type_
    tag = {type_.__struct_config__.tag_field: st.just(type_.__struct_config__.tag)}
    fields = {field.encode_name: values(field.type) for field in msgspec.structs.fields(type_)}
    return st.fixed_dictionaries(fields | {name: given for name, given in tag.items() if name is not None})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.desk}/{kind.name}")
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_made_is_written_and_read_back(kind: Kind, data: st.DataObject) -> None:
    """Whatever fields a kind takes, its bytes are the one encoding of the act, or it is refused before it has any.

    So an act that was made here is not read again before it is said.
    """
    fields = {field.name: data.draw(values(field.type)) for field in own_fields(kind.type)}
    made: Any = msgspec.convert(HEAD | {"kind": kind.name, "version": kind.version} | fields, kind.type)
    try:
        written = CATALOGUE.write(made)
    except Malformed as error:
        assert error.code.startswith("json.")
        return
    assert CATALOGUE.parse(written) == (kind, made) and wire.write(made) == written
