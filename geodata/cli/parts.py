"""Output that a long command can be broken off from and gone on with: FILE.part, and beside it how far it came.

FILE itself only ever holds what is finished. The mark of the input (its lines so far and their hash) says that the
same input is given again.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from geodata.errors import UsageError


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an input was read: its lines, and the hash of them all."""

    lines: int = 0
    sha256: str = sha256().hexdigest()


class MarkedLines:
    """The lines of a stream, counted and hashed as they are taken."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = iter(stream)
        self._lines = 0
        self._hash = sha256()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        line = next(self._stream)
        self._lines += 1
        self._hash.update(line)
        return line

    @property
    def mark(self) -> Mark:
        """All that was taken so far."""
        return Mark(self._lines, self._hash.hexdigest())

    def skip(self, done: Mark) -> None:
        """Passes over what was done before. UsageError where the input is another one."""
        for _ in range(done.lines):
            if next(self, None) is None:
                break
        if self.mark != done:
            raise UsageError(
                f"the input is not the one that was begun with: its first {done.lines:,} lines differ. "
                "Give the same one, or leave out --resume to begin again"
            )


class PartFile:
    """The unfinished output of a command. Use as a context: left without an error it becomes the file itself."""

    def __init__(self, target: Path, resume: bool) -> None:
        """UsageError where it cannot be written. With `resume` it goes on after what was written before."""
        self._target = target
        self._part = target.with_name(f"{target.name}.part")
        self._journal = target.with_name(f"{target.name}.part.json")
        self.done = Mark()
        written = 0
        if resume and self._journal.exists() and self._part.exists():
            self.done, written = _read_journal(self._journal)
        try:
            self._out = self._part.open("r+b" if written else "wb")
            self._out.truncate(written)  # lines of stories that were not all written when it broke off
            self._out.seek(written)
        except OSError as error:
            raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error

    @staticmethod
    def is_finished(target: Path) -> bool:
        """Whether there is nothing to go on with: the file is there, and no part of it is."""
        return target.exists() and not target.with_name(f"{target.name}.part").exists()

    def __enter__(self) -> "PartFile":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._out.close()
        if kind is None:
            self._part.replace(self._target)
            self._journal.unlink(missing_ok=True)

    def write(self, lines: Iterable[str], done: Mark) -> None:
        """Lines that are whole stories', and the mark behind the last of them."""
        self._out.write("".join(f"{line}\n" for line in lines).encode())
        self._out.flush()
        os.fsync(self._out.fileno())  # the journal must not know more than the disk
        said = {"lines": done.lines, "sha256": done.sha256, "bytes": self._out.tell()}
        fresh = self._journal.with_name(f"{self._journal.name}.new")
        fresh.write_text(json.dumps(said), encoding="utf-8")
        fresh.replace(self._journal)


def _read_journal(path: Path) -> tuple[Mark, int]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Mark(int(said["lines"]), str(said["sha256"])), int(said["bytes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} cannot be read ({error}): leave out --resume to begin again") from error
