"""The charter as the program holds it: frozen, typed, with the text that it was read from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from tansiq.charter.vocabulary import Facility, Leave, Personnel, Recipient
from tansiq.wire import INTEGER_MAX

Texts = Mapping[str, str]
"""The same words in every working language, by tag (``ar``)."""

Code = Annotated[str, Meta(pattern=r"^[A-Z0-9]{2,8}\Z")]
Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}\Z")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
Whole = Annotated[int, Meta(ge=1, le=INTEGER_MAX)]


class Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a charter: frozen, and without a key that the spec does not name."""


class Member(Part, frozen=True, kw_only=True):
    """A party: ``zone`` is an IANA name, ``territory`` an ISO 3166-1 alpha-3 code."""

    code: Code
    name: Texts
    zone: str
    capital: Texts
    territory: Country


class Partner(Part, frozen=True, kw_only=True):
    """An outsider admitted for one ``purpose``, who may exchange the kinds of act in ``exchanges`` and nothing else."""

    code: Code
    name: Texts
    purpose: Texts
    exchanges: tuple[str, ...]
    territory: Country | None = None


class Point(Part, frozen=True, kw_only=True):
    """A point on WGS 84 in degrees × 10⁷."""

    lat: Annotated[int, Meta(ge=-900_000_000, le=900_000_000)]
    lon: Annotated[int, Meta(ge=-1_800_000_000, le=1_800_000_000)]


class Seat(Part, frozen=True, kw_only=True):
    """Where the centre sits."""

    place: Texts
    position: Point


class TermLength(Part, frozen=True, kw_only=True):
    """How long one term is: so many months, or so many years; one of the two is given."""

    months: Annotated[int, Meta(ge=1, le=1_200)] | None = None
    years: Annotated[int, Meta(ge=1, le=100)] | None = None

    @property
    def in_months(self) -> int:
        """The length in calendar months."""
        return self.months if self.months is not None else 12 * (self.years or 0)


class Rotation(Part, frozen=True, kw_only=True):
    """How the chair passes: the ``order`` of codes, from ``hour`` of ``first_day`` in ``zone``, a ``term`` each.

    ``grace_days`` is how long a handover may be late before it counts as missed. ``note`` tells people
    where the order comes from.
    """

    order: tuple[str, ...]
    term: TermLength
    first_day: datetime.date
    hour: Annotated[int, Meta(ge=0, le=23)]
    zone: str
    grace_days: Annotated[int, Meta(ge=0, le=366)]
    note: Texts


class Share(Part, frozen=True, kw_only=True):
    """A share of the unsuspended members: ``at_least`` or ``more_than`` (part, whole); one of the two is given."""

    at_least: tuple[int, int] | None = None
    more_than: tuple[int, int] | None = None

    def least(self, of: int) -> int:
        """The smallest number of members, of so many, that is this share; one, where none would do."""
        if self.at_least is not None:
            part, whole = self.at_least
            return max(1, -(-of * part // whole))
        assert self.more_than is not None, "a charter gives one of the two"
        part, whole = self.more_than
        return of * part // whole + 1


class Decisions(Part, frozen=True, kw_only=True):
    """When the members have decided: how many must have voted, how many of all the unsuspended must have said yes.

    ``note`` tells people where the shares come from.
    """

    quorum: Share
    majority: Share
    note: Texts


class Support(Part, frozen=True, kw_only=True):
    """A kind of support that may be asked for.

    ``on_territory``: it is given on somebody's ground, so the floor asks that territory's consent.
    ``airborne``: it is given from the air, so the floor asks the reviews and a second person as well.
    """

    id: Id
    name: Texts
    on_territory: bool
    airborne: bool = False


class Handling(Part, frozen=True, kw_only=True):
    """A handling code: may a reader ``pass_on`` the act to others, and ``disclose`` it as evidence?

    ``free``: yes. ``leave``: with the author's leave. ``never``: no, and an override is recorded by name.
    """

    code: Annotated[str, Meta(pattern=r"^[A-Z0-9][A-Z0-9_-]{0,39}\Z")]
    name: Texts
    pass_on: Leave
    disclose: Leave


class Quotas(Part, frozen=True, kw_only=True):
    """What one member may add to the journal: bytes of body in a UTC day, entries in a minute."""

    bytes_per_day: Whole
    entries_per_minute: Whole


class Officers(Part, frozen=True, kw_only=True):
    """What is asked of officers: the kinds of act in ``assertion`` count only with the officer's own signature."""

    assertion: tuple[str, ...] = ()


class Borders(Part, frozen=True, kw_only=True):
    """Whose line is used: a ``file`` of the charter's own, known by its ``sha256``, or the built-in one.

    ``margin_km`` asks both sides.
    """

    file: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}\Z")] | None = None
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")] | None = None
    margin_km: Annotated[int, Meta(ge=0, le=500)] = 20


class Airspace(Part, frozen=True, kw_only=True):
    """What aircraft keep apart (spec: ``docs/spec/kinds/airspace.md``), and how coarse a footprint is.

    ``buffer_m`` sideways, ``buffer_height_m``, ``buffer_minutes``; a notice that comes less than ``lead_minutes``
    before it begins is late; the ground beneath lies between ``ground_low_m`` and ``ground_high_m`` above the sea;
    ``footprint_size`` is a resolution of the H3 grid.
    """

    buffer_m: Annotated[int, Meta(ge=1, le=100_000)] = 10_000
    buffer_height_m: Annotated[int, Meta(ge=0, le=5_000)] = 300
    buffer_minutes: Annotated[int, Meta(ge=0, le=1_440)] = 15
    lead_minutes: Annotated[int, Meta(ge=0, le=10_080)] = 60
    ground_low_m: Annotated[int, Meta(ge=-500, le=9_000)] = -500
    ground_high_m: Annotated[int, Meta(ge=-500, le=9_000)] = 9_000
    footprint_size: Annotated[int, Meta(ge=2, le=5)] = 5


class Applies(Part, frozen=True, kw_only=True):
    """To what an article applies. A condition that is absent holds for everything; those present must all hold.

    ``territory``: ``member``, ``partner``, ``other`` (neither's), ``any``, or the code of one party.
    """

    kinds: tuple[str, ...]
    supports: tuple[str, ...] | None = None
    territory: str | None = None
    foreign_personnel: tuple[Personnel, ...] | None = None
    facility: tuple[Facility, ...] | None = None
    duration_days_over: Annotated[int, Meta(ge=0, le=INTEGER_MAX)] | None = None
    recipient: tuple[Recipient, ...] | None = None

    @property
    def narrowed(self) -> bool:
        """Whether the article looks at facts, and so does not hold for every request of its kinds."""
        facts = (self.foreign_personnel, self.facility, self.duration_days_over, self.recipient)
        return any(fact is not None for fact in facts)


class Follows(Part, frozen=True, kw_only=True):
    """What follows. ``consent`` names ``territory``, ``all`` or members' codes."""

    forbidden: bool = False
    consent: tuple[str, ...] = ()
    legal_review: bool = False
    site_review: bool = False
    second_person: bool = False


class Article(Part, frozen=True, kw_only=True):
    """One article: for people (``title``, ``text``, whose stand it is) and, where there is one, its machine part."""

    number: Annotated[int, Meta(ge=1, le=999)]
    title: Texts
    text: Texts
    attribution: Texts | None = None
    applies: Applies | None = None
    follows: Follows | None = None


class Charter(Part, frozen=True, kw_only=True):
    """The agreement of a centre, as ``parse_charter`` checked it; ``text`` is the TOML, to the byte.

    Two charters are the same charter when their texts are the same.
    """

    id: Id
    rules: int
    exercise: bool
    languages: tuple[str, ...]
    name: Texts
    disclaimers: tuple[Texts, ...]
    seat: Seat
    heartbeat_minutes: Annotated[int, Meta(ge=1, le=15)]
    quotas: Quotas
    officers: Officers = Officers()
    borders: Borders
    airspace: Airspace = Airspace()
    rotation: Rotation
    decisions: Decisions
    members: tuple[Member, ...]
    partners: tuple[Partner, ...] = ()
    support: tuple[Support, ...]
    handling: tuple[Handling, ...]
    articles: tuple[Article, ...]
    text: str

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def parties(self) -> tuple[Member | Partner, ...]:
        """The members, then the partners, in the charter's order."""
        return (*self.members, *self.partners)

    def member(self, code: str) -> Member | None:
        """The member of that code, if there is one."""
        return next((member for member in self.members if member.code == code), None)

    def partner(self, code: str) -> Partner | None:
        """The partner of that code, if there is one."""
        return next((partner for partner in self.partners if partner.code == code), None)

    def support_of(self, support_id: str) -> Support | None:
        """The kind of support of that id, if there is one."""
        return next((support for support in self.support if support.id == support_id), None)

    def article(self, number: int) -> Article | None:
        """The article of that number, if there is one."""
        return next((article for article in self.articles if article.number == number), None)

    def owner(self, territory: str) -> str | None:
        """The code of the member or partner whose *territory* (ISO alpha-3) it is; None: it is neither's."""
        return next((party.code for party in self.parties if party.territory == territory), None)
