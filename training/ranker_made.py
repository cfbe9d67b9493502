"""Rows made from the gazetteer itself: places as tables of the world name them, by size, and with slips of the pen.

The corpus of rows is of villages at war; with it alone "Paris" would be taken for any of its namesakes.
"""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from geodata.contracts import PlaceRow
from geodata.geocode.fold import fold
from training.ranker_rows import GoldRow

SEED = 21
_TOWNS = 4_000
_AREAS = 600
_NAMED_OTHERWISE = 0.3
_COUNTRY_SAID = 0.6
_AREA_SAID = 0.25
_SLIPS = 0.3
_SHORTEST_SLIP = 6
_KINDS = {"A.ADM1": ("province", "region", "state", "oblast"), "A.ADM2": ("district", "municipality", "county")}
_QUERY = """SELECT p.id, p.name, p.lon, p.lat, p.feature, p.population, p.country, coalesce(a.name, '')
    FROM places p LEFT JOIN places a ON a.id = p.admin1 AND a.id != p.id
    WHERE p.population > 0 AND (p.feature LIKE 'P.%' OR p.feature IN ('A.ADM1', 'A.ADM2')) ORDER BY p.place_id"""


def made_rows(gazetteer: Path) -> Iterator[GoldRow]:
    """Towns and areas, each the likelier to be drawn the more people it has (by the square root)."""
    dice = random.Random(SEED)  # noqa: S311  # the same rows each time
    db = sqlite3.connect(f"file:{gazetteer}?mode=ro", uri=True)
    try:
        countries = dict(db.execute("SELECT country, name FROM places WHERE precision = 'country'"))
        places = db.execute(_QUERY).fetchall()
        for areas, many in ((False, _TOWNS), (True, _AREAS)):
            heap = [place for place in places if place[4].startswith("A.") is areas]
            for place in dice.choices(heap, [place[5] ** 0.5 for place in heap], k=many):
                others = db.execute("SELECT fold FROM names WHERE place = ? AND kind = 1 ORDER BY fold", place[:1])
                yield _row(place, [name for (name,) in others if name.isascii()], countries, dice)
    finally:
        db.close()


def _row(place: tuple[object, ...], others: list[str], countries: dict[str, str], dice: random.Random) -> GoldRow:
    _, name, lon, lat, feature, _, country, area = place
    written = str(name)
    if others and dice.random() < _NAMED_OTHERWISE:
        written = dice.choice(others).title()
    if len(written) >= _SHORTEST_SLIP and dice.random() < _SLIPS:
        written = _slipped(written, dice)
    kinds = _KINDS.get(str(feature))
    if kinds and fold(written).split()[-1:] != [kinds[0]]:
        written = f"{written} {dice.choice(kinds)}"
    roll = dice.random()
    said = countries.get(str(country), "") if roll < _COUNTRY_SAID else ""
    admin1 = str(area) if roll < _AREA_SAID else ""
    row = PlaceRow(f"made:{place[0]}", written, admin1, "", said)
    return GoldRow(
        row, float(str(lon)), float(str(lat)), fold(str(name)), bool(kinds), said=2 if admin1 else bool(said)
    )


def _slipped(name: str, dice: random.Random) -> str:
    """One letter written otherwise, left out, doubled, or changed with its neighbour; never the first."""
    at = dice.randrange(1, len(name) - 1)
    letter, after = name[at], name[at + 1]
    wrong = dice.choice(["", letter * 2, after + letter, dice.choice("aeiourtnskl")])
    return name[:at] + wrong + name[at + (2 if len(wrong) == 2 and wrong[0] == after else 1) :]
