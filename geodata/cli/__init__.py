"""`python -m geodata`: one group; the commands stand in the files beside this one.

Exit codes: 0 all went well; 1 something failed, or rows were bad (they are on stderr, the rest was done); 2 the command
or its input as a whole was wrong; 130 Ctrl-C stopped an import or `extract -o` (what was read is kept).
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click

from geodata.cli.common import DatelineGroup, Run

COMMANDS: Mapping[str, tuple[str, str]] = {
    "toponyms": ("streams", "toponyms_command"),
    "geocode": ("streams", "geocode_command"),
    "extract": ("extracting", "extract_command"),
    "import": ("importing", "import_command"),
    "imports": ("imports", "imports_command"),
    "undo": ("imports", "undo_command"),
    "export": ("record", "export_command"),
    "samples": ("record", "samples_command"),
    "gazetteer": ("setup", "gazetteer_group"),
    "choices": ("choices", "choices_group"),
    "tokens": ("tokens", "tokens_group"),
    "webhooks": ("webhooks", "webhooks_group"),
    "settings": ("setup", "settings_command"),
    "serve": ("setup", "serve_command"),
    "scheduler": ("cluster", "scheduler_command"),
    "worker": ("cluster", "worker_command"),
    "copy": ("copying", "copy_command"),
    "backup": ("upkeep", "backup_command"),
    "restore": ("upkeep", "restore_command"),
    "check": ("upkeep", "check_command"),
}
"""Command -> the module of it here and its name there: only what is asked for is loaded."""


class _Commands(DatelineGroup):
    """The group that loads a command when it is named, or all of them for `--help`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"geodata.cli.{module}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--data", type=click.Path(path_type=Path), help="Data folder, instead of DATELINE_DATA or ./data.")
@click.pass_context
def cli(context: click.Context, data: Path | None) -> None:
    """Dateline: dated, typed, located events out of news stories and tables.

    Rows go in by standard input and come out by standard output, in UTF-8; messages go to standard error.

    \b
    Example:
      python -m geodata import story.md events.csv
      python -m geodata export --type Battles --datetime 2022-02/2022-04 -o battles.geojson
    """
    context.obj = Run(data)


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    cli(prog_name="python -m geodata")
