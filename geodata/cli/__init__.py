"""`python -m geodata`: one group; the commands stand in streams.py, record.py and setup.py beside this file.

Exit codes: 0 all went well; 1 something failed, or rows were bad (they are on stderr, the rest was done); 2 the command
or its input as a whole was wrong; 130 Ctrl-C stopped an import (what was read is kept).
"""

import sys
from pathlib import Path

import click

from geodata.cli.choices import choices_group
from geodata.cli.common import DatelineGroup, Run
from geodata.cli.importing import import_command
from geodata.cli.record import export_command, samples_command
from geodata.cli.setup import gazetteer_group, serve_command, settings_command
from geodata.cli.streams import extract_command, geocode_command, toponyms_command


@click.group(cls=DatelineGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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


for command in (
    toponyms_command,
    geocode_command,
    extract_command,
    import_command,
    export_command,
    samples_command,
    gazetteer_group,
    choices_group,
    settings_command,
    serve_command,
):
    cli.add_command(command)


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    cli(prog_name="python -m geodata")
