"""Fixtures that several folders share: a workspace over a temporary store with the seeded events, and its site."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from geodata.contracts import Workspace
from geodata.settings import Settings
from geodata.workspace import open_workspace
from tests.seeded import seed


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Workspace]:
    """A real workspace over a temporary SQLite store that holds tests/seeded.py's events."""
    settings = Settings(data=tmp_path / "data", max_upload_bytes=100_000)
    settings.data.mkdir()
    seed(settings.store_url)
    workspace = open_workspace(settings)
    yield workspace
    workspace.close()


@pytest.fixture
def app(seeded: Workspace) -> Flask:
    return create_app(workspace=seeded)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
