"""What the commands share: errors to exit codes, bad rows on stderr, progress only where someone watches."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from geodata.errors import GeodataError, UsageError
from geodata.settings import Settings

if TYPE_CHECKING:
    from geodata.workspace import DatelineWorkspace

T = TypeVar("T")
PROGRESS_S = 0.5


class Misused(click.ClickException):
    """Bad input: what click does not see itself."""

    exit_code = 2


class DatelineGroup(click.Group):
    """A group whose commands may raise GeodataError: a UsageError exits with 2, any other with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GeodataError as error:
            kind = Misused if isinstance(error, UsageError) else click.ClickException
            raise kind(str(error)) from error


class Run:
    """One run of a command: its settings, its workspace (opened when asked for), and how many rows were bad."""

    def __init__(self, data: Path | None = None) -> None:
        self._data = data
        self.bad_rows = 0

    @cached_property
    def settings(self) -> Settings:
        return Settings.from_environment(data=self._data)

    @cached_property
    def workspace(self) -> "DatelineWorkspace":
        from geodata.workspace import open_workspace  # loads most of Dateline: not for `--help` and `settings`

        return open_workspace(self.settings)

    def report(self, where: str, line: int, message: str) -> None:
        """One bad row, on stderr."""
        self.bad_rows += 1
        if not line and message.startswith(where):  # an error of a whole file names it itself
            click.echo(message, err=True)
            return
        place = f"{where}, line {line}" if line else where
        click.echo(f"{place}: {message}", err=True)

    def finish(self) -> None:
        """Closes what was opened; exits with 1 where rows were bad."""
        if "workspace" in self.__dict__:
            self.workspace.close()
        if self.bad_rows:
            rows = "row was" if self.bad_rows == 1 else "rows were"
            click.echo(f"{self.bad_rows} {rows} not taken as given; see above", err=True)
            raise click.exceptions.Exit(1)


def hint(stream: IO[bytes]) -> None:
    """Says that a command waits for its input where a person has given none."""
    if stream.isatty():
        click.echo("reading from the terminal; Ctrl-D ends the input, --help explains it", err=True)


def numbered_lines(stream: Iterable[bytes], run: Run, name: str, first: int = 1) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 stream that hold something, counted from `first`; those in another encoding are reported."""
    for number, line in enumerate(stream, first):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            run.report(name, number, f"not UTF-8 at byte {error.start}")
            continue
        if text.strip():
            yield number, text


def watched(items: Iterable[T], what: str, size: Callable[[T], int] = lambda _: 1) -> Iterator[T]:
    """The items as they are; where stderr is a terminal, a count of them that moves; `size` says how many one is."""
    if not sys.stderr.isatty():
        yield from items
        return
    shown_at, count = time.monotonic(), 0
    for item in items:
        yield item
        count += size(item)
        if time.monotonic() - shown_at > PROGRESS_S:
            shown_at = time.monotonic()
            click.echo(f"\r{count:,} {what} ", err=True, nl=False)
    click.echo(f"\r{count:,} {what}, done", err=True)
