"""What browsers load: the sheet, the scripts, the fonts and the world, as Vite built them, read from one manifest."""

from __future__ import annotations

import gzip
import json
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from tansiq.errors import Malformed, Unavailable

FOLDER = Path(__file__).parent / "static"
_TEXT = (".css", ".js", ".mjs", ".json")
_SVG = '<svg class="icon{more}" viewBox="0 0 24 24" aria-hidden="true">{drawing}</svg>'


class Served(NamedTuple):
    """One file as it is answered; *lasting* files have a hash in their name and never change."""

    body: bytes
    media_type: str
    gzipped: bool
    lasting: bool


class Assets:
    """The built files under *folder*, which never change while the program runs."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._manifest: dict[str, Any] = _read(folder / "manifest.json")
        self._icons: dict[str, str] = _read(folder / "icons.json")
        self.file = cache(self._file)

    def url(self, entry: str) -> str:
        """Address of what was built from *entry* (``src/floor.ts``)."""
        return "/static/" + str(self._manifest[entry]["file"])

    def sheets(self, entry: str) -> list[str]:
        """Addresses of the sheets that a script brings along."""
        return ["/static/" + str(name) for name in self._manifest[entry].get("css", ())]

    def icon(self, name: str, *, turns: bool = False) -> Markup:
        """Draw a Tabler icon; one that does not exist is drawn as a plain circle. *turns* mirrors it right to left."""
        drawing = self._icons.get(name) or self._icons["circle"]
        return Markup(_SVG.format(more=" turns" if turns else "", drawing=drawing))

    def json(self, name: str) -> Any:
        """A built JSON file, read."""
        return _read(self._folder / name)

    def _file(self, name: str, gzipped: bool) -> Served:
        path = (self._folder / name.lstrip("/")).resolve()
        if not path.is_relative_to(self._folder.resolve()) or not path.is_file():
            raise Malformed("address.unknown", "There is nothing at this address.")
        body, squeeze = path.read_bytes(), gzipped and path.suffix in _TEXT
        kind = "text/javascript" if path.suffix == ".mjs" else mimetypes.guess_type(path.name)[0]
        return Served(gzip.compress(body, 6) if squeeze else body, kind or "application/octet-stream", squeeze,
                      path.parent.name == "assets")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise Unavailable("web.unbuilt", "The pages are not built: run script/bootstrap, then start again.") from error
