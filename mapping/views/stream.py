"""An exporter writes to a file; a response is read piece by piece. This turns the one into the other.

A big answer waits in a temporary file, never whole in memory; errors come before the first byte.
"""

import tempfile
from collections.abc import Callable, Iterator
from typing import IO

MEMORY_BYTES = 4_000_000  # a larger answer waits on disk
PIECE_BYTES = 65_536


class Chunks:
    """What `write` puts out, in pieces: kept in memory up to MEMORY_BYTES, in a temporary file beyond."""

    def __init__(self, write: Callable[[IO[bytes]], object]) -> None:
        self._write = write

    def __iter__(self) -> Iterator[bytes]:
        with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as out:
            self._write(out)
            out.seek(0)
            while piece := out.read(PIECE_BYTES):
                yield piece
