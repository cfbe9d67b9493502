"""A new store of each kind: most of what a store promises is promised by all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.contracts import EventStore
from geodata.store import open_store
from tests.stores import KINDS, new_store


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with new_store(request.param, tmp_path) as address:
        yield address


@pytest.fixture
def store(url: str) -> Iterator[EventStore]:
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=KINDS)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventStore]:
    """For property tests, which empty it themselves: making a store for each example would be slow."""
    with new_store(request.param, tmp_path_factory.mktemp("shared")) as address:
        opened = open_store(address)
        yield opened
        opened.close()
