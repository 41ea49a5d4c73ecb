"""A fresh room for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.desks.support.room import Room


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the borders lie."""
    return tmp_path_factory.mktemp("ground")


@pytest.fixture
def room(folder: Path) -> Room:
    """A room in which nothing was said."""
    return Room(folder)
