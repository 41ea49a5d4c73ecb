"""What all tests share: how much Hypothesis tries, and what happens without a browser."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

# Derandomised: two runs of one commit give one verdict. The soak looks further, and differently each time.
settings.register_profile("house", deadline=None, derandomize=True, max_examples=60,
                          suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", deadline=None, max_examples=3_000, suppress_health_check=[HealthCheck.too_slow])

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
_NO_BROWSER = "no Chromium on this machine (script/bootstrap test says how to get it)"


def find_chromium() -> str | None:
    """Name the path of the Chromium that browser tests use, if the machine has one."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def pytest_configure(config: pytest.Config) -> None:
    """Choose how hard properties are tried, and talk to this machine alone, whatever proxy the surroundings name."""
    for name in [name for name in os.environ if name.lower() in {"http_proxy", "https_proxy", "all_proxy"}]:
        del os.environ[name]
    soak = "soak" in str(config.getoption("markexpr")).replace("not soak", "")
    settings.load_profile("soak" if soak else "house")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests first, since the longest are among them; where there is no browser skip them, saying so."""
    absent = find_chromium() is None
    for item in items:
        if absent and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=_NO_BROWSER))
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium; a test that asks for it is skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip(_NO_BROWSER)
    return path
