"""Take the pictures in this folder: a fresh demonstration, its story told to the end, read by members' officers."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run"]
READY_WITHIN_S = 120.0
PICTURES: tuple[tuple[str, str, str, str], ...] = (
    ("home-en", "IQ-releaser", "en", "/"),
    ("requests-fa", "IR-releaser", "fa", "/desks/support/requests"),
    ("thread-ar", "IQ-consenter", "ar", "request"),
    ("compose-ru", "RU-releaser", "ru", "/desks/intelligence/say/report"),
    ("press-en", "RU-releaser", "en", "/desks/press/statements"),
    ("coverage-ru", "RU-releaser", "ru", "/desks/reconnaissance/coverage"),
)
"""Name, officer, language and address; ``request`` is the thread of the first request that the officer can read."""


def main() -> int:
    """Serve, wait until the story is told, take each picture, and stop."""
    chromium = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    if chromium is None:
        print("no Chromium here (Debian: apt-get install chromium)", file=sys.stderr)
        return 1
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen([sys.executable, "-c", "from tansiq.doors.cli import main; main()", "serve", "--data",
                                   folder, "--charter", str(ROOT / "charters/baghdad.toml"), "--port",
                                   base.rpartition(":")[2]], cwd=ROOT)
        try:
            _until_told(base)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
                for name, officer, lang, path in PICTURES:
                    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
                    _take(page, base, (officer, lang, path), HERE / f"{name}.png")
                browser.close()
        finally:
            server.terminate()
            server.wait()
    return 0


def _until_told(base: str) -> None:
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end:
        try:
            told: dict[str, Any] = httpx.get(f"{base}/healthz").json()
            if told["story"] is None and told["size"] > 50:
                return
        except httpx.HTTPError:
            pass  # it is not listening yet
        time.sleep(0.5)
    raise TimeoutError("the demonstration was not told in time")


def _take(page: Page, base: str, of: tuple[str, str, str], file: Path) -> None:
    officer, lang, path = of
    page.goto(f"{base}/enter?lang={lang}")
    page.locator(f'button[name="officer"][value="{officer}"]').click()
    page.wait_for_load_state()
    if path == "request":
        page.goto(f"{base}/desks/support/requests?lang={lang}")
        path = page.locator("a[data-main]").nth(1).get_attribute("href") or "/"
    page.goto(f"{base}{path}?lang={lang}")
    page.wait_for_timeout(3_000)
    page.screenshot(path=file)


if __name__ == "__main__":
    sys.exit(main())
