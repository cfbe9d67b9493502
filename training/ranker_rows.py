"""The rows of the geocoding corpus, as they are and with less and less said of where they lie."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from geodata.contracts import PlaceRow
from geodata.geocode.fold import fold

CORPUS = "geocode_dev.csv"


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A row and lon, lat of its place. `group` is the folded place name: rows of one name stay in one fold."""

    row: PlaceRow
    lon: float
    lat: float
    group: str
    is_area: bool
    """Whether the corpus puts it at the middle of an area (UCDP's where_prec 3 and 4)."""
    said: int = 3
    """How much the row says: 3 all, 2 without the second level area, 1 the country alone, 0 the bare name."""

    @property
    def key(self) -> str:
        return self.row.row_id


def read_rows(corpora: Path) -> list[GoldRow]:
    """Every row, once each way its place, areas and country are written."""
    seen: dict[tuple[str, ...], GoldRow] = {}
    with (corpora / CORPUS).open(encoding="utf-8", newline="") as lines:
        for item in csv.DictReader(lines):
            row = PlaceRow(item["id"], item["place_text"], item["admin1"], item["admin2"], item["country"])
            gold = GoldRow(
                row,
                float(item["lon"]),
                float(item["lat"]),
                fold(row.place),
                item["precision"] in ("where_prec=3", "where_prec=4"),
            )
            seen.setdefault((row.place, row.admin1, row.admin2, row.country), gold)
    return list(seen.values())


def with_less(rows: list[GoldRow]) -> Iterator[GoldRow]:
    """Each row as it is, and as tables with fewer columns would have it."""
    for gold in rows:
        yield gold
        yield replace(gold, row=replace(gold.row, admin2=""), said=2)
        yield replace(gold, row=replace(gold.row, admin1="", admin2=""), said=1)
        yield replace(gold, row=replace(gold.row, admin1="", admin2="", country=""), said=0)
