"""What the protection desk shows: sites by name, incidents, where a thread stands, and both on the map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from tansiq.cell.registers import ActRow
from tansiq.cell.views import Feature, Layer, Look, Need, Offer, Panel, Sentence, Showing, View
from tansiq.desks.protection import following
from tansiq.desks.protection.acts import CATEGORIES, Acknowledgement, Category, Site, SiteChange
from tansiq.desks.protection.incident import Incident
from tansiq.desks.protection.register import SiteRow
from tansiq.geo import geojson

CATEGORY_TITLES: Mapping[Category, str] = {
    "hospital": "Hospital", "school": "School", "worship": "Place of worship", "heritage": "Cultural heritage",
    "camp": "Camp of displaced people", "aid": "Relief organisation", "water": "Dam or waterworks",
    "power": "Power plant", "mission": "Diplomatic mission", "airport": "Airport", "crossing": "Border crossing",
    "other": "Other site",
}
assert tuple(CATEGORY_TITLES) == CATEGORIES
_BOX_DEGREES_MAX = 6
_AROUND_DEGREES = 3


class Sites(msgspec.Struct, frozen=True):
    """All sites by name, without their places; ``sentence`` says how many this member has not taken note of."""

    sentence: Sentence
    sites: tuple[SiteRow, ...]


class SiteStanding(msgspec.Struct, frozen=True):
    """Who has taken note of a site since when (UTC ms), and who has not."""

    category: Category
    known: dict[str, int]
    unknown: tuple[str, ...]


class Standing(msgspec.Struct, frozen=True):
    """Where a thread of this desk stands, in one sentence; it is about a ``site`` or about an ``incident``."""

    sentence: Sentence
    site: SiteStanding | None
    incident: following.IncidentStanding | None


def show_sites(look: Look) -> Sites:
    """All sites by name, of one author if asked."""
    count, _, _ = look.ask("protection", "unacknowledged", member=look.member, now=look.now)
    left = {"who": look.member, "count": count}
    sentence = (Sentence("Protected sites that {who} has not taken note of: {count}.", left) if count
                else Sentence("{who} has taken note of every protected site.", {"who": look.member}))
    return Sites(sentence, tuple(look.ask("protection", "sites", author=look.params.get("author") or None)))


def show_standing(look: Look, rows: Sequence[ActRow]) -> Standing | None:
    """Where an incident stands; or who knows a site as it was told last."""
    if isinstance(rows[0].act, Incident):
        incident = following.panel(look, rows) if rows[0].void is None else None
        return None if incident is None else Standing(incident.shown.sentence, None, incident)
    told = [row for row in rows if row.void is None and isinstance(row.act, Site | SiteChange)]
    if not told:
        return None
    latest = told[-1]
    known = {row.author: row.time for row in rows
             if row.void is None and isinstance(row.act, Acknowledgement) and row.index > latest.index}
    others = tuple(code for code in latest.release if code not in known and code != latest.author)
    sentence = (Sentence("{author} tells of this site; {others} have not taken note of it yet.",
                         {"author": latest.author, "others": others})
                if others else Sentence("Every member has taken note of this site.", {}))
    category = latest.act.category if isinstance(latest.act, Site | SiteChange) else "other"
    return Standing(sentence, SiteStanding(category, known, others), None)


def offers(look: Look, rows: Sequence[ActRow]) -> list[Offer]:
    """Its author may change a site, every other member take note of it, once for each time that it was told."""
    if isinstance(rows[0].act, Incident):
        return following.offers(look, rows) if rows[0].void is None else []
    first, standing = rows[0], show_standing(look, rows)
    if standing is None or standing.site is None or first.void is not None:
        return []
    if first.author == look.member:
        return [Offer(kind="site_change", to=first.id)]
    why = Sentence("{who} has taken note of this site already.", {"who": look.member})
    return [Offer(kind="acknowledgement", to=first.id, why=why if look.member in standing.site.known else None)]


def needs(look: Look) -> list[Need]:
    """One thing for all sites that wait for this member's acknowledgement; it opens the one that waits longest."""
    count, first, since = look.ask("protection", "unacknowledged", member=look.member, now=look.now)
    if first is None:
        return following.needs(look)
    row = look.act(first)
    sites = Need(sentence=Sentence("Protected sites that wait for your acknowledgement: {count}.", {"count": count}),
                 act=first, title=row.title, lang=row.lang, precedence="priority", since_ms=since)
    return [*following.needs(look), sites]


def footprints(look: Look) -> list[Feature]:
    """Coarse footprints, without names, of the sites in the box that is asked for, or within three degrees of the seat.

    No box is larger: sites are not exported in bulk.
    """
    seat = look.charter.seat.position
    lat, lon = seat.lat / 1e7, seat.lon / 1e7
    around = (lon - _AROUND_DEGREES, lat - _AROUND_DEGREES, lon + _AROUND_DEGREES, lat + _AROUND_DEGREES)
    box = _box(look.params["box"]) if "box" in look.params else around
    if box is None:
        return []
    found = look.ask("protection", "footprints", box=box, now=look.now)
    return [Feature(geometry=geojson(place), title=CATEGORY_TITLES[category], href=f"/acts/{site}", kind="site",
                    style="footprint", from_ms=since, until_ms=until)
            for site, category, place, since, until in found]


def _box(text: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north, where they span no more than six degrees."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    small = 0 <= east - west <= _BOX_DEGREES_MAX and 0 <= north - south <= _BOX_DEGREES_MAX
    return (west, south, east, north) if small else None


SHOWING = Showing(
    templates="tansiq.desks.protection",
    views=(View("sites", "Protected sites", "shield-check", "sites.html", Sites, show_sites, takes=("author",)),
           View("incidents", "Incidents", "alert-triangle", "incidents.html", following.Incidents, following.show,
                takes=("offset",))),
    panel=Panel("panel.html", Standing, show_standing),
    layers=(Layer("sites", "Protected sites", footprints), Layer("incidents", "Incidents", following.features)),
    needs=needs, dates=following.dates, offers=offers,
)
