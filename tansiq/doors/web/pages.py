"""Pages: one environment of templates, the frame around each page, and the headers that every page has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from litestar import Request, Response
from litestar.datastructures import Cookie

from tansiq.acts import PRECEDENCES
from tansiq.doors.floor import Floor
from tansiq.doors.gate import csrf_of, found_at, secret_of, session_of, visit_cookie
from tansiq.doors.papers import Clerk
from tansiq.doors.web.assets import Assets
from tansiq.doors.web.frame import frame
from tansiq.doors.web.present import ROLE_TITLES, STANDING_TITLES, Member, kind_title, members_of
from tansiq.doors.web.reader import LANGUAGE_COOKIE, Reader, direction, isolated, reader_of
from tansiq.errors import Untrusted
from tansiq.geo.names import code_of_number
from tansiq.languages.isolates import show_controls
from tansiq.office import Officer

YEAR_S = 365 * 86_400
FORM_BYTES_MAX = 256 * 1024
AROUND_DEGREES = 4.5
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; "
          "connect-src 'self'; worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
HEADERS = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
           "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin",
           "Permissions-Policy": "camera=(), microphone=(), geolocation=(), publickey-credentials-get=(self), "
                                 "publickey-credentials-create=(self)"}


class Pages:
    """Renders templates for one floor. Holds no state of a request."""

    def __init__(self, floor: Floor, assets: Assets, *, hold_ms: int = 0) -> None:
        """*hold_ms*: how long what an officer says can be taken back before it is sealed."""
        self.floor = floor
        self.clerk = Clerk(floor, hold_ms=hold_ms)
        self.assets = assets
        self.members: Mapping[str, Member] = members_of(floor.charter)
        self._environment = Environment(
            loader=ChoiceLoader([PackageLoader("tansiq.doors.web"), PrefixLoader(_folders(floor))]), autoescape=True,
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self._environment.globals.update(
            assets=assets, icon=assets.icon, isolated=isolated, direction=direction, precedences=PRECEDENCES,
            ref=lambda text: isolated(text, "ref"), shown=_shown, members=self.members, charter=floor.charter,
            standing_titles=STANDING_TITLES, role_titles=ROLE_TITLES,
            choosing_officers=lambda: floor.sign_in.choosing, desks=tuple(desk for desk in floor.desks if not desk.hidden),
            kind_title=lambda kind: kind_title(floor.desks, kind), layers=floor.layers,
            form_bytes_max=FORM_BYTES_MAX, our_countries=self._ours, home_box=self._home_box, seat_point=self._seat_point)

        self._environment.tests["begins"] = str.startswith

    def _ours(self) -> str:
        """ISO 3166 numbers of the members' countries, for the map."""
        return ",".join(_numbers_of(self.assets, tuple(m.territory for m in self.floor.charter.members)))

    def _home_box(self) -> str:
        """West, south, east, north of the map where it has no act to show: around the seat."""
        seat = self.floor.charter.seat.position
        lat, lon = seat.lat / 1e7, seat.lon / 1e7
        west, south = max(lon - AROUND_DEGREES, -180), max(lat - AROUND_DEGREES, -85)
        return f"{west:.2f},{south:.2f},{min(lon + AROUND_DEGREES, 180):.2f},{min(lat + AROUND_DEGREES, 85):.2f}"

    def _seat_point(self) -> str:
        """Longitude and latitude of the seat, for the map."""
        seat = self.floor.charter.seat.position
        return f"{seat.lon / 1e7:.5f},{seat.lat / 1e7:.5f}"

    def reader(self, request: Request[Any, Any, Any]) -> Reader:
        """Who reads this request's page."""
        return reader_of(request, self.floor.charter, self.floor.now())

    def officer(self, request: Request[Any, Any, Any]) -> Officer | None:
        """Whose session this is, if there is one."""
        try:
            return found_at(request) or self.floor.session(session_of(request), looking=True)
        except Untrusted:
            return None

    def part(self, reader: Reader, template: str, **context: Any) -> str:
        """Render a piece of a page."""
        return self._environment.get_template(template).render(
            reader=reader, _=reader.say, n_=reader.many, **context)

    def page(self, request: Request[Any, Any, Any], template: str, *, status: int = 200,
             **context: Any) -> Response[str]:
        """Answer with a whole page in the reader's language, and remember the language."""
        reader, officer = self.reader(request), self.officer(request)
        secret, cookies = secret_of(request), []
        if not secret:
            # Nobody's page: its forms are bound to this visit, until a session begins.
            visit = visit_cookie(self.floor.sign_in)
            secret, cookies = visit.value or "", [visit]
        around = frame(self.floor, officer, reader, now_ms=self.floor.now())
        body = self.part(reader, template, officer=officer, frame=around, here=request.url.path,
                         csrf=csrf_of(secret), **context)
        cookie = Cookie(LANGUAGE_COOKIE, value=reader.lang, path="/", max_age=YEAR_S, samesite="strict", httponly=True)
        return Response(body, status_code=status, media_type="text/html; charset=utf-8",
                        headers={**HEADERS, "Content-Language": reader.lang}, cookies=[cookie, *cookies])

    def piece(self, request: Request[Any, Any, Any], template: str, **context: Any) -> Response[str]:
        """Answer with a piece that a script puts into a page."""
        text = self.part(self.reader(request), template, csrf=csrf_of(secret_of(request)), **context)
        return Response(text, media_type="text/html; charset=utf-8", headers=dict(HEADERS))


def _folders(floor: Floor) -> dict[str, BaseLoader]:
    """The templates of each desk that has some, under its name."""
    return {desk.name: PackageLoader(desk.showing.templates) for desk in floor.desks
            if desk.showing is not None and desk.showing.templates}


@lru_cache(maxsize=8)
def _numbers_of(assets: Assets, territories: tuple[str, ...]) -> tuple[str, ...]:
    numbers = [feature["properties"]["code"] for feature in assets.json("names.json")["features"]]
    return tuple(number for number in numbers if code_of_number(number) in territories)


def _shown(text: str) -> str:
    """Words as a person may trust them: what would turn or hide the text around them is made visible."""
    return show_controls(text)


def redirect(to: str, *cookies: Cookie) -> Response[None]:
    """Send the browser on with a GET (303)."""
    return Response(None, status_code=303, headers={"Location": to, "Cache-Control": "no-store"}, cookies=list(cookies))


def own_address(address: str) -> str:
    """An address of ours, or the first page: nobody is sent elsewhere."""
    plain = address.startswith("/") and not address.startswith("//") and address.isprintable() and address.isascii()
    return address if plain and "\\" not in address else "/"


__all__ = ["HEADERS", "YEAR_S", "Pages", "own_address", "redirect"]
