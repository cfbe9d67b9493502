"""Answers as a server likes them: whole where they are small, in large pieces where they are not."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import IO

MEMORY_BYTES = 4_000_000  # a larger file waits on disk
PIECE_BYTES = 65_536


def gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of at least PIECE_BYTES: a small write each costs more than what it carries."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE_BYTES:
            yield b"".join(held)
            held.clear()
            size = 0
    if held:
        yield b"".join(held)


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces; the first is made now, so that an error comes before an answer has begun."""
    first = next(pieces, b"")
    return chain([first], pieces)


def written(write: Callable[[IO[bytes]], object]) -> Iterator[bytes]:
    """What `write` puts into a file, in pieces; it is held in memory up to MEMORY_BYTES, beyond in a temporary file.

    All is written before the first piece leaves, so that an error can still be answered as one.
    """
    with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as out:
        write(out)
        out.seek(0)
        while piece := out.read(PIECE_BYTES):
            yield piece
