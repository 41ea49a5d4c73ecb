"""What the reconnaissance desk shows: the picture at any moment, the tracks, who watches and where nobody does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tansiq.cell.registers import ActRow
from tansiq.cell.views import Date, Feature, Layer, Look, Need, Offer, Panel, Sentence, Showing, View
from tansiq.desks.reconnaissance import picture, watching
from tansiq.desks.reconnaissance.acts import Coverage, Means, Watch

MEANS_TITLES: Mapping[Means, str] = {
    "post": "A post on the ground", "patrol": "A patrol", "aircraft": "A crewed aircraft",
    "uncrewed": "An uncrewed aircraft", "satellite": "A satellite", "camera": "A camera", "radio": "Radio listening",
    "people": "Told by people", "other": "Other means",
}
WATCH_TITLES: Mapping[Watch, str] = {"kept": "We watch it", "asked": "It should be watched"}


def offers(look: Look, rows: Sequence[ActRow]) -> list[Offer]:
    """Who said it may tell it again; a coverage that asks may be answered by a watch of one's own."""
    first = rows[0]
    if first.void is not None:
        return []
    return [Offer(kind=first.kind, to=first.id)] if first.author == look.member else []


def needs(look: Look) -> list[Need]:
    """Sectors that nobody watches now, or that this member's own watch leaves within the hour."""
    return watching.needs(look)


def dates(look: Look) -> list[Date]:
    """Every watch that stands, from its beginning to its end."""
    found = []
    for row in watching.standing(look, since=look.now - watching.BEHIND_MS, until=look.now + watching.AHEAD_MS_MAX):
        assert isinstance(row.act, Coverage)
        sentence = (Sentence("{author} watches {sector}.", {"author": row.author, "sector": row.act.sector})
                    if row.act.watch == "kept" else
                    Sentence("{author} asks that {sector} be watched.", {"author": row.author,
                                                                         "sector": row.act.sector}))
        found.append(Date(uid=row.thread, sentence=sentence, from_ms=row.act.begins, until_ms=row.act.ends,
                          act=row.id, place=row.act.sector))
    return found


def sightings_layer(look: Look) -> list[Feature]:
    """Sightings of the picture, each from when it was seen until it has faded."""
    return picture.features(look)


SHOWING = Showing(
    templates="tansiq.desks.reconnaissance",
    views=(
        View("picture", "Picture", "map-2", "picture.html", picture.Picture, picture.show, takes=picture.TAKES),
        View("coverage", "Coverage", "eye-check", "coverage.html", watching.Sectors, watching.show,
             takes=watching.TAKES),
        View("track", "Track", "route", "track.html", picture.Track, picture.show_track,
             takes=("name", *picture.TAKES)),
        View("geojson", "Sightings as GeoJSON", "file-code", "geojson.html", picture.Collection, picture.collection,
             takes=picture.TAKES),
    ),
    panel=Panel("panel.html", watching.Standing, watching.panel),
    layers=(
        Layer("coverage", "Coverage", watching.features),
        Layer("sightings", "Sightings", sightings_layer),
        Layer("tracks", "Tracks", picture.track_features),
    ),
    needs=needs, dates=dates, offers=offers,
)
