"""The first view in a browser with a cold cache, and what it loads; how the picture answers in software rendering."""

from __future__ import annotations

import gzip
import json
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench import trial
from bench.pages import fill
from bench.result import tell
from bench.serving import Floor, served
from tansiq.doors.web.assets import FOLDER
from tests.browser.conftest import FLAGS
from tests.browser.test_picture import FEATURES, answers, features
from tests.conftest import find_chromium

ACTS = 2_000
ROUNDS = 7
FIRST_VIEW_MS = 1_000.0
SCRIPTS_BYTES = 1_000_000.0
ANSWERED_MS = 100.0
_PAINTED = """() => new Promise(tell => new PerformanceObserver(seen => {
    const found = seen.getEntries().find(one => one.name === 'first-contentful-paint')
    if (found) tell(found.startTime)
}).observe({type: 'paint', buffered: true}))"""


def run() -> None:
    """Measure and tell: sizes, the first view, the picture with 10,000 features."""
    _sizes()
    with trial.centre() as opened:
        fill(opened, ACTS)
        code = trial.author(opened).code
        with served(opened) as floor, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            try:
                shown = [_first_view(browser, floor, code) for _ in range(ROUNDS)]
                tell("first_view/cold", statistics.median(shown), "ms", target=FIRST_VIEW_MS, target_is_most=True)
                codes = [member.code for member in opened.charter.members]
                for count, target in ((10, None), (FEATURES, ANSWERED_MS)):
                    _picture(browser, floor, codes, count=count, target=target)
            finally:
                browser.close()


def _sizes() -> None:
    """All scripts and sheets that a page with the picture loads, gzipped: what a reader of one direction gets."""
    manifest: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_bytes())
    files = {path for path in (FOLDER / "assets").iterdir() if path.suffix in (".js", ".mjs", ".css")}
    other = FOLDER / manifest["src/rtl.css"]["file"]
    total = sum(_gzipped(path) for path in files if path != other)
    tell("assets/scripts_and_sheets/gzipped", total, "B", target=SCRIPTS_BYTES, target_is_most=True)


def _gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


def _page(browser: Browser, floor: Floor, code: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=floor.address)
    context.add_cookies([{"name": "tansiq", "value": floor.sessions[code], "url": floor.address}])
    return context.new_page()


def _first_view(browser: Browser, floor: Floor, code: str) -> float:
    """From asking to the first contents painted, in a context that has nothing cached."""
    page = _page(browser, floor, code)
    page.goto("/", wait_until="load")
    painted = float(page.evaluate(_PAINTED))
    page.context.close()
    return painted


def _picture(browser: Browser, floor: Floor, codes: list[str], *, count: int, target: float | None) -> None:
    page = _page(browser, floor, codes[0])
    body = json.dumps(features(count, codes))
    page.route("**/map/acts.json*",
               lambda route: route.fulfill(status=200, content_type="application/json", body=body))
    page.goto("/")
    page.wait_for_selector("[data-map][data-ready]", timeout=60_000)
    page.wait_for_timeout(3_000)
    taken = sorted(answers(page))
    tell(f"picture/answered/{count}_features/p95", taken[int(len(taken) * 0.95)], "ms", target=target,
         target_is_most=True, primitives={"median_ms": statistics.median(taken)})
    page.context.close()
