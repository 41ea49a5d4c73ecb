"""Outside the job: what the program does not do, held by lists that a person has read and by what cannot be said."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import msgspec
import pytest

from tansiq.cell.desk import Desk
from tansiq.desks import DESKS
from tests.house import surface
from tests.house.reading import ROOT, sources, text_of, tracked

ALLOWED: dict[str, Any] = tomllib.loads((ROOT / "tests/house/allowed.toml").read_text("utf-8"))
ALL: tuple[Desk, ...] = tuple(DESKS)
WEAPONS = re.compile(r"target|weapon|munition|ordnance|warhead|aimpoint|strike|bda|casualt|killed|lethal|"
                     r"score|rank|recommend|suggest|nominat|likelihood|threat_level", re.IGNORECASE)
MACHINE_DOORS = ("taxii", "cot", "features", "export")
REVIEW = "read it with the list 'Outside the job' in hand, then write it into tests/house/allowed.toml"


def test_every_field_of_every_kind_was_read_by_a_person() -> None:
    """No act has a field that is not in the reviewed list, and the list names none that is gone."""
    assert surface.kinds(ALL) == ALLOWED["kinds"], REVIEW
    assert surface.records(ALL) == ALLOWED["records"], REVIEW


def test_every_address_and_its_fields_were_read_by_a_person() -> None:
    """No address of the API, parameter or field of an answer is outside the reviewed list, and none in it is gone."""
    found = surface.endpoints(ALL)
    assert sorted(found) == sorted(ALLOWED["endpoints"]), REVIEW
    for name, endpoint in found.items():
        assert endpoint == ALLOWED["endpoints"][name], f"{name}: {REVIEW}"


def test_every_address_of_the_floor_was_read_by_a_person() -> None:
    """No page, piece or stream has an address outside the reviewed list, and none in it is gone."""
    assert surface.pages(ALL) == ALLOWED["floor"]["pages"], REVIEW


def test_no_field_is_about_weapons_or_worth() -> None:
    """Nothing that is said or answered has a place for weapon data, for damage as effect, or for a score."""
    fields = {field for table in (ALLOWED["kinds"], ALLOWED["records"]) for names in table.values() for field in names}
    fields |= {field for endpoint in ALLOWED["endpoints"].values() for names in endpoint.values() for field in names}
    assert not [field for field in fields if WEAPONS.search(field)]


@pytest.mark.parametrize("kind", [kind for desk in ALL for kind in desk.kinds], ids=lambda kind: kind.name)
def test_unknown_fields_are_refused(kind: Any) -> None:
    """Every kind of act refuses a field that it does not know, and cannot be changed once made."""
    config = kind.type.__struct_config__
    assert config.forbid_unknown_fields and config.frozen
    assert not kind.type.__struct_defaults__, "every field is present on the wire: none has a default"
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"no_such_field":1}', type=kind.type)


def test_nothing_sorts_places() -> None:
    """No query orders by a place or a distance, and no code sorts by one."""
    order = re.compile(r"ORDER\s+BY[^;\"']*\b(?:lat|lon|latitude|longitude|distance|dist|x|y)\b", re.IGNORECASE)
    python = re.compile(r"(?:sorted|\.sort|min|max|nlargest|nsmallest)\("
                        r"[^\n]*key=[^\n]*(?:\.lat|\.lon|distance|\.places)")
    files = [(name, text_of(name) or "") for name in tracked() if name.startswith("tansiq/") and name.endswith(".sql")]
    files += [(source.name, source.text) for source in sources("tansiq/desks", "tansiq/cell", "tansiq/doors")]
    assert not [name for name, text in files if order.search(text) or python.search(text)]


def test_no_machine_door_is_open_yet() -> None:
    """Doors for other programs (CoT, OGC Features, TAXII, export) need their own review of what may leave by them."""
    opened = [name for name in ALLOWED["endpoints"] if set(re.split(r"[/ ]", name.lower())) & set(MACHINE_DOORS)]
    assert not opened
    assert not [name for name in tracked() if name.startswith(tuple(f"tansiq/doors/{door}" for door in MACHINE_DOORS))]
