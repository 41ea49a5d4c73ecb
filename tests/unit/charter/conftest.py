"""The smallest charter that the tests change, and how they change it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tansiq.charter import Charter, parse_charter

CHARTERS = Path(__file__).parents[3] / "charters"

SMALL = """
id = "small"
rules = 1
exercise = true
languages = ["ar", "en"]
heartbeat_minutes = 15
disclaimers = [{ar = "تمرين", en = "an exercise"}]
name = {ar = "مركز", en = "centre"}

[seat]
place = {ar = "مدينة", en = "town"}
position = {lat = 10_000_000, lon = -20_000_000}

[quotas]
bytes_per_day = 1000000
entries_per_minute = 60

[borders]
margin_km = 5

[rotation]
order = ["AA", "BB"]
term = {months = 3}
first_day = 2015-09-27
hour = 0
zone = "Asia/Baghdad"
grace_days = 3
note = {ar = "ترتيب", en = "an order"}

[[members]]
code = "AA"
zone = "Asia/Baghdad"
territory = "AAA"
name = {ar = "ألف", en = "Alpha"}
capital = {ar = "مدينة", en = "town"}

[[members]]
code = "BB"
zone = "Europe/Moscow"
territory = "BBB"
name = {ar = "باء", en = "Beta"}
capital = {ar = "مدينة", en = "town"}

[[partners]]
code = "PP"
exchanges = ["notice"]
name = {ar = "شريك", en = "Pal"}
purpose = {ar = "تجنب", en = "keeping clear"}

[[support]]
id = "words"
on_territory = false
name = {ar = "كلام", en = "words"}

[[support]]
id = "goods"
on_territory = true
name = {ar = "بضائع", en = "goods"}

[[support]]
id = "flights"
on_territory = true
airborne = true
name = {ar = "طيران", en = "flights"}

[[handling]]
code = "ALL"
pass_on = "leave"
disclose = "never"
name = {ar = "للجميع", en = "for all"}

[decisions]
quorum = {more_than = [1, 2]}
majority = {at_least = [2, 3]}
note = {ar = "قرار", en = "shares"}

[[articles]]
number = 1
title = {ar = "إقليم", en = "Territory"}
text = {ar = "بموافقته", en = "With its consent."}
applies = {kinds = ["request", "step"], supports = ["goods", "flights"]}
follows = {consent = ["territory"]}

[[articles]]
number = 2
title = {ar = "جو", en = "Air"}
text = {ar = "بعد مراجعة", en = "After review."}
applies = {kinds = ["request", "step"], supports = ["flights"]}
follows = {legal_review = true, site_review = true, second_person = true}

[[articles]]
number = 3
title = {ar = "ثالث", en = "Third"}
text = {ar = "ثالث", en = "third"}
"""

Change = Callable[..., str]


@pytest.fixture
def small() -> Charter:
    """Two members, a partner, three kinds of support."""
    return parse_charter(SMALL)


@pytest.fixture
def change() -> Change:
    """Put *new* in the place of the first *old* of the small charter, which must be there."""

    def changed(old: str, new: str) -> str:
        assert old in SMALL
        return SMALL.replace(old, new, 1)

    return changed


@pytest.fixture
def third() -> Callable[[str], str]:
    """Give article 3 of the small charter more lines: its machine part."""
    return lambda lines: SMALL + lines + "\n"


@pytest.fixture(params=["baghdad.toml", "maritime.toml"])
def shipped(request: pytest.FixtureRequest) -> Charter:
    """Each charter that comes with the program."""
    return parse_charter((CHARTERS / request.param).read_text("utf-8"))


@pytest.fixture
def baghdad() -> Charter:
    """The charter of the demonstration."""
    return parse_charter((CHARTERS / "baghdad.toml").read_text("utf-8"))
