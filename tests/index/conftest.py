"""Days are kept by group however few events there are, so that tests of small data go through what large data takes."""

from collections.abc import Iterator

import pytest

from geodata.index import summary


@pytest.fixture(autouse=True, scope="session")
def _days_kept() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(summary, "_ROWS_FOR_4_BYTES", 0)
        yield
