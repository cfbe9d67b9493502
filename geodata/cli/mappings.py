"""What a person says of the columns of tables: options of `import`, presets, and questions asked at the terminal."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from geodata.contracts.tables import DATE_ORDERS, DECIMALS, ColumnMapping, Question, RowSource
from geodata.errors import UsageError, shown
from geodata.jobs import Item
from geodata.settings import Settings
from geodata.sources import ROW_IMPORTERS, format_of, open_rows
from geodata.sources.tables.presets import PresetBook
from geodata.sources.web import is_web_address

MAPPED = ("csv", "excel", "json")
"""Formats whose columns are anybody's; those of others are known."""


@dataclass(frozen=True, slots=True)
class Said:
    """The options as they were given."""

    columns: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    date_order: str | None = None
    decimal: str | None = None
    swap_lon_lat: bool | None = None
    crs: str = ""
    sheet: str = ""
    preset: str = ""
    save_preset: str = ""


def mapping_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options to a command, which gets them as `said`, a Said."""
    options = (
        click.option(
            "--map", "columns", multiple=True, metavar="FIELD=COLUMN", help="Which column means what; FIELD= for none."
        ),
        click.option("--date-order", type=click.Choice(list(DATE_ORDERS)), default=None, help="Of dates as 3/4/2022."),
        click.option("--decimal", type=click.Choice(list(DECIMALS)), default=None, help="Of coordinates as 48,5."),
        click.option("--swap-lon-lat/--no-swap-lon-lat", default=None, help="The two columns are the wrong way round."),
        click.option("--crs", default="", metavar="EPSG:N", help="Coordinate system, where it is not WGS84."),
        click.option("--sheet", default="", help="Which sheet of a workbook."),
        click.option(
            "--answer", "answers", multiple=True, metavar="KEY=VALUE", help="Answer a question of the importer."
        ),
        click.option("--preset", default="", metavar="NAME", help="Take the columns as they were kept under NAME."),
        click.option("--save-preset", default="", metavar="NAME", help="Keep how the columns were taken under NAME."),
    )

    @wraps(command)
    def collected(*args: Any, **given: Any) -> Any:
        said = Said(**{each.name: given.pop(each.name) for each in fields(Said)})
        return command(*args, said=said, **given)

    for option in reversed(options):
        collected = option(collected)
    return collected


def mapped(items: Sequence[Item], said: Said, settings: Settings, format_name: str = "") -> list[Item]:
    """The items; tables with the mapping that was said, kept or answered. UsageError for one that does not fit."""
    found = [_mapped(item, said, settings, format_name) for item in items]
    if said != Said() and not any(item.mapping for item in found):
        raise UsageError(f"no file here is a table whose columns can be mapped; accepted: {', '.join(MAPPED)}")
    return found


def _mapped(item: Item, said: Said, settings: Settings, format_name: str) -> Item:
    if is_web_address(item.place):
        return item
    path = Path(item.place)
    try:
        kind = format_of(path, item.name, format_name)
    except UsageError:
        return item  # told when it is read
    if kind not in ROW_IMPORTERS or (kind not in MAPPED and said == Said()):
        return item
    book = PresetBook(settings.data)
    asks = sys.stdin.isatty() and sys.stderr.isatty()
    if said == Said() and not asks and not book.list():
        return item
    source = open_rows(path, item.name, kind, _base(said))
    preset = book.get(said.preset) if said.preset else book.matching(source.columns)
    if preset:
        click.echo(f"{item.name}: columns are taken as in the preset {shown(preset.name)}", err=True)
    mapping = _merged(preset.mapping if preset else ColumnMapping(), said)
    if asks:
        source, mapping = _asked(path, item.name, kind, mapping)
    if said.save_preset:
        source = open_rows(path, item.name, kind, mapping)
        book.save(said.save_preset, source.columns, source.mapping)
        click.echo(f"{item.name}: its columns are kept as the preset {shown(said.save_preset)}", err=True)
    return replace(item, format=kind, mapping=mapping.to_json()) if mapping != ColumnMapping() else item


def _base(said: Said) -> ColumnMapping:
    """What is needed to see the columns of a table at all."""
    return ColumnMapping(sheet=said.sheet, columns=_columns(said.columns))


def _merged(mapping: ColumnMapping, said: Said) -> ColumnMapping:
    """A preset's mapping with what was said now, which wins."""
    answers = dict(_pairs("--answer", "KEY=VALUE", said.answers))
    given: dict[str, Any] = {
        name: value
        for name in ("date_order", "decimal", "crs", "sheet", "swap_lon_lat")
        if (value := getattr(said, name)) not in ("", None)
    }
    mapping = replace(mapping, columns={**mapping.columns, **_columns(said.columns)}, **given)
    return mapping.answered(answers) if answers else mapping


def _columns(given: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for field, column in _pairs("--map", "FIELD=COLUMN", given):
        found[field] = (*found.get(field, ()), column) if column else ()
    return found


def _pairs(option: str, form: str, given: Sequence[str]) -> list[tuple[str, str]]:
    pairs = []
    for text in given:
        name, mark, value = text.partition("=")
        if not mark or not name.strip():
            raise UsageError(f"{option} {shown(text)} is not {form}")
        pairs.append((name.strip(), value.strip()))
    return pairs


def _asked(path: Path, name: str, kind: str, mapping: ColumnMapping) -> tuple[RowSource, ColumnMapping]:
    """The source with every question answered by the person at the terminal."""
    source = open_rows(path, name, kind, mapping)
    while source.questions:
        question = source.questions[0]
        mapping = mapping.answered({question.key: _answer(name, question)})
        source = open_rows(path, name, kind, mapping)
    return source, mapping


def _answer(name: str, question: Question) -> str:
    click.echo(f"{name}: {question.text}", err=True)
    for option in question.options:
        click.echo(f"  {option.value:<6} {option.label} ({option.example})", err=True)
    kind = click.Choice([option.value for option in question.options]) if question.options else None
    found: str = click.prompt("  answer", type=kind, default=None, err=True)
    return found
